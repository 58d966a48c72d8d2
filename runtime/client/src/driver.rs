//! The two loops, blocking and async, for any closure and for adapters.

use std::time::Duration;

use retrospec::{Attempt, Reason, Stop, Wait};

use crate::clock::Clock;
use crate::decide::decide;
use crate::kept::Kept;
use crate::observe::Span;
use crate::slept::time_to_sleep;
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
/// attempt. Dropping the future at any point drops the current attempt or wait, and leaves nothing behind.
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
    S: Future,
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
    let mut is_canceled = wait.is_some_and(|wait| sleep(time_to_sleep(wait)).is_canceled());
    loop {
        let kept = keep(&policy, &request);
        let span = Span::new(&kept, attempt.retries());
        let result = span.in_scope(|| send(attempt.retries(), request));
        let again = match after(&policy, &clock, attempt, result, kept, span) {
            Ok(again) => again,
            Err(finished) => return finished,
        };
        // Unless it may have to come back, drop it before the wait: a response may hold a connection.
        let held = S::IS_CANCELABLE.then_some(again.result);
        is_canceled = is_canceled || sleep(time_to_sleep(again.wait.duration())).is_canceled();
        match held {
            Some(result) if is_canceled => {
                let stop = again.wait.stop(Reason::Canceled);
                return Finished { result, stop };
            }
            _ => {}
        }
        attempt = again.wait.into_attempt();
        request = again.request;
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
    S: Future,
{
    let Begun {
        policy,
        wait,
        mut attempt,
    } = begun;
    async move {
        let clock = Clock::start(&policy.policy());
        if let Some(wait) = wait {
            sleep(time_to_sleep(wait)).await;
        }
        loop {
            let kept = keep(&policy, &request);
            let span = Span::new(&kept, attempt.retries());
            let result = span.around(send(attempt.retries(), request)).await;
            let wait;
            (wait, attempt, request) = match after(&policy, &clock, attempt, result, kept, span) {
                // The result is dropped before the wait: a response may hold a connection.
                Ok(again) => (
                    again.wait.duration(),
                    again.wait.into_attempt(),
                    again.request,
                ),
                Err(finished) => return finished,
            };
            sleep(time_to_sleep(wait)).await;
        }
    }
}

/// A retry, and the result that it is for.
pub(crate) struct Again<T, Q, R> {
    pub(crate) wait: Wait<T>,
    pub(crate) request: Q,
    result: R,
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
                return Ok(Again {
                    wait,
                    request,
                    result,
                });
            }
            Err(reason) => wait.stop(reason),
        },
        Err(stop) => stop,
    };
    Err(Finished { result, stop })
}
