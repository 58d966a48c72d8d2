//! The two loops, blocking and async. A request goes with its attempt, so a copy is made of it before,
//! unless it cannot or must not be sent again.

use std::time::Duration;

use retrospec::Next;

use crate::decision::{Clock, decide};
use crate::{Attempted, Finished, Retrying};

pub(crate) fn resend<P: Retrying, Q, R: Attempted>(
    retrying: &P,
    mut request: Q,
    copy: impl Fn(&Q) -> Option<Q>,
    mut send: impl FnMut(u32, Q) -> R,
    mut sleep: impl FnMut(Duration),
) -> Finished<R> {
    let mut clock = Clock::start();
    let mut attempt = retrying.policy().first_attempt();
    loop {
        let again = copy(&request);
        let result = send(attempt.retries(), request);
        match (
            decide(
                retrying,
                &mut clock,
                attempt,
                result.outcome(),
                again.is_some(),
            ),
            again,
        ) {
            (Next::Retry(wait), Some(again)) => {
                // Not to be held while waiting: a response may hold a connection.
                drop(result);
                attempt = wait.sleep(&mut sleep);
                request = again;
            }
            (Next::Retry(wait), None) => {
                let stop = wait.cannot_resend();
                return Finished { result, stop };
            }
            (Next::Stop(stop), _) => return Finished { result, stop },
        }
    }
}

pub(crate) async fn resend_async<P, Q, R, F, S>(
    retrying: &P,
    mut request: Q,
    copy: impl Fn(&Q) -> Option<Q>,
    mut send: impl FnMut(u32, Q) -> F,
    mut sleep: impl FnMut(Duration) -> S,
) -> Finished<R>
where
    P: Retrying,
    R: Attempted,
    F: Future<Output = R>,
    S: Future,
{
    let mut clock = Clock::start();
    let mut attempt = retrying.policy().first_attempt();
    loop {
        let again = copy(&request);
        let result = send(attempt.retries(), request).await;
        match (
            decide(
                retrying,
                &mut clock,
                attempt,
                result.outcome(),
                again.is_some(),
            ),
            again,
        ) {
            (Next::Retry(wait), Some(again)) => {
                // Not to be held while waiting: a response may hold a connection.
                drop(result);
                attempt = wait.sleep_async(&mut sleep).await;
                request = again;
            }
            (Next::Retry(wait), None) => {
                let stop = wait.cannot_resend();
                return Finished { result, stop };
            }
            (Next::Stop(stop), _) => return Finished { result, stop },
        }
    }
}
