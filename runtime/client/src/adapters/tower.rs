//! A policy for tower's `Retry`.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::Extensions;
use retrospec::{Attempt, Outcome, Reason};
use tokio::time::{Sleep, sleep};
use tower::retry::{Policy, budget::Budget};

use super::request::{CloneRequest, is_idempotent, may_resend};
use crate::clock::Clock;
use crate::decide::decide;
use crate::kept::About;
use crate::slept::time_to_sleep;
use crate::{Attempted, RetryPolicy, errors};

/// A policy for [`tower::retry::Retry`], over any service whose requests can be cloned and whose responses
/// and errors are [`Attempted`]. Such services are hyper-util's client with the feature `hyper-util`, and
/// `reqwest::Client` with the feature `reqwest` or `reqwest-0-12`.
///
/// The client below must not retry or redirect by itself, nor use a connection that was idle for long. See
/// [what a client does by itself](crate#what-a-client-does-by-itself). For reqwest, `SendWith` shows the
/// lines. hyper-util's client needs two, against connections that were idle for long:
///
/// ```
/// use std::time::Duration;
///
/// use hyper_util::client::legacy::Client;
/// use hyper_util::rt::{TokioExecutor, TokioTimer};
///
/// # type Body = http_body_util::Full<bytes::Bytes>;
/// let client = Client::builder(TokioExecutor::new())
///     .pool_timer(TokioTimer::new())
///     // Less than the server keeps an idle connection open.
///     .pool_idle_timeout(Duration::from_millis(500))
///     .build_http::<Body>();
/// ```
///
/// It sleeps by tokio's clock. The last response has the [`Stop`](retrospec::Stop) in its extensions;
/// errors pass unchanged. A request that cannot be cloned (a stream) bypasses the policy: tower does not ask
/// it.
///
/// A layer outside the retry layer sees one call; one inside sees each attempt. So a timeout outside bounds
/// everything, waits included. A timeout inside bounds each attempt, and counts as no response. The table's
/// `transport` row or [`Policy::transport`](retrospec::Policy::transport) says whether that is retried. Put a
/// limit of concurrent requests inside: outside, it would be held during the waits.
///
/// ```
/// use std::time::Duration;
///
/// use retrospec_client::{Stop, TowerPolicy};
/// use tower::{BoxError, Service, ServiceBuilder, ServiceExt, retry::RetryLayer};
///
/// # async fn demo() -> Result<(), BoxError> {
/// # let client = tower::service_fn(|_: http::Request<String>| async {
/// #     Ok::<_, BoxError>(http::Response::builder().status(202).body(())?)
/// # });
/// let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600));
/// let mut service = ServiceBuilder::new()
///     .layer(RetryLayer::new(TowerPolicy::new(policy)))
///     .layer(tower::timeout::TimeoutLayer::new(Duration::from_secs(30)))
///     .service(client);
///
/// let url = "https://chunks.memfault.com/api/v0/chunks/TESTSERIAL";
/// let request = http::Request::post(url).body("chunk".to_owned())?;
/// let response = service.ready().await?.call(request).await?;
/// let stop = response.extensions().get::<Stop>();
/// println!("{}, {} retries", response.status(), stop.map_or(0, |stop| stop.retries));
/// # assert_eq!(stop.unwrap().retries, 0);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(demo()).unwrap();
/// ```
///
/// # Errors
///
/// The error of the service has an outcome, too. If layers box it, the first known error of the chain
/// decides. Features determine which errors are known: `hyper-util` for its client and hyper, `reqwest` for
/// reqwest. Enable the feature of the client below: an unknown error is never retried.
pub struct TowerPolicy<P: RetryPolicy> {
    policy: P,
    budget: Option<Arc<dyn Budget + Send + Sync>>,
    clock: Clock,
    /// The current attempt, or `None` after the last.
    attempt: Option<Attempt<P::Table>>,
}

impl<P: RetryPolicy> TowerPolicy<P> {
    /// Creates a policy for a [`RetryLayer`](tower::retry::RetryLayer).
    pub fn new(policy: P) -> Self {
        let (clock, attempt) = (
            Clock::start(&policy.policy()),
            policy.policy().first_attempt(),
        );
        Self {
            policy,
            budget: None,
            clock,
            attempt: Some(attempt),
        }
    }

    /// Asks tower's budget before each retry: a [`TpsBudget`](tower::retry::budget::TpsBudget), say. It
    /// bounds the retries of all requests together. If it refuses, the reason is
    /// [`BudgetSpent`](retrospec::Reason::BudgetSpent). Each 2xx response is a deposit.
    #[must_use]
    pub fn budget(self, budget: Arc<impl Budget + Send + Sync + 'static>) -> Self {
        Self {
            budget: Some(budget),
            ..self
        }
    }
}

/// Creates the policy for a new request: tower clones it for each one.
impl<P: RetryPolicy + Clone> Clone for TowerPolicy<P> {
    fn clone(&self) -> Self {
        Self {
            budget: self.budget.clone(),
            ..Self::new(self.policy.clone())
        }
    }
}

impl<P: RetryPolicy + fmt::Debug> fmt::Debug for TowerPolicy<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerPolicy")
            .field("policy", &self.policy)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl<P, Q, R, E> Policy<Q, R, E> for TowerPolicy<P>
where
    P: RetryPolicy,
    Q: CloneRequest,
    R: Attempted + HasExtensions,
    E: Attempted,
{
    type Future = Sleep;

    fn retry(&mut self, request: &mut Q, result: &mut Result<R, E>) -> Option<Sleep> {
        let attempt = self.attempt.take()?;
        let outcome = result.outcome();
        if let (Some(200..=299), Some(budget)) = (outcome.code(), &self.budget) {
            budget.deposit();
        }
        let kept = InService {
            policy: &self.policy,
            request: &*request,
            budget: self.budget.as_deref(),
        };
        match decide(&self.policy, &self.clock, attempt, outcome, &kept) {
            Ok(wait) => {
                let waiting = sleep(time_to_sleep(wait.duration()));
                self.attempt = Some(wait.into_attempt());
                Some(waiting)
            }
            Err(stop) => {
                if let Ok(response) = result {
                    response.extensions_mut().insert(stop);
                }
                None
            }
        }
    }

    /// Copies even a request that may not be retried: without a copy, tower would not ask.
    fn clone_request(&mut self, request: &Q) -> Option<Q> {
        request.try_clone()
    }
}

/// A request that tower keeps.
struct InService<'a, P, Q> {
    policy: &'a P,
    request: &'a Q,
    budget: Option<&'a (dyn Budget + Send + Sync)>,
}

impl<P: RetryPolicy, Q: CloneRequest> About for InService<'_, P, Q> {
    fn is_idempotent(&self) -> bool {
        is_idempotent(self.request)
    }

    fn refuse(&self) -> Option<Reason> {
        may_resend(self.policy, self.request).err().or_else(|| {
            let is_spent = self.budget.is_some_and(|budget| !budget.withdraw());
            is_spent.then_some(Reason::BudgetSpent)
        })
    }

    #[cfg(feature = "tracing")]
    fn target(&self) -> Option<crate::kept::Target> {
        Some(super::request::target(self.request))
    }
}

/// A response that can carry a [`Stop`](retrospec::Stop).
pub trait HasExtensions {
    /// Returns the extensions of the response.
    fn extensions_mut(&mut self) -> &mut Extensions;
}

impl<B> HasExtensions for http::Response<B> {
    fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }
}

#[cfg(feature = "reqwest")]
impl HasExtensions for reqwest::Response {
    fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }
}

#[cfg(feature = "reqwest-0-12")]
impl HasExtensions for reqwest_0_12::Response {
    fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions_mut()
    }
}

/// The error of layers that box it: see [`TowerPolicy`].
impl Attempted for Box<dyn Error + Send + Sync> {
    fn outcome(&self) -> Outcome<'_> {
        errors::outcome(Some(&**self), false)
    }
}
