use core::time::Duration;

use crate::Backoff;

/// What one row of a table says about sending a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryBehavior {
    /// Never, whatever the headers say.
    DoNotRetry,
    /// As long from now as a valid `Retry-After` says; never without one.
    RetryAfter,
    /// By the schedule; `Retry-After` is ignored.
    Backoff(&'static Backoff),
    /// As long from now as a valid `Retry-After` says, else by the schedule.
    RetryAfterOrBackoff(&'static Backoff),
}

/// The table that an API documents, as a type.
///
/// Generated crates implement it for their `Status`. It is open: a wrapper can override one row and
/// hand the others on.
pub trait StatusTable: 'static {
    /// How often one request may be sent again, whatever the cause; `None` is without limit.
    const MAX_RETRIES: Option<u32>;

    /// No retry starts later than this after the first attempt; `None` is without limit.
    const MAX_ELAPSED: Option<Duration>;

    /// What holds where no response came at all: no connection, a reset, a timeout.
    const TRANSPORT: RetryBehavior;

    /// What the table says about `code`, for every `code`: the exact row, else the class row, else
    /// what holds for unlisted codes.
    fn retry_behavior(code: u16) -> RetryBehavior;

    /// The name in the exact row of `code`.
    fn name(code: u16) -> Option<&'static str>;
}
