use core::fmt;
use core::time::Duration;

/// Why a request is not sent again, and what it took to get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stop {
    /// Why.
    pub reason: Reason,
    /// How often the request was sent again.
    pub retries: u32,
    /// How long the engine let it wait, all retries together.
    pub waited: Duration,
}

/// Why a request is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The table says not to, as it does of every success, or sending again cannot mend the failure.
    NotRetried,
    /// The table waits as long as `Retry-After` says, and the response had none.
    NoRetryAfter,
    /// The table waits as long as `Retry-After` says, and the response's is neither delay-seconds
    /// nor a date.
    InvalidRetryAfter,
    /// `Retry-After` is a date, and there is neither a valid `Date` nor a clock to count from.
    NoClock,
    /// `Retry-After` asks for more than [`Policy::max_retry_after`](crate::Policy::max_retry_after):
    /// this long.
    RetryAfterTooLong(Duration),
    /// The request was sent again as often as allowed, or its schedule has ended.
    MaxRetries,
    /// The next retry would start later than allowed.
    MaxElapsed,
    /// The client cannot send the request a second time, for its body is gone, or may not: it was told
    /// to send only idempotent requests again, or a budget of all requests together is spent.
    CannotResend,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRetried => "this outcome is final",
            Self::NoRetryAfter => "the response has no Retry-After",
            Self::InvalidRetryAfter => "the response's Retry-After is invalid",
            Self::NoClock => "Retry-After is a date and there is no clock to count from",
            Self::RetryAfterTooLong(asked) => {
                return write!(
                    f,
                    "Retry-After asks for {} s, which is too long",
                    asked.as_secs()
                );
            }
            Self::MaxRetries => "it was retried as often as allowed",
            Self::MaxElapsed => "the next retry would start too late",
            Self::CannotResend => "the request cannot or may not be sent a second time",
        })
    }
}

/// As in `stopped after 5 retries: it was retried as often as allowed`.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retries = if self.retries == 1 {
            "retry"
        } else {
            "retries"
        };
        write!(
            f,
            "stopped after {} {retries}: {}",
            self.retries, self.reason
        )
    }
}
