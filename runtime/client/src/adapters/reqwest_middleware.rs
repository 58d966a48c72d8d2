//! A middleware for reqwest-middleware's client.

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use retrospec::Outcome;
use tokio::time::sleep;

use super::request::keep;
use crate::clock::Clock;
use crate::driver::after;
use crate::observe::Span;
use crate::slept::time_to_sleep;
use crate::{Attempted, Finished, RetryPolicy, errors};

/// An error of reqwest has the same outcome as without middleware. An error of another middleware has the
/// outcome of the error that it wraps. If that is unknown, it is never retried.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Reqwest(error) => error.outcome(),
            Self::Middleware(error) => errors::outcome(Some(error.as_ref()), false),
        }
    }
}

/// A middleware for [`reqwest_middleware::ClientBuilder::with`] that sends every request of the client as
/// often as the policy says.
///
/// The client below must not retry or redirect by itself, nor use a connection that was idle for long. See
/// [what a client does by itself](crate#what-a-client-does-by-itself), and the three lines in the example.
///
/// It sleeps by tokio's clock. The last response has the [`Stop`](retrospec::Stop) in its extensions; errors
/// pass unchanged. The request is cloned once for each time it is sent, without copying its body. A streaming
/// body cannot be cloned, so its request is sent only once.
///
/// Middleware that is added after it sees each attempt, all with the same extensions. Middleware that is
/// added before it sees one request.
///
/// ```no_run
/// use std::time::Duration;
///
/// use retrospec_client::{RetryMiddleware, Stop};
///
/// # async fn demo(chunk: Vec<u8>) -> reqwest_middleware::Result<()> {
/// let client = reqwest::Client::builder()
///     .retry(reqwest::retry::never())
///     .redirect(reqwest::redirect::Policy::none())
///     // Less than the server keeps an idle connection open.
///     .pool_idle_timeout(Duration::from_millis(500))
///     .build()?;
/// let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600));
/// let client = reqwest_middleware::ClientBuilder::new(client)
///     .with(RetryMiddleware::new(policy))
///     .build();
/// let url = "https://chunks.memfault.com/api/v0/chunks/TESTSERIAL";
/// let response = client.post(url).body(chunk).send().await?;
/// if let Some(stop) = response.extensions().get::<Stop>() {
///     println!("{}: {stop}", response.status());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RetryMiddleware<P> {
    policy: P,
}

impl<P: RetryPolicy + 'static> RetryMiddleware<P> {
    /// Creates a middleware with this policy.
    pub const fn new(policy: P) -> Self {
        Self { policy }
    }
}

#[async_trait]
impl<P: RetryPolicy + 'static> Middleware for RetryMiddleware<P> {
    // This is not `run_async`, whose `send` cannot lend the extensions to each attempt in turn.
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let policy = &self.policy;
        let clock = Clock::start(&policy.policy());
        let mut attempt = policy.policy().first_attempt();
        loop {
            let kept = keep(policy, &request);
            let span = Span::new(&kept, attempt.retries());
            let result = span.around(next.clone().run(request, extensions)).await;
            let wait;
            (wait, attempt, request) = match after(policy, &clock, attempt, result, kept, span) {
                Ok(again) => (again.wait, again.attempt, again.request),
                Err(Finished { mut result, stop }) => {
                    if let Ok(response) = &mut result {
                        response.extensions_mut().insert(stop);
                    }
                    return result;
                }
            };
            sleep(time_to_sleep(wait)).await;
        }
    }
}
