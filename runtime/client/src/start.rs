//! How a request begins: with its first attempt, or with a stored wait.

use std::time::Duration;

use retrospec::{Attempt, SavedWait, Wait};

use crate::RetryPolicy;

/// How a request begins: with its first attempt for a policy, or with a stored wait for [`Resumed`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retry policy",
    note = "pass a table's `policy()`, `RetryOptions`, a reference to one of them, or `Resumed::new(policy, wait, passed)`"
)]
pub trait Start: Send {
    /// The policy after that.
    type Policy: RetryPolicy;

    /// Returns the policy, and the wait before the first attempt, if there is one.
    fn start(self) -> (Self::Policy, Option<WaitOf<Self::Policy>>);
}

/// A wait for the table of `P`.
type WaitOf<P> = Wait<<P as RetryPolicy>::Table>;

impl<P: RetryPolicy> Start for P {
    type Policy = P;

    fn start(self) -> (P, Option<WaitOf<P>>) {
        (self, None)
    }
}

/// A request that continues a stored wait. Pass it to a driver or adapter in place of the policy.
///
/// The rest of the wait is slept first. Store waits from a hook: with the feature `serde`, by `#[serde(with =
/// "retrospec_client::saved_wait")]`. Store the time of day with it.
///
/// The hook is not called again until the next decision. If the program ends during the attempt after the
/// wait, its next start resumes the same wait, with the same number. To bound that, count the starts. Without
/// a clock that runs through the restart, pass zero as `passed`: the whole wait is slept again.
///
/// ```
/// use std::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec_client::{Answer, Resumed, RetryOptions, SavedWait, retry};
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
#[must_use = "pass it to a driver or an adapter"]
pub struct Resumed<P> {
    policy: P,
    saved: SavedWait,
    passed: Duration,
}

impl<P: RetryPolicy> Resumed<P> {
    /// Continues a wait of which `passed` is already over. Any stored values are safe: see
    /// [`Policy::resume`](retrospec::Policy::resume).
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

/// A request that begins.
pub(crate) struct Begun<P: RetryPolicy> {
    pub(crate) policy: P,
    /// What is slept before the first attempt.
    pub(crate) wait: Option<Duration>,
    pub(crate) attempt: Attempt<P::Table>,
}

impl<P: RetryPolicy> Begun<P> {
    pub(crate) fn new(start: impl Start<Policy = P>) -> Self {
        let (policy, wait) = start.start();
        let (wait, attempt) = match wait {
            Some(wait) => (Some(wait.duration()), wait.into_attempt()),
            None => (None, policy.policy().first_attempt()),
        };
        Self {
            policy,
            wait,
            attempt,
        }
    }
}
