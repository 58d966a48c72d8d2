//! A middleware for reqwest-middleware's client.

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use retrospec::Outcome;
use tokio::time::sleep;

use super::errors;
use super::request::keep;
use crate::clock::Clock;
use crate::decide::decide;
use crate::{Attempted, RetryPolicy};

/// An error of reqwest is what it is without middleware. One of another middleware goes by what it wraps, and is
/// never retried if that is nothing known.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Reqwest(error) => error.outcome(),
            Self::Middleware(error) => errors::outcome(Some(error.as_ref()), false),
        }
    }
}

/// A middleware for [`reqwest_middleware::ClientBuilder::with`], which sends every request of the client
/// as often as the policy says.
///
/// The client below must not retry or redirect by itself, nor use a connection that was idle for long: see
/// [what a client does by itself](crate#what-a-client-does-by-itself), and the three lines of the example.
///
/// It sleeps by tokio's clock. The last response has the [`Stop`](retrospec::Stop) in its extensions;
/// errors pass as they are. The request is cloned once for each time it is sent; its body is not copied.
/// One that streams cannot be cloned, and is sent once.
///
/// Middleware that was added after it sees each attempt, all with the same extensions; before it, one
/// request.
///
/// ```no_run
/// use std::time::Duration;
///
/// use retrospec::Stop;
/// use retrospec_client::RetryMiddleware;
///
/// # async fn demo(chunk: Vec<u8>) -> reqwest_middleware::Result<()> {
/// let client = reqwest::Client::builder()
///     .retry(reqwest::retry::never())
///     .redirect(reqwest::redirect::Policy::none())
///     // Less than the server keeps an idle connection open.
///     .pool_idle_timeout(Duration::from_millis(500))
///     .build()?;
/// let client = reqwest_middleware::ClientBuilder::new(client)
///     .with(RetryMiddleware::new(memfault_status::policy()))
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

impl<P: RetryPolicy + Send + Sync + 'static> RetryMiddleware<P> {
    /// A middleware that goes by this policy.
    pub const fn new(policy: P) -> Self {
        Self { policy }
    }
}

#[async_trait]
impl<P: RetryPolicy + Send + Sync + 'static> Middleware for RetryMiddleware<P> {
    // Not the loop of `run_async`: its `send` cannot lend the extensions to each attempt in turn.
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let mut clock = Clock::start();
        let mut attempt = self.policy.policy().first_attempt();
        loop {
            let kept = keep(&self.policy, &request);
            let mut result = next.clone().run(request, extensions).await;
            let outcome = result.outcome().idempotent(kept.is_idempotent);
            match decide(&self.policy, &mut clock, attempt, outcome, || kept.again) {
                Ok((wait, again)) => {
                    drop(result);
                    attempt = wait.sleep_async(sleep).await;
                    request = again;
                }
                Err(stop) => {
                    if let Ok(response) = &mut result {
                        response.extensions_mut().insert(stop);
                    }
                    return result;
                }
            }
        }
    }
}
