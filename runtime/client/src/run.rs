//! The two loops, blocking and async. A request goes with its attempt, so a copy is made of it before,
//! unless it cannot or must not be sent again.

use std::time::Duration;

use retrospec::Reason;

use crate::decision::{Clock, decide};
use crate::{Attempted, Finished, RetryPolicy, Start};

pub(crate) fn run<P: Start, Q, R: Attempted>(
    start: P,
    mut request: Q,
    copy: impl Fn(&P::Policy, &Q) -> Result<Q, Reason>,
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
        let again = copy(&policy, &request);
        let result = send(attempt.retries(), request);
        match decide(&policy, &mut clock, attempt, result.outcome(), || again) {
            Ok((wait, again)) => {
                // Not to be held while waiting: a response may hold a connection.
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
    copy: impl Fn(&P::Policy, &Q) -> Result<Q, Reason>,
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
        let again = copy(&policy, &request);
        let result = send(attempt.retries(), request).await;
        match decide(&policy, &mut clock, attempt, result.outcome(), || again) {
            Ok((wait, again)) => {
                // Not to be held while waiting: a response may hold a connection.
                drop(result);
                attempt = wait.sleep_async(&mut sleep).await;
                request = again;
            }
            Err(stop) => return Finished { result, stop },
        }
    }
}
