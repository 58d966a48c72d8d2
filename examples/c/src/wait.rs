//! A stored wait, in C's integers.

use core::time::Duration;

use retrospec::SavedWait;

/// A length of time: `struct memfault_retry_span`.
///
/// 32 bits of seconds lose nothing: a wait is at most 29 hours, and 136 years fit. There is no padding, which a
/// checksum would cover.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the header has the documentation")]
pub struct Span {
    pub seconds: u32,
    pub nanoseconds: u32,
}

/// A stored wait: `struct memfault_retry_wait`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the header has the documentation")]
pub struct Wait {
    pub retry: u32,
    pub duration: Span,
    pub waited: Span,
    pub elapsed: Span,
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        // `Duration::new` may be linked with its panic, which is not reached.
        Self::from_nanos(u64::from(span.seconds) * 1_000_000_000 + u64::from(span.nanoseconds))
    }
}

/// A longer duration than a span holds becomes the longest.
impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Self {
            seconds: u32::try_from(duration.as_secs()).unwrap_or(u32::MAX),
            nanoseconds: duration.subsec_nanos(),
        }
    }
}

impl From<Wait> for SavedWait {
    fn from(wait: Wait) -> Self {
        Self {
            retry: wait.retry,
            duration: wait.duration.into(),
            waited: wait.waited.into(),
            elapsed: wait.elapsed.into(),
        }
    }
}

impl From<SavedWait> for Wait {
    fn from(wait: SavedWait) -> Self {
        Self {
            retry: wait.retry,
            duration: wait.duration.into(),
            waited: wait.waited.into(),
            elapsed: wait.elapsed.into(),
        }
    }
}
