//! What a row says, and what a table is.

use core::time::Duration;

use crate::outcome::Kind;
use crate::{Backoff, Outcome, Reason, retry_after};

/// What one row of a table says about sending a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryBehavior {
    /// Never retry, whatever the headers say.
    DoNotRetry,
    /// Wait as long as a valid `Retry-After` says, from now. Without one, never retry.
    RetryAfter,
    /// Wait by the schedule, and ignore `Retry-After`.
    Backoff(&'static Backoff),
    /// Wait as long as a valid `Retry-After` says, from now. Without one, wait by the schedule.
    RetryAfterOrBackoff(&'static Backoff),
}

impl RetryBehavior {
    #[inline]
    pub(crate) const fn schedule(self) -> Option<&'static Backoff> {
        match self {
            Self::Backoff(schedule) | Self::RetryAfterOrBackoff(schedule) => Some(schedule),
            Self::DoNotRetry | Self::RetryAfter => None,
        }
    }

    #[inline]
    pub(crate) const fn reads_header(self) -> bool {
        matches!(self, Self::RetryAfter | Self::RetryAfterOrBackoff(_))
    }
}

/// The table that an API documents, as a type.
///
/// Generated crates implement it for their `Status`. The trait is not sealed: a wrapper can override one row
/// and pass the others on. Items with a default are not passed on by themselves. If the wrapped table has
/// conditions, headers of its own or other bounds, the wrapper needs them, too.
///
/// ```
/// use core::time::Duration;
///
/// use memfault_status::{EXPONENTIAL, Status};
/// use retrospec::{Next, Outcome, Policy, RetryBehavior, StatusTable};
///
/// /// Memfault's table, but a 500 is retried like a 503.
/// struct Patient;
///
/// impl StatusTable for Patient {
///     const MAX_RETRIES: Option<u32> = <Status as StatusTable>::MAX_RETRIES;
///     const MAX_ELAPSED: Option<Duration> = <Status as StatusTable>::MAX_ELAPSED;
///     const TRANSPORT: RetryBehavior = <Status as StatusTable>::TRANSPORT;
///
///     fn retry_behavior(code: u16) -> RetryBehavior {
///         match code {
///             500 => RetryBehavior::Backoff(&EXPONENTIAL),
///             _ => <Status as StatusTable>::retry_behavior(code),
///         }
///     }
///
///     fn name(code: u16) -> Option<&'static str> {
///         <Status as StatusTable>::name(code)
///     }
/// }
///
/// let next = Policy::<Patient>::new().first_attempt().next(Outcome::status(500));
/// assert!(matches!(next, Next::Retry(_)));
/// ```
pub trait StatusTable: 'static {
    /// How often one request may be retried, whatever the cause, or `None` for no limit.
    const MAX_RETRIES: Option<u32>;

    /// The latest time after the first attempt at which a retry may start, or `None` for no limit.
    const MAX_ELAPSED: Option<Duration>;

    /// The behavior if there was no response to a request that may have arrived: a reset, a timeout.
    const TRANSPORT: RetryBehavior;

    /// The behavior if no part of the request left the client: no connection, a name that is not found.
    const CONNECT: RetryBehavior = Self::TRANSPORT;

    /// The behaviors that only [`behavior`](Self::behavior) returns. They bound a wait that
    /// [`Policy::resume`](crate::Policy::resume) goes on with, beside those of the codes and the constants above.
    const CONDITIONAL: &'static [RetryBehavior] = &[];

    /// The longest wait that a server may ask for. If it asks for more, there is no retry.
    const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

    /// How far the wait that a server asks for is spread upward, in percent of it. More than 100 counts as 100.
    const RETRY_AFTER_JITTER: u8 = 0;

    /// Whether a schedule of the table may have an [added jitter](Backoff::added_jitter). If it is false, none is
    /// added, and the code for it is not linked.
    const HAS_ADDED_JITTER: bool = true;

    /// Returns what the table says about `code`: the exact row, else the class row, else the behavior for
    /// unlisted codes.
    fn retry_behavior(code: u16) -> RetryBehavior;

    /// Returns the name in the row that holds for `code`: its own, else its class's. It is `None` if there is no
    /// such row, or the row has no name.
    fn name(code: u16) -> Option<&'static str>;

    /// Returns what the table says about an outcome, by everything that is known of it.
    ///
    /// # Errors
    ///
    /// Returns the reason not to retry if a condition of the table is not met.
    #[inline]
    fn behavior(outcome: &Outcome<'_>) -> Result<RetryBehavior, Reason> {
        Ok(Self::listed(outcome))
    }

    /// Returns what the table says about an outcome by its status alone, or by the lack of a response.
    #[inline]
    #[must_use]
    fn listed(outcome: &Outcome<'_>) -> RetryBehavior {
        match outcome.kind {
            Kind::Status(code) => Self::retry_behavior(code),
            kind => without_response::<Self>(kind),
        }
    }

    /// Returns how long the server asks to wait, for [`RetryBehavior::RetryAfter`] in this table.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NoRetryAfter`], [`Reason::InvalidRetryAfter`] or [`Reason::NoClock`].
    #[inline]
    fn server_wait(outcome: &Outcome<'_>) -> Result<Duration, Reason> {
        let value = outcome.retry_after_line().ok_or(Reason::NoRetryAfter)?;
        retry_after(value, outcome.date_line(), outcome.now)
    }
}

// Apart from `listed`, it costs a device less.
#[inline]
fn without_response<T: StatusTable + ?Sized>(kind: Kind) -> RetryBehavior {
    match kind {
        Kind::NotSent => T::CONNECT,
        Kind::NoResponse => T::TRANSPORT,
        Kind::Failed | Kind::Status(_) => RetryBehavior::DoNotRetry,
    }
}
