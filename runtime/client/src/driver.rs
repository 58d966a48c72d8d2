//! The two loops, blocking and async, for any closure and for adapters.

use std::time::Duration;

use retrospec::{Attempt, Reason, SavedWait, Stop};

use crate::clock::Clock;
use crate::decide::decide;
use crate::kept::Kept;
use crate::observe::Span;
use crate::slept::{is_ended, time_to_sleep};
use crate::start::Begun;
use crate::{Attempted, RetryPolicy, Slept, Start};

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
/// attempt. A sleep that returns [`ControlFlow::Break`](std::ops::ControlFlow::Break) ends the request; see [`Slept`].
pub fn retry<P: Start, R: Attempted, S: Slept>(
    policy: P,
    mut operation: impl FnMut(u32) -> R,
    sleep: impl FnMut(Duration) -> S,
) -> Finished<R> {
    let begun = Begun::new(policy);
    run(begun, (), |_, ()| (), |n, ()| operation(n), sleep)
}

/// Performs `operation` until the policy stops, and awaits `sleep` between attempts: `tokio::time::sleep` or
/// `smol::Timer::after`, say.
///
/// `operation` performs one whole attempt. Its argument is the number of the retry, or 0 for the first
/// attempt. Dropping the future at any point drops the current attempt or wait, and leaves nothing behind. To get the
/// last result back then, let the sleep return [`ControlFlow`](std::ops::ControlFlow); see [`Slept`].
///
/// ```
/// use retrospec_client::{Attempted, Outcome, retry_async};
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
pub fn retry_async<P, R, F, S>(
    policy: P,
    mut operation: impl FnMut(u32) -> F,
    sleep: impl FnMut(Duration) -> S,
) -> impl Future<Output = Finished<R>>
where
    P: Start,
    R: Attempted,
    F: Future<Output = R>,
    S: Future<Output: Slept>,
{
    let begun = Begun::new(policy);
    run_async(begun, (), |_, ()| (), move |n, ()| operation(n), sleep)
}

pub(crate) fn run<P: RetryPolicy, Q, K: Kept<Q>, R: Attempted, S: Slept>(
    begun: Begun<P>,
    mut request: Q,
    keep: impl Fn(&P, &Q) -> K,
    mut send: impl FnMut(u32, Q) -> R,
    mut sleep: impl FnMut(Duration) -> S,
) -> Finished<R> {
    let Begun {
        policy,
        wait,
        mut attempt,
    } = begun;
    let clock = Clock::start(&policy.policy());
    // There is no result yet that could come back, so the attempt after a resumed wait is made all the same.
    let is_ended = wait.is_some_and(|wait| is_ended(sleep(time_to_sleep(wait))));
    loop {
        let kept = keep(&policy, &request);
        let span = Span::new(&kept, attempt.retries());
        let result = span.in_scope(|| send(attempt.retries(), request));
        let again = match after(&policy, &clock, attempt, result, kept, span) {
            Ok(again) => again,
            Err(finished) => return finished,
        };
        (attempt, request) = (again.attempt, again.request);
        if is_ended {
            return again.canceled;
        }
        // Unless it may have to come back, the result is dropped before the wait: it may hold a connection.
        let held = S::hold(again.canceled);
        if let Some(finished) = sleep(time_to_sleep(again.wait)).ended(held) {
            return finished;
        }
    }
}

// This is not an `async fn`: what is captured is kept once in its future.
pub(crate) fn run_async<P, Q, K, R, F, S>(
    begun: Begun<P>,
    mut request: Q,
    keep: impl Fn(&P, &Q) -> K,
    mut send: impl FnMut(u32, Q) -> F,
    mut sleep: impl FnMut(Duration) -> S,
) -> impl Future<Output = Finished<R>>
where
    P: RetryPolicy,
    K: Kept<Q>,
    R: Attempted,
    F: Future<Output = R>,
    S: Future<Output: Slept>,
{
    let Begun {
        policy,
        wait,
        mut attempt,
    } = begun;
    async move {
        let clock = Clock::start(&policy.policy());
        let is_ended = match wait {
            Some(wait) => is_ended(sleep(time_to_sleep(wait)).await),
            None => false,
        };
        loop {
            let kept = keep(&policy, &request);
            let span = Span::new(&kept, attempt.retries());
            let result = span.around(send(attempt.retries(), request)).await;
            let (wait, canceled);
            Again {
                wait,
                attempt,
                request,
                canceled,
            } = match after(&policy, &clock, attempt, result, kept, span) {
                Ok(again) => again,
                Err(finished) => return finished,
            };
            if is_ended {
                return canceled;
            }
            let held = S::Output::hold(canceled);
            if let Some(finished) = sleep(time_to_sleep(wait)).await.ended(held) {
                return finished;
            }
        }
    }
}

/// A wait, and what follows it.
pub(crate) struct Again<T, Q, R> {
    pub(crate) wait: Duration,
    pub(crate) attempt: Attempt<T>,
    pub(crate) request: Q,
    /// What comes back if the wait is ended.
    canceled: Finished<R>,
}

/// Decides what follows an attempt.
// Apart from the loops, what is borrowed here takes no place in a future.
#[inline]
pub(crate) fn after<P: RetryPolicy, Q, K: Kept<Q>, R: Attempted>(
    policy: &P,
    clock: &Clock,
    attempt: Attempt<P::Table>,
    result: R,
    kept: K,
    span: Span,
) -> Result<Again<P::Table, Q, R>, Finished<R>> {
    let outcome = result.outcome();
    span.end(&outcome);
    let stop = match decide(policy, clock, attempt, outcome, &kept) {
        Ok(wait) => match kept.again() {
            Ok(request) => {
                let SavedWait {
                    retry,
                    duration,
                    waited,
                    ..
                } = wait.save();
                let stop = Stop {
                    reason: Reason::Canceled,
                    retries: retry.saturating_sub(1),
                    waited: waited.saturating_sub(duration),
                };
                return Ok(Again {
                    wait: duration,
                    attempt: wait.into_attempt(),
                    request,
                    canceled: Finished { result, stop },
                });
            }
            Err(reason) => wait.stop(reason),
        },
        Err(stop) => stop,
    };
    Err(Finished { result, stop })
}
