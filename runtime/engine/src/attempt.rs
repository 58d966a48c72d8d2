//! Attempts, the waits between them, and their order.

use core::fmt;
use core::future::Future;
use core::time::Duration;

use crate::time::Time;
use crate::{Outcome, Policy, Reason, StatusTable, Stop};

/// One attempt at a request, about to be made.
///
/// Only [`Policy::first_attempt`] and a [`Wait`] return one, and [`next`](Self::next) consumes it. After
/// [`Next::Stop`], nothing is left to retry with.
///
/// ```
/// use memfault_status::policy;
/// use retrospec::{Next, Outcome};
///
/// let attempt = policy().first_attempt();
/// assert_eq!(attempt.retries(), 0);
/// if let Next::Retry(wait) = attempt.next(Outcome::status(503)) {
///     let attempt = wait.sleep(|duration| assert_eq!(duration.as_secs(), 8)); // or `std::thread::sleep`
///     assert_eq!(attempt.retries(), 1);
/// }
/// # else { panic!("503 is retried") }
/// ```
#[must_use = "make the attempt and pass its outcome to `next`"]
// `elapsed` is the first of its size: in the second place, a `Stop` has padding, and the optimizer keeps alive what is
// moved there.
pub struct Attempt<T> {
    policy: Policy<T>,
    retries: u32,
    /// The time from the first attempt to this one, as far as it is known.
    elapsed: Time,
    waited: Time,
    /// The time from the first attempt to the moment that [`Outcome::elapsed`] counts from.
    resumed: Time,
}

/// Begins a request, or continues it after a restart.
impl<T: StatusTable> Policy<T> {
    /// Returns the first attempt of a request.
    pub const fn first_attempt(self) -> Attempt<T> {
        first(self)
    }

    /// Continues a stored wait, of which `passed` is already over. The [`Wait`] lasts for the rest.
    ///
    /// Any stored values are safe. A duration is shortened to the longest that this policy lets a server ask
    /// for, or its table for any code from 100 to 999.
    ///
    /// A resumed wait always leads to one attempt, and the bounds hold again after it. Too much time may have
    /// passed for [`max_elapsed`](Self::max_elapsed), or the stored number may exceed
    /// [`max_retries`](Self::max_retries). To avoid the attempt then, first compare [`SavedWait::elapsed`]
    /// plus `passed`, or [`SavedWait::retry`], with your bounds.
    #[inline]
    pub fn resume(self, saved: SavedWait, passed: Duration) -> Wait<T> {
        resumed(self, saved, passed)
    }
}

// Free functions: rustc would suggest an associated `-> Self` function to anyone writing `Attempt { .. }`.
const fn first<T>(policy: Policy<T>) -> Attempt<T> {
    Attempt {
        policy,
        retries: 0,
        waited: Time::ZERO,
        elapsed: Time::ZERO,
        resumed: Time::ZERO,
    }
}

impl<T> Attempt<T> {
    /// Returns the number of retries before this attempt: 0 for the first attempt.
    #[must_use]
    pub const fn retries(&self) -> u32 {
        self.retries
    }
}

impl<T: StatusTable> Attempt<T> {
    /// Decides what to do after this attempt.
    // Inlining keeps the state out of memory: moving it is most of a decision's cost.
    #[inline]
    pub fn next(self, outcome: Outcome<'_>) -> Next<T> {
        let retry = self.retries.saturating_add(1);
        let mut elapsed = self.elapsed;
        if outcome.elapsed > Time::ZERO {
            elapsed = elapsed.max(self.resumed.plus(outcome.elapsed));
        }
        let reason = match self.policy.decide(&outcome, retry) {
            Ok(duration) => {
                let wait = Time::new(duration);
                let end = elapsed.plus(wait);
                if !self.policy.exceeds_max_elapsed(end) {
                    return Next::Retry(Wait {
                        duration,
                        attempt: Attempt {
                            retries: retry,
                            waited: self.waited.plus(wait),
                            elapsed: end,
                            ..self
                        },
                    });
                }
                Reason::MaxElapsed
            }
            Err(reason) => reason,
        };
        Next::Stop(Stop {
            reason,
            retries: self.retries,
            waited: self.waited.duration(),
        })
    }
}

/// What to do after an attempt.
#[must_use = "wait before a retry, and report a stop"]
pub enum Next<T> {
    /// Wait, then send the request again.
    Retry(Wait<T>),
    /// Do not send it again.
    Stop(Stop),
}

/// The wait before a retry, which then gives the next [`Attempt`].
#[must_use = "`sleep` returns the next attempt"]
pub struct Wait<T> {
    duration: Duration,
    /// The attempt after the wait; its `waited` and `elapsed` include this wait.
    attempt: Attempt<T>,
}

impl<T> Wait<T> {
    /// Returns how long to wait.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns the time from the first attempt to this wait.
    const fn elapsed(&self) -> Time {
        self.attempt.elapsed.minus(Time::new(self.duration))
    }

    /// Returns the number of the retry that follows, from 1.
    #[must_use]
    pub const fn retry(&self) -> u32 {
        self.attempt.retries
    }

    /// Returns the wait as plain data, to store it and pass it to [`Policy::resume`] later: after a restart,
    /// say. Waits can take hours.
    #[must_use]
    pub const fn save(&self) -> SavedWait {
        SavedWait {
            retry: self.attempt.retries,
            duration: self.duration,
            waited: self.attempt.waited.duration(),
            elapsed: self.elapsed().duration(),
        }
    }

    /// Sleeps by calling `sleep` with the duration, as in `wait.sleep(std::thread::sleep)`.
    pub fn sleep(self, sleep: impl FnOnce(Duration)) -> Attempt<T> {
        sleep(self.duration);
        self.attempt
    }

    /// Sleeps by awaiting what `sleep` returns for the duration.
    pub async fn sleep_async<F: Future>(self, sleep: impl FnOnce(Duration) -> F) -> Attempt<T> {
        sleep(self.duration).await;
        self.attempt
    }

    /// Ends the request here instead, for a reason that only the client can know:
    /// [`CannotResend`](Reason::CannotResend), [`NotIdempotent`](Reason::NotIdempotent),
    /// [`BudgetSpent`](Reason::BudgetSpent) or [`Canceled`](Reason::Canceled).
    #[must_use]
    pub fn stop(self, reason: Reason) -> Stop {
        Stop {
            reason,
            retries: self.attempt.retries.saturating_sub(1),
            waited: self
                .attempt
                .waited
                .minus(Time::new(self.duration))
                .duration(),
        }
    }

    /// Returns the next attempt at once, for callers who wait for [`duration`](Self::duration) themselves, by
    /// a timer or a scheduler.
    pub fn into_attempt(self) -> Attempt<T> {
        self.attempt
    }
}

#[inline]
fn resumed<T: StatusTable>(policy: Policy<T>, saved: SavedWait, passed: Duration) -> Wait<T> {
    let retry = saved.retry.max(1);
    let passed = Time::new(passed);
    let longest = policy.longest_wait(retry);
    let rest = Time::new(saved.duration).min(longest).minus(passed);
    let elapsed = Time::new(saved.elapsed).plus(passed);
    Wait {
        duration: rest.duration(),
        attempt: Attempt {
            policy,
            retries: retry,
            waited: Time::new(saved.waited),
            elapsed: elapsed.plus(rest),
            resumed: elapsed,
        },
    }
}

/// A [`Wait`] as plain data, which can be stored in any form.
///
/// ```
/// use core::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec::SavedWait;
///
/// // What was stored before the restart: retry 2, 64 s after the first wait of 8 s.
/// let saved = SavedWait {
///     retry: 2,
///     duration: Duration::from_secs(64),
///     waited: Duration::from_secs(8 + 64),
///     elapsed: Duration::from_secs(9),
/// };
/// let wait = policy().resume(saved, Duration::from_secs(60)); // a minute of it has passed
/// assert_eq!((wait.retry(), wait.duration()), (2, Duration::from_secs(4)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SavedWait {
    /// The number of the retry that follows, from 1.
    pub retry: u32,
    /// How long to wait.
    pub duration: Duration,
    /// All waits of the request together, this one included.
    pub waited: Duration,
    /// The time from the first attempt to the beginning of this wait, as far as the engine was told. Without
    /// [`Outcome::elapsed`], it is the sum of the waits before.
    pub elapsed: Duration,
}

// A derive would require `T: Debug`.
impl<T> fmt::Debug for Attempt<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("policy", &self.policy)
            .field("retries", &self.retries)
            .field("waited", &self.waited)
            .field("elapsed", &self.elapsed)
            .field("resumed", &self.resumed)
            .finish()
    }
}

impl<T> fmt::Debug for Next<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry(wait) => f.debug_tuple("Retry").field(wait).finish(),
            Self::Stop(stop) => f.debug_tuple("Stop").field(stop).finish(),
        }
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("duration", &self.duration)
            .field("elapsed", &self.elapsed())
            .field("attempt", &self.attempt)
            .finish()
    }
}
