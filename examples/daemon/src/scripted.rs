//! A server that answers as Memfault's does, and fails as it is told.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use memfault_status::Status;
use retrospec_client::{Answer, RetryOptions, SharedPolicy};
use retrospec_conformance::{Received, Reply, Script, Server};
use retrospec_test_support::memfault;

use crate::after;

/// The key that the server knows.
pub const PROJECT_KEY: &str = "0123456789abcdef0123456789abcdef";

/// The server, with a clock that only the waits of its [`policy`](Self::policy) advance.
#[derive(Debug)]
pub struct Scripted {
    server: Server,
    clock: Arc<Mutex<Duration>>,
    answers: Arc<Mutex<Vec<(Duration, u16)>>>,
}

/// A request, and the answer to it.
#[derive(Debug)]
pub struct Seen {
    /// When it came, by the server's clock.
    pub since: Duration,
    /// The status of the answer, or 0 if there was none.
    pub status: u16,
    /// The request.
    pub request: Received,
}

impl Scripted {
    /// Starts a server. It gives each of `failures` once, to the first request with that method and path.
    #[must_use]
    pub fn start(failures: impl IntoIterator<Item = (&'static str, Reply)>) -> Self {
        let clock = Arc::new(Mutex::new(Duration::ZERO));
        let answers = Arc::new(Mutex::new(Vec::new()));
        let mut failures: Vec<_> = failures.into_iter().collect();
        let mut api = memfault::Api::default();
        let script = Script::routes({
            let (clock, answers) = (Arc::clone(&clock), Arc::clone(&answers));
            move |request| {
                let asked = asked(request);
                let failure = failures.iter().position(|(of, _)| *of == asked);
                let reply = match failure {
                    Some(at) => failures.remove(at).1,
                    None if asked == "PATCH /api/v0/attributes" => Reply::status(202),
                    None => api.answer(request),
                };
                lock(&answers, |answers| {
                    answers.push((lock(&clock, |now| *now), reply.code()));
                });
                reply
            }
        });
        Self {
            server: Server::start(script),
            clock,
            answers,
        }
    }

    /// Returns the server's address, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url("")
    }

    /// Returns the policy of the daemon, which also advances the server's clock by each wait.
    #[must_use]
    pub fn policy(&self) -> SharedPolicy<Status> {
        let clock = Arc::clone(&self.clock);
        Arc::new(
            RetryOptions::new(after::policy()).on_decision(move |decision| {
                if let Answer::Retry(wait) = decision.answer {
                    lock(&clock, |now| *now += wait.duration);
                }
            }),
        )
    }

    /// Returns the requests so far, with their answers.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        let requests = self.server.requests();
        lock(&self.answers, |answers| {
            answers
                .iter()
                .zip(requests)
                .map(|(&(since, status), request)| Seen {
                    since,
                    status,
                    request,
                })
                .collect()
        })
    }
}

/// Formats as `8 s  202  PATCH /api/v0/attributes`, in columns.
impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (since, asked) = (self.since.as_secs(), asked(&self.request));
        write!(f, "{since:>4} s  {:>3}  {asked}", self.status)
    }
}

/// Returns the method and the path of a request.
fn asked(request: &Received) -> String {
    let path = request.target.split('?').next().unwrap_or_default();
    format!("{} {path}", request.method)
}

fn lock<T, R>(value: &Mutex<T>, use_it: impl FnOnce(&mut T) -> R) -> R {
    use_it(&mut value.lock().unwrap_or_else(PoisonError::into_inner))
}
