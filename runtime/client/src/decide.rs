//! One decision: asks the engine and reports its answer.

use retrospec::{Attempt, Next, Outcome, RetryBehavior, StatusTable, Stop, Wait};

use crate::clock::Clock;
use crate::kept::About;
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
    let outcome = if depends_on_idempotency::<P::Table>(&outcome) {
        let is_idempotent = policy
            .is_idempotent()
            .unwrap_or_else(|| request.is_idempotent() || outcome.is_idempotent());
        outcome.idempotent(is_idempotent)
    } else {
        outcome
    };
    let outcome = if may_be_retried::<P::Table>(&outcome) {
        clock.complete(outcome)
    } else {
        outcome
    };
    let next = match attempt.next(outcome) {
        Next::Retry(wait) => match request.refuse() {
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
    observe(&decision, &outcome, request);
    policy.on_decision(&decision);
    next
}

/// Returns whether the table asks if the request is idempotent. Most do not, and it takes a look at the headers.
#[inline]
fn depends_on_idempotency<T: StatusTable>(outcome: &Outcome<'_>) -> bool {
    T::behavior(&outcome.idempotent(true)) != T::behavior(&outcome.idempotent(false))
}

/// Returns whether clocks and random numbers may matter. For a success they do not.
#[inline]
fn may_be_retried<T: StatusTable>(outcome: &Outcome<'_>) -> bool {
    match outcome.code() {
        Some(_) => T::behavior(outcome).is_ok_and(|found| found != RetryBehavior::DoNotRetry),
        // The policy may replace what the table says about it.
        None => !outcome.is_failed(),
    }
}
