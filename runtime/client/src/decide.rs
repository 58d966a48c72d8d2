//! One decision: asks the engine and reports its answer.

use retrospec::{Attempt, Next, Outcome, Reason, StatusTable, Stop, Wait};

use crate::clock::Clock;
use crate::observe::observe;
use crate::{Answer, Decision, RetryPolicy};

/// Asks the engine and reports its answer to the hook. If the request should be retried, `again` returns what
/// to send, or why it cannot be sent.
pub(crate) fn decide<P: RetryPolicy, Q>(
    policy: &P,
    clock: &mut Clock,
    attempt: Attempt<P::Table>,
    outcome: Outcome<'_>,
    again: impl FnOnce() -> Result<Q, Reason>,
) -> Result<(Wait<P::Table>, Q), Stop> {
    let code = outcome.code();
    let next = match attempt.next(clock.complete(outcome)) {
        Next::Retry(wait) => match again() {
            Ok(again) => Ok((wait, again)),
            Err(reason) => Err(wait.stop(reason)),
        },
        Next::Stop(stop) => Err(stop),
    };
    let answer = match &next {
        Ok((wait, _)) => {
            clock.wait(wait.duration());
            Answer::Retry(wait.save())
        }
        Err(stop) => Answer::Stop(*stop),
    };
    let decision = Decision {
        code,
        name: code.and_then(P::Table::name),
        answer,
    };
    observe(&decision);
    policy.on_decision(&decision);
    next
}
