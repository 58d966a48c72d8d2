//! ureq: `run_with` in place of `run`.

use std::thread;
use std::time::Duration;

use http::{Request, Response};
use retrospec::Outcome;
use ureq::{Agent, AsSendBody, Body, Error, Timeout};

use super::request::keep;
use crate::driver::run;
use crate::start::Begun;
use crate::{Attempted, Finished, Slept, Start};

/// [`Error::StatusCode`] is a status, without its headers. A request counts as not sent if the connection was
/// refused or failed, or the host was not found. So does a timeout while resolving or connecting. Other
/// timeouts and I/O errors count as no response. Among them is a name that the standard library does not
/// find, which ureq does not distinguish.
///
/// Everything else is never retried: a bad URI or address, TLS, redirects, proxies, limits. So are response
/// headers beyond [`max_response_header_size`](ureq::config::ConfigBuilder::max_response_header_size). So is
/// an answer that is not HTTP, which ureq does not distinguish from a request that it refuses.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::StatusCode(code) => Outcome::status(*code),
            Self::Io(error) => error.outcome(),
            Self::HostNotFound
            | Self::ConnectionFailed
            | Self::Timeout(Timeout::Resolve | Timeout::Connect) => Outcome::not_sent(),
            Self::Timeout(_) => Outcome::no_response(),
            _ => Outcome::failed(),
        }
    }
}

/// A body that is the same each time it is sent: bytes and strings. A reader, such as a file, is already
/// consumed when a retry is sent, so it does not compile:
///
/// ```compile_fail
/// use retrospec_client::RunWith;
///
/// let file = std::fs::File::open("chunk").unwrap();
/// let request = http::Request::post("https://chunks.memfault.com/api/v0/chunks/TESTSERIAL");
/// let request = request.body(&file).unwrap();
/// let finished = ureq::agent().run_with(request, memfault_status::policy());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not be the same when it is sent again",
    note = "pass bytes or a string; to read the body anew for each attempt, use `retry` with a closure"
)]
pub trait ReplayBody: AsSendBody + Clone {}

impl ReplayBody for () {}
impl ReplayBody for &[u8] {}
impl<const N: usize> ReplayBody for &[u8; N] {}
impl ReplayBody for Vec<u8> {}
impl ReplayBody for &Vec<u8> {}
impl ReplayBody for &str {}
impl ReplayBody for String {}
impl ReplayBody for &String {}

/// Adds `run_with`, which is [`Agent::run`] with retries.
///
/// ```
/// use std::time::Duration;
///
/// use retrospec_client::RunWith;
/// use ureq::{Agent, http::Request};
///
/// fn upload(agent: &Agent, url: &str, chunk: &[u8]) -> Result<u16, ureq::Error> {
///     let request = Request::post(url).body(chunk)?;
///     let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600));
///     let finished = agent.run_with(request, policy);
///     Ok(finished.result?.status().as_u16())
/// }
/// # use retrospec_conformance::{Reply, Script, Server};
/// # let busy = Reply::status(429).header("Retry-After", "0");
/// # let server = Server::start(Script::new(busy).then(Reply::status(202)));
/// # let code = upload(&ureq::agent(), &server.url("/"), b"chunk").unwrap();
/// # assert_eq!((code, server.requests().len()), (202, 2));
/// ```
///
/// # Set up the agent
///
/// By default, ureq follows redirects, which the policy does not see: see [what a client does by
/// itself](crate#what-a-client-does-by-itself). A first attempt may use a connection that the server is
/// closing, while each retry uses a new one. These lines leave 3xx to the table, and keep first attempts off
/// connections that were idle for long:
///
/// ```
/// use std::time::Duration;
///
/// let agent = ureq::Agent::config_builder()
///     .max_redirects(0)
///     // Less than the server keeps an idle connection open.
///     .max_idle_age(Duration::from_millis(500))
///     .build()
///     .new_agent();
/// ```
pub trait RunWith {
    /// Runs the request as often as the policy says, and sleeps between attempts with [`thread::sleep`].
    ///
    /// Every response is returned as a response, whatever
    /// [`http_status_as_error`](ureq::config::ConfigBuilder::http_status_as_error) says: an error would lose
    /// `Retry-After`. The request is cloned once for each time it is sent. Each retry is made on a new
    /// connection, and closes those to the same host that are idle in the agent's pool.
    ///
    /// A server may answer before it has read a large body, and then close the connection: ureq [loses that
    /// answer](crate#connections). With the header `Expect: 100-continue`, it waits for the answer before it
    /// sends the body. It waits for at most a second, unless
    /// [`timeout_await_100`](ureq::config::ConfigBuilder::timeout_await_100) is set.
    ///
    /// Timeouts in the agent's configuration apply to each attempt.
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) lets no retry start later, but does not abort an
    /// attempt that has started.
    fn run_with<B: ReplayBody>(
        &self,
        request: Request<B>,
        policy: impl Start,
    ) -> Finished<Result<Response<Body>, Error>> {
        self.run_with_sleep(request, policy, thread::sleep)
    }

    /// Like `run_with`, but sleeps with `sleep`, which can end the request: see [`Slept`].
    fn run_with_sleep<B: ReplayBody, S: Slept>(
        &self,
        request: Request<B>,
        policy: impl Start,
        sleep: impl FnMut(Duration) -> S,
    ) -> Finished<Result<Response<Body>, Error>>;
}

impl RunWith for Agent {
    fn run_with_sleep<B: ReplayBody, S: Slept>(
        &self,
        request: Request<B>,
        policy: impl Start,
        sleep: impl FnMut(Duration) -> S,
    ) -> Finished<Result<Response<Body>, Error>> {
        let request = self
            .configure_request(request)
            .http_status_as_error(false)
            .build();
        let send = |retry, request| {
            if retry == 0 {
                self.run(request)
            } else {
                self.run(on_a_new_connection(self, request))
            }
        };
        run(Begun::new(policy), request, keep, send, sleep)
    }
}

/// Configures a request to take no connection from the pool: the server may have closed it during the wait.
fn on_a_new_connection<B: ReplayBody>(agent: &Agent, request: Request<B>) -> Request<B> {
    let request = agent.configure_request(request);
    request.max_idle_age(Duration::ZERO).build()
}
