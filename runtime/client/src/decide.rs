//! One decision: asks the engine and reports its answer.

use retrospec::{Attempt, Next, Outcome, RetryBehavior, StatusTable, Stop, Wait};

use crate::clock::Clock;
use crate::kept::{Kept, is_idempotent};
use crate::observe::Observer;
use crate::{Answer, Decision, RetryPolicy};

/// Asks the engine and reports its answer to the hook. If the request should be retried, returns the wait and
/// what to send after it.
#[inline]
pub(crate) fn decide<P: RetryPolicy, Q, K: Kept<Q>>(
    policy: &P,
    clock: &Clock,
    attempt: Attempt<P::Table>,
    outcome: Outcome<'_>,
    kept: K,
) -> Result<(Wait<P::Table>, Q), Stop> {
    let code = outcome.code();
    let may_be_retried = may_be_retried::<P::Table>(&outcome);
    let is_quiet = !may_be_retried && attempt.retries() == 0;
    let observer = Observer::new(&kept, is_quiet);
    let outcome = if may_be_retried {
        clock.complete(outcome.idempotent(is_idempotent(policy, &kept)))
    } else {
        outcome
    };
    let next = match attempt.next(outcome) {
        Next::Retry(wait) => match kept.again() {
            Ok(again) => Ok((wait, again)),
            Err(reason) => Err(wait.stop(reason)),
        },
        Next::Stop(stop) => Err(stop),
    };
    let decision = Decision {
        code,
        name: code.and_then(P::Table::name),
        answer: match &next {
            Ok((wait, _)) => Answer::Retry(wait.save()),
            Err(stop) => Answer::Stop(*stop),
        },
    };
    observer.observe(&decision);
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
