//! A table with its bounds, and the wait that both lead to.

use core::any::type_name;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::backoff::{Spread, at_most_100};
use crate::outcome::{Kind, Outcome};
use crate::time::{add, exceeds, max};
use crate::{Jitter, Reason, RetryBehavior, StatusTable};

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

#[derive(Clone, Copy)]
struct Limits {
    max_retries: Option<u32>,
    max_elapsed: Option<Duration>,
    max_retry_after: Duration,
    /// In percent, at most 100.
    retry_after_jitter: u8,
    transport: Option<RetryBehavior>,
    /// [`Spread::UNSET`] if the schedules' own holds.
    spread: Spread,
}

impl<T: StatusTable> Policy<T> {
    /// Creates a policy with the table's own bounds.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            limits: Limits {
                max_retries: T::MAX_RETRIES,
                max_elapsed: T::MAX_ELAPSED,
                max_retry_after: T::MAX_RETRY_AFTER,
                retry_after_jitter: at_most_100(T::RETRY_AFTER_JITTER),
                transport: None,
                spread: Spread::UNSET,
            },
            table: PhantomData,
        }
    }

    /// Retries one request at most this often, whatever the cause. A schedule that ends sooner still ends
    /// there.
    #[must_use]
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = Some(retries);
        self
    }

    /// Starts no retry later than this after the first attempt.
    #[must_use]
    pub const fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.limits.max_elapsed = Some(elapsed);
        self
    }

    /// Returns whether there is a bound that counts [`Outcome::elapsed`]. If not, a caller need not read a clock
    /// for it.
    #[must_use]
    #[inline]
    pub const fn has_max_elapsed(&self) -> bool {
        self.limits.max_elapsed.is_some()
    }

    /// Stops if a server's `Retry-After` asks for more. It does not bound the table's own waits.
    #[must_use]
    pub const fn max_retry_after(mut self, wait: Duration) -> Self {
        self.limits.max_retry_after = wait;
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
        self.limits.transport = Some(behavior);
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
            Kind::NoResponse | Kind::NotSent => match self.limits.transport {
                Some(behavior) => behavior,
                None => T::behavior(outcome)?,
            },
            Kind::Status(_) | Kind::Failed => T::behavior(outcome)?,
        };
        self.limits.decide::<T>(behavior, outcome, retry)
    }

    pub(crate) fn exceeds_max_elapsed(&self, elapsed: Duration) -> bool {
        self.limits
            .max_elapsed
            .is_some_and(|max| exceeds(elapsed, max))
    }

    /// Returns the longest wait before retry `retry` that any row could ask for.
    pub(crate) fn longest_wait(&self, retry: u32) -> Duration {
        if T::HAS_ADDED_JITTER {
            return self.longest(|behavior| self.longest_wait_with_added(behavior, retry));
        }
        self.longest(|behavior| self.limits.longest_wait(behavior, retry))
    }

    fn longest_wait_with_added(&self, behavior: RetryBehavior, retry: u32) -> Duration {
        let longest = self.limits.longest_wait(behavior, retry);
        let random = Some(u32::MAX);
        match self.limits.scheduled(behavior, retry) {
            Some((wait, spread)) => {
                let wait = add(wait, self.limits.added(behavior, random));
                max(longest, spread.apply(wait, random))
            }
            None => longest,
        }
    }

    fn longest(&self, wait: impl Fn(RetryBehavior) -> Duration) -> Duration {
        let transport = self.limits.transport;
        let mut longest = Duration::ZERO;
        // One loop over the transport rows and the codes, so that there is one call: a device has it in flash once.
        for code in 98..1000 {
            let behavior = match code {
                98 => transport.unwrap_or(T::CONNECT),
                99 => transport.unwrap_or(T::TRANSPORT),
                _ => T::retry_behavior(code),
            };
            longest = max(longest, wait(behavior));
        }
        for behavior in T::CONDITIONAL {
            longest = max(longest, wait(*behavior));
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
        if self.max_retries.is_some_and(|max| retry > max) {
            return Err(Reason::MaxRetries);
        }
        let (wait, spread) = match header {
            Some(wait) if exceeds(wait, self.max_retry_after) => {
                return Err(Reason::RetryAfterTooLong(wait));
            }
            Some(wait) => (wait, self.header_spread()),
            None => match self.scheduled(behavior, retry).ok_or(Reason::MaxRetries)? {
                (wait, spread) if T::HAS_ADDED_JITTER => {
                    (add(wait, self.added(behavior, outcome.random)), spread)
                }
                scheduled => scheduled,
            },
        };
        Ok(spread.apply(wait, outcome.random))
    }

    fn header_spread(&self) -> Spread {
        Spread {
            down: 0,
            up: self.retry_after_jitter,
        }
    }

    /// Returns the wait by the schedule and its spread, or `None` if there is none.
    #[inline]
    fn scheduled(&self, behavior: RetryBehavior, retry: u32) -> Option<(Duration, Spread)> {
        let (RetryBehavior::Backoff(schedule) | RetryBehavior::RetryAfterOrBackoff(schedule)) =
            behavior
        else {
            return None;
        };
        let wait = schedule.wait(retry)?;
        Some((wait, self.spread.or(schedule.spread())))
    }

    /// Returns what the schedule adds to a wait for jitter.
    #[inline]
    fn added(&self, behavior: RetryBehavior, random: Option<u32>) -> Duration {
        match behavior.schedule() {
            Some(schedule) if !self.spread.is_set() => schedule.added(random),
            _ => Duration::ZERO,
        }
    }

    fn longest_wait(&self, behavior: RetryBehavior, retry: u32) -> Duration {
        let scheduled = match self.scheduled(behavior, retry) {
            Some((wait, spread)) => spread.apply(wait, Some(u32::MAX)),
            None => Duration::ZERO,
        };
        match behavior {
            RetryBehavior::RetryAfter | RetryBehavior::RetryAfterOrBackoff(_) => max(
                self.header_spread()
                    .apply(self.max_retry_after, Some(u32::MAX)),
                scheduled,
            ),
            RetryBehavior::DoNotRetry | RetryBehavior::Backoff(_) => scheduled,
        }
    }
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
        let Limits {
            max_retries,
            max_elapsed,
            max_retry_after,
            retry_after_jitter,
            transport,
            spread,
        } = &self.limits;
        f.debug_struct("Policy")
            .field("table", &format_args!("{}", type_name::<T>()))
            .field("max_retries", max_retries)
            .field("max_elapsed", max_elapsed)
            .field("max_retry_after", max_retry_after)
            .field("retry_after_jitter", retry_after_jitter)
            .field("transport", transport)
            .field("spread", &Some(spread).filter(|spread| spread.is_set()))
            .finish()
    }
}
