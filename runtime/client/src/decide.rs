//! One decision: asks the engine and reports its answer.

use retrospec::{Attempt, Next, Outcome, RetryBehavior, StatusTable, Stop, Wait};

use crate::clock::Clock;
use crate::kept::{About, is_idempotent};
use crate::observe::observe;
use crate::{Answer, Decision, RetryPolicy};

/// Asks the engine and reports its answer to the hook.
#[inline]
pub(crate) fn decide<P: RetryPolicy>(
    policy: &P,
    clock: &Clock,
    attempt: Attempt<P::Table>,
    outcome: Outcome<'_>,
    request: &impl About,
) -> Result<Wait<P::Table>, Stop> {
    let code = outcome.code();
    let outcome = if may_be_retried::<P::Table>(&outcome) {
        clock.complete(outcome.idempotent(is_idempotent(policy, request)))
    } else {
        outcome
    };
    let next = match attempt.next(outcome) {
        Next::Retry(wait) => match request.refusal() {
            None => Ok(wait),
            Some(reason) => Err(wait.stop(reason)),
        },
        Next::Stop(stop) => Err(stop),
    };
    let decision = Decision {
        code,
        name: code.and_then(P::Table::name),
        answer: match &next {
            Ok(wait) => Answer::Retry(wait.save()),
            Err(stop) => Answer::Stop(*stop),
        },
    };
    observe(&decision, request);
    policy.on_decision(&decision);
    next
}

/// Returns whether clocks and random numbers may matter. For a success they do not.
#[inline]
fn may_be_retried<T: StatusTable>(outcome: &Outcome<'_>) -> bool {
    match outcome.code() {
        Some(_) => !matches!(
            T::behavior(&outcome.idempotent(true)),
            Ok(RetryBehavior::DoNotRetry)
        ),
        // The policy may replace what the table says about it.
        None => !outcome.is_failed(),
    }
}
