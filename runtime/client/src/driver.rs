//! The two loops, blocking and async, for any closure and for adapters.

use std::time::Duration;

use retrospec::{Reason, Stop};

use crate::clock::Clock;
use crate::decide::decide;
use crate::{Attempted, RetryPolicy, Start};

/// The last result, and why it was the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the last result may be a failure"]
pub struct Finished<R> {
    /// The result of the last attempt.
    pub result: R,
    /// Why it was the last, and how many retries it took.
    pub stop: Stop,
}

/// Performs `operation` until the policy stops, and calls `sleep` between attempts: `std::thread::sleep`,
/// say.
///
/// `operation` performs one whole attempt. Its argument is the number of the retry, or 0 for the first
/// attempt.
pub fn retry<P: Start, R: Attempted>(
    policy: P,
    mut operation: impl FnMut(u32) -> R,
    sleep: impl FnMut(Duration),
) -> Finished<R> {
    run(
        policy,
        (),
        |policy, ()| told(policy),
        |n, ()| operation(n),
        sleep,
    )
}

/// Performs `operation` until the policy stops, and awaits `sleep` between attempts: `tokio::time::sleep` or
/// `smol::Timer::after`, say.
///
/// `operation` performs one whole attempt. Its argument is the number of the retry, or 0 for the first
/// attempt. Dropping the future at any point drops the current attempt or wait, and leaves nothing behind.
///
/// ```
/// use retrospec::Outcome;
/// use retrospec_client::{Attempted, retry_async};
///
/// struct Response(u16);
///
/// impl Attempted for Response {
///     fn outcome(&self) -> Outcome<'_> {
///         Outcome::status(self.0)
///     }
/// }
///
/// async fn send() -> Response {
///     Response(202)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let finished = retry_async(memfault_status::policy(), |_retry| send(), tokio::time::sleep).await;
/// assert_eq!(finished.result.0, 202);
/// # });
/// ```
pub async fn retry_async<P, R, F, S>(
    policy: P,
    mut operation: impl FnMut(u32) -> F,
    sleep: impl FnMut(Duration) -> S,
) -> Finished<R>
where
    P: Start,
    R: Attempted,
    F: Future<Output = R>,
    S: Future,
{
    run_async(
        policy,
        (),
        |policy, ()| told(policy),
        |n, ()| operation(n),
        sleep,
    )
    .await
}

/// What is kept of a request that is about to be sent.
pub(crate) struct Kept<Q> {
    /// A copy to send again, or why there is none.
    pub(crate) again: Result<Q, Reason>,
    pub(crate) is_idempotent: bool,
}

/// A driver knows of its requests what the policy was told.
fn told(policy: &impl RetryPolicy) -> Kept<()> {
    Kept {
        again: Ok(()),
        is_idempotent: policy.is_idempotent().unwrap_or(false),
    }
}

pub(crate) fn run<P: Start, Q, R: Attempted>(
    start: P,
    mut request: Q,
    keep: impl Fn(&P::Policy, &Q) -> Kept<Q>,
    mut send: impl FnMut(u32, Q) -> R,
    mut sleep: impl FnMut(Duration),
) -> Finished<R> {
    let mut clock = Clock::start();
    let (policy, wait) = start.start();
    let mut attempt = match wait {
        Some(wait) => {
            clock.wait(wait.duration());
            wait.sleep(&mut sleep)
        }
        None => policy.policy().first_attempt(),
    };
    loop {
        let kept = keep(&policy, &request);
        let result = send(attempt.retries(), request);
        let outcome = result.outcome().idempotent(kept.is_idempotent);
        match decide(&policy, &mut clock, attempt, outcome, || kept.again) {
            Ok((wait, again)) => {
                // Drop it before the wait: a response may hold a connection.
                drop(result);
                attempt = wait.sleep(&mut sleep);
                request = again;
            }
            Err(stop) => return Finished { result, stop },
        }
    }
}

pub(crate) async fn run_async<P, Q, R, F, S>(
    start: P,
    mut request: Q,
    keep: impl Fn(&P::Policy, &Q) -> Kept<Q>,
    mut send: impl FnMut(u32, Q) -> F,
    mut sleep: impl FnMut(Duration) -> S,
) -> Finished<R>
where
    P: Start,
    R: Attempted,
    F: Future<Output = R>,
    S: Future,
{
    let mut clock = Clock::start();
    let (policy, wait) = start.start();
    let mut attempt = match wait {
        Some(wait) => {
            clock.wait(wait.duration());
            wait.sleep_async(&mut sleep).await
        }
        None => policy.policy().first_attempt(),
    };
    loop {
        let kept = keep(&policy, &request);
        let result = send(attempt.retries(), request).await;
        let outcome = result.outcome().idempotent(kept.is_idempotent);
        match decide(&policy, &mut clock, attempt, outcome, || kept.again) {
            Ok((wait, again)) => {
                // Drop it before the wait: a response may hold a connection.
                drop(result);
                attempt = wait.sleep_async(&mut sleep).await;
                request = again;
            }
            Err(stop) => return Finished { result, stop },
        }
    }
}
