//! What a request begins with: its first attempt, or a stored wait.

use std::time::Duration;

use retrospec::{SavedWait, Wait};

use crate::RetryPolicy;

/// What a request begins with: its first attempt if it is given a policy, a stored wait if it is given
/// [`Resumed`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retry policy",
    note = "give a table's `policy()`, `RetryOptions`, a reference to one of them, or `Resumed::new(policy, wait, passed)`"
)]
pub trait Start {
    /// What it goes by from then on.
    type Policy: RetryPolicy;

    /// The wait before the first attempt, if there is one.
    fn start(self) -> (Self::Policy, Option<WaitOf<Self::Policy>>);
}

/// A wait by the table of `P`.
type WaitOf<P> = Wait<<P as RetryPolicy>::Table>;

impl<P: RetryPolicy> Start for P {
    type Policy = P;

    fn start(self) -> (P, Option<WaitOf<P>>) {
        (self, None)
    }
}

/// One request that goes on with a stored wait, in place of the policy that drivers and adapters take.
///
/// They sleep what is left of the wait first. A hook hands it over to be stored, with the feature `serde`
/// by `#[serde(with = "retrospec_client::saved_wait")]`; the time of day has to be stored with it.
///
/// A hook hears no more until the next decision: a program that ends in the attempt after the wait goes on
/// with the same wait at its next start, and with the same number. If that may not go on without end,
/// it has to count its starts. Without a clock that runs on, `passed` is zero, and the whole wait is slept again.
///
/// ```
/// use std::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec::SavedWait;
/// use retrospec_client::{Answer, Resumed, RetryOptions, retry};
/// # use retrospec::Outcome;
/// # struct Response(u16);
/// # impl retrospec_client::Attempted for Response {
/// #     fn outcome(&self) -> Outcome<'_> { Outcome::status(self.0) }
/// # }
/// # fn send() -> Response { Response(202) }
/// # fn store(_: SavedWait) {}
///
/// let options = RetryOptions::new(policy()).on_decision(|decision| {
///     if let Answer::Retry(wait) = decision.answer {
///         store(wait);
///     }
/// });
///
/// // After a restart, six seconds into the wait:
/// # let eight = Duration::from_secs(8);
/// # let stored = SavedWait { retry: 1, duration: eight, waited: eight, elapsed: Duration::ZERO };
/// let request = Resumed::new(&options, stored, Duration::from_secs(6));
/// let finished = retry(request, |_| send(), |left| assert_eq!(left, Duration::from_secs(2)));
/// assert_eq!(finished.stop.retries, 1);
/// ```
#[derive(Debug)]
#[must_use = "it is there to be sent"]
pub struct Resumed<P> {
    policy: P,
    saved: SavedWait,
    passed: Duration,
}

impl<P: RetryPolicy> Resumed<P> {
    /// Goes on with a wait of which `passed` is over by now. Any stored values are safe, as
    /// [`Policy::resume`](retrospec::Policy::resume) has it.
    pub const fn new(policy: P, saved: SavedWait, passed: Duration) -> Self {
        Self {
            policy,
            saved,
            passed,
        }
    }
}

impl<P: RetryPolicy> Start for Resumed<P> {
    type Policy = P;

    fn start(self) -> (P, Option<WaitOf<P>>) {
        let wait = self.policy.policy().resume(self.saved, self.passed);
        (self.policy, Some(wait))
    }
}
