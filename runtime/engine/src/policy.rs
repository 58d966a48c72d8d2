//! A table with its bounds, and the wait that both lead to.

use core::any::type_name;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::backoff::{Spread, at_most_100};
use crate::outcome::{Kind, Outcome};
use crate::time::Time;
use crate::{Backoff, Jitter, Reason, RetryBehavior, StatusTable};

/// The table `T` with the bounds that a client sets.
///
/// Bounds that are not set are the table's.
///
/// ```
/// use core::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec::{Next, Outcome, Reason};
///
/// // Memfault's waits are 8 s, 64 s and more. A wait that would end too late is not cut short: the request ends.
/// let policy = policy().max_elapsed(Duration::from_secs(60));
/// let mut attempt = policy.first_attempt();
/// let stop = loop {
///     match attempt.next(Outcome::status(503)) {
///         Next::Retry(wait) => attempt = wait.into_attempt(),
///         Next::Stop(stop) => break stop,
///     }
/// };
/// assert_eq!((stop.reason, stop.retries), (Reason::MaxElapsed, 1));
/// ```
pub struct Policy<T> {
    limits: Limits,
    table: PhantomData<fn() -> T>,
}

/// It travels with each attempt, so it is small.
#[derive(Clone, Copy)]
struct Limits {
    /// `u32::MAX` if there is no limit: no retry has a higher number.
    max_retries: u32,
    /// [`Time::NEVER`] if there is no limit.
    max_elapsed: Time,
    max_retry_after: Time,
    /// In percent, at most 100.
    retry_after_jitter: u8,
    /// [`Spread::UNSET`] if the schedules' own holds.
    spread: Spread,
    /// Whether `Retry-After` is read if there is no response, or `None` if the table's own behavior holds. With the
    /// schedule, it is a [`RetryBehavior`] in fewer bytes.
    transport: Option<bool>,
    transport_schedule: Option<&'static Backoff>,
}

impl<T: StatusTable> Policy<T> {
    // A constant, so that `new` calls nothing and is inlined in other crates: what a table's policy does not use is
    // then left out.
    const OF_TABLE: Self = Self {
        limits: Limits {
            max_retries: match T::MAX_RETRIES {
                Some(retries) => retries,
                None => u32::MAX,
            },
            max_elapsed: match T::MAX_ELAPSED {
                Some(elapsed) => Time::limit(elapsed),
                None => Time::NEVER,
            },
            max_retry_after: Time::new(T::MAX_RETRY_AFTER),
            retry_after_jitter: at_most_100(T::RETRY_AFTER_JITTER),
            spread: Spread::UNSET,
            transport: None,
            transport_schedule: None,
        },
        table: PhantomData,
    };

    /// Creates a policy with the table's own bounds.
    #[must_use]
    pub const fn new() -> Self {
        Self::OF_TABLE
    }

    /// Retries one request at most this often, whatever the cause. A schedule that ends sooner still ends
    /// there. `u32::MAX` is no limit.
    #[must_use]
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// Starts no retry later than this after the first attempt. `Duration::MAX` is no limit.
    #[must_use]
    pub const fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.limits.max_elapsed = Time::limit(elapsed);
        self
    }

    /// Returns whether there is a bound that counts [`Outcome::elapsed`]. If not, a caller need not read a clock
    /// for it.
    #[must_use]
    #[inline]
    pub const fn has_max_elapsed(&self) -> bool {
        !self.limits.max_elapsed.is_never()
    }

    /// Stops if a server's `Retry-After` asks for more. It does not bound the table's own waits.
    #[must_use]
    pub const fn max_retry_after(mut self, wait: Duration) -> Self {
        self.limits.max_retry_after = Time::new(wait);
        self
    }

    /// Spreads the wait that a server asks for, upward only: from w to w plus `percent` of it. More than 100
    /// counts as 100.
    ///
    /// A constant `Retry-After: 300`, sent to a whole fleet, makes every device return in the same second.
    /// [`max_retry_after`](Self::max_retry_after) bounds what the server asks for, before jitter is added.
    #[must_use]
    pub const fn retry_after_jitter(mut self, percent: u8) -> Self {
        self.limits.retry_after_jitter = at_most_100(percent);
        self
    }

    /// Sets the behavior if there was no response, in place of the table's
    /// [`TRANSPORT`](StatusTable::TRANSPORT) and [`CONNECT`](StatusTable::CONNECT), and whether or not the request
    /// is idempotent.
    #[must_use]
    pub const fn transport(mut self, behavior: RetryBehavior) -> Self {
        self.limits.transport = Some(behavior.reads_header());
        self.limits.transport_schedule = behavior.schedule();
        self
    }

    /// Spreads the waits of every schedule, in place of the table's jitter.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.limits.spread = jitter.spread();
        self
    }

    /// Returns how long to wait before retry `retry`, or why not to retry.
    #[inline]
    pub(crate) fn decide(&self, outcome: &Outcome<'_>, retry: u32) -> Result<Duration, Reason> {
        let behavior = match outcome.kind {
            Kind::NoResponse | Kind::NotSent => match self.limits.transport() {
                Some(behavior) => behavior,
                None => T::behavior(outcome)?,
            },
            Kind::Status(_) | Kind::Failed => T::behavior(outcome)?,
        };
        self.limits.decide::<T>(behavior, outcome, retry)
    }

    #[inline]
    pub(crate) fn exceeds_max_elapsed(&self, elapsed: Time) -> bool {
        elapsed > self.limits.max_elapsed
    }

    /// Returns the longest wait before retry `retry` that any row could ask for.
    #[inline]
    pub(crate) fn longest_wait(&self, retry: u32) -> Time {
        let (transport, spread) = (self.limits.transport(), self.limits.spread);
        let mut longest = Time::ZERO;
        let mut reads_header = false;
        let mut see = |behavior: RetryBehavior| {
            reads_header |= behavior.reads_header();
            let Some(schedule) = behavior.schedule() else {
                return;
            };
            if let Some(wait) = schedule.wait(retry) {
                let mut wait = Time::new(wait);
                if T::HAS_ADDED_JITTER && !spread.is_set() {
                    wait = schedule.longest_added(wait);
                }
                longest = longest.max(spread.or(schedule.spread()).longest(wait));
            }
        };
        // One loop over the transport rows and the codes, so that there is one call: a device has it in flash once.
        for code in 98..1000 {
            see(match code {
                98 => transport.unwrap_or(T::CONNECT),
                99 => transport.unwrap_or(T::TRANSPORT),
                _ => T::retry_behavior(code),
            });
        }
        for behavior in T::CONDITIONAL {
            see(*behavior);
        }
        if reads_header {
            let spread = self.limits.header_spread();
            longest = longest.max(spread.longest(self.limits.max_retry_after));
        }
        longest
    }
}

impl Limits {
    #[inline]
    fn decide<T: StatusTable>(
        &self,
        behavior: RetryBehavior,
        outcome: &Outcome<'_>,
        retry: u32,
    ) -> Result<Duration, Reason> {
        // One call for both behaviors that read the header: it is inlined, and a device has it in flash once.
        let header = match behavior {
            RetryBehavior::DoNotRetry => return Err(Reason::NotRetried),
            RetryBehavior::Backoff(_) => None,
            RetryBehavior::RetryAfter | RetryBehavior::RetryAfterOrBackoff(_) => {
                Some(T::server_wait(outcome))
            }
        };
        let header = match (header, behavior.schedule()) {
            (Some(header), None) => Some(header?),
            (Some(Ok(wait)), Some(_)) if !wait.is_zero() => Some(wait),
            _ => None,
        };
        if retry > self.max_retries {
            return Err(Reason::MaxRetries);
        }
        if let Some(wait) = header {
            if Time::new(wait) > self.max_retry_after {
                return Err(Reason::RetryAfterTooLong(wait));
            }
        }
        // One call to spread both waits, which is inlined.
        let (wait, spread) = match header {
            Some(wait) => (wait, self.header_spread()),
            None => scheduled::<T>(behavior, self.spread, retry, outcome.random)
                .ok_or(Reason::MaxRetries)?,
        };
        Ok(spread.apply(wait, outcome.random))
    }

    #[inline]
    fn header_spread(&self) -> Spread {
        Spread {
            down: 0,
            up: self.retry_after_jitter,
        }
    }

    #[inline]
    fn transport(&self) -> Option<RetryBehavior> {
        Some(match (self.transport?, self.transport_schedule) {
            (false, None) => RetryBehavior::DoNotRetry,
            (true, None) => RetryBehavior::RetryAfter,
            (false, Some(schedule)) => RetryBehavior::Backoff(schedule),
            (true, Some(schedule)) => RetryBehavior::RetryAfterOrBackoff(schedule),
        })
    }
}

/// Returns the wait by the schedule and its spread, which is `spread` if that is set. It is `None` if the schedule has
/// ended or there is none.
#[inline]
fn scheduled<T: StatusTable>(
    behavior: RetryBehavior,
    spread: Spread,
    retry: u32,
    random: Option<u32>,
) -> Option<(Duration, Spread)> {
    let schedule = behavior.schedule()?;
    let mut wait = schedule.wait(retry)?;
    if T::HAS_ADDED_JITTER && !spread.is_set() {
        wait = schedule.add_jitter(wait, random);
    }
    Some((wait, spread.or(schedule.spread())))
}

// A derive would require the same traits of `T`.
impl<T> Clone for Policy<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Policy<T> {}

impl<T: StatusTable> Default for Policy<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Policy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = &self.limits;
        let Limits {
            max_retries,
            max_elapsed,
            max_retry_after,
            retry_after_jitter,
            spread,
            ..
        } = limits;
        f.debug_struct("Policy")
            .field("table", &format_args!("{}", type_name::<T>()))
            .field(
                "max_retries",
                &Some(max_retries).filter(|max| **max < u32::MAX),
            )
            .field(
                "max_elapsed",
                &Some(max_elapsed).filter(|max| **max < Time::NEVER),
            )
            .field("max_retry_after", max_retry_after)
            .field("retry_after_jitter", retry_after_jitter)
            .field("transport", &limits.transport())
            .field("spread", &Some(spread).filter(|spread| spread.is_set()))
            .finish()
    }
}
