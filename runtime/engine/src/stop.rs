//! Why a request is not sent again.

use core::fmt;
use core::time::Duration;

/// Why a request is not sent again, and how much was tried before.
///
/// It does not know the last status. Print it after that: `202: not retried`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stop {
    /// The reason.
    pub reason: Reason,
    /// How often the request was sent again.
    pub retries: u32,
    /// The sum of the waits before all retries.
    pub waited: Duration,
}

/// Why a request is not sent again.
///
/// ```
/// use core::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec::{Next, Outcome, Reason};
///
/// // More than a day: the caller may still return then, by its own timer.
/// let outcome = Outcome::status(429).retry_after(Some(b"90000"));
/// if let Next::Stop(stop) = policy().first_attempt().next(outcome) {
///     assert_eq!(stop.reason, Reason::RetryAfterTooLong(Duration::from_secs(90_000)));
/// }
/// # else { panic!("a day is the most") }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The table says not to retry, as it does for every success, or a retry cannot fix the failure.
    NotRetried,
    /// The table waits as long as `Retry-After` says, and the response had none.
    NoRetryAfter,
    /// The table waits as long as `Retry-After` says, and its value is neither delay-seconds nor a date.
    InvalidRetryAfter,
    /// `Retry-After` is a date, and there is neither a valid `Date` nor a clock to count from.
    NoClock,
    /// `Retry-After` asks for this duration, which exceeds
    /// [`Policy::max_retry_after`](crate::Policy::max_retry_after).
    RetryAfterTooLong(Duration),
    /// The request was retried as often as allowed, or its schedule has ended.
    MaxRetries,
    /// The next retry would start later than allowed.
    MaxElapsed,
    /// The client cannot send the request a second time: its body is gone.
    CannotResend,
    /// The client may send only idempotent requests again (RFC 9110 section 9.2.2), and this one is not.
    NotIdempotent,
    /// The budget that all requests of the client share has no retry left.
    BudgetSpent,
    /// The caller ended the wait before the next retry.
    Canceled,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRetried => "not retried",
            Self::NoRetryAfter => "the response has no Retry-After",
            Self::InvalidRetryAfter => "the response's Retry-After is invalid",
            Self::NoClock => "Retry-After is a date and there is no clock to count from",
            Self::RetryAfterTooLong(asked) => {
                let (secs, millis) = (asked.as_secs(), asked.subsec_millis());
                return match millis {
                    0 => write!(f, "Retry-After asks for {secs} s, which is too long"),
                    _ => write!(
                        f,
                        "Retry-After asks for {secs}.{millis:03} s, which is too long"
                    ),
                };
            }
            Self::MaxRetries => "it was retried as often as allowed",
            Self::MaxElapsed => "the next retry would start too late",
            Self::CannotResend => "the body of the request cannot be sent a second time",
            Self::NotIdempotent => "the request is not idempotent",
            Self::BudgetSpent => "the retry budget is spent",
            Self::Canceled => "the wait for the next retry was canceled",
        })
    }
}

impl core::error::Error for Reason {}

/// As in `stopped after 5 retries: it was retried as often as allowed`, and `not retried`.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reason, retries, ..
        } = self;
        let noun = if *retries == 1 { "retry" } else { "retries" };
        match (reason, retries) {
            (Reason::NotRetried, 0) => f.write_str("not retried"),
            (Reason::NotRetried, _) => write!(f, "not retried again after {retries} {noun}"),
            _ => write!(f, "stopped after {retries} {noun}: {reason}"),
        }
    }
}
