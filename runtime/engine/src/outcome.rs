//! The outcome of an attempt.

use core::fmt;
use core::time::Duration;

use crate::retry_after::{milliseconds, retry_after, seconds, trim, unix_seconds};
use crate::time::Time;
use crate::{Headers, Reason, RetryBehavior};

/// The outcome of one attempt: a response, or none.
///
/// Everything but the status is optional. The engine's [rules](crate#the-rules) say what happens without it.
///
/// ```
/// use core::time::Duration;
///
/// use memfault_status::policy;
/// use retrospec::{Next, Outcome};
///
/// // Headers are passed as bytes, exactly as they were received.
/// let outcome = Outcome::status(429)
///     .retry_after(Some(b"Sun, 06 Nov 1994 08:50:07 GMT"))
///     .date(Some(b"Sun, 06 Nov 1994 08:49:37 GMT"));
/// if let Next::Retry(wait) = policy().first_attempt().next(outcome) {
///     assert_eq!(wait.duration(), Duration::from_secs(30));
/// }
/// # else { panic!("429 is retried") }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    pub(crate) kind: Kind,
    retry_after: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
    pub(crate) now: Option<u64>,
    /// Zero if it is not known, which counts the same.
    pub(crate) elapsed: Time,
    pub(crate) random: Option<u32>,
    headers: Option<&'a dyn Headers>,
    error: Option<&'a str>,
    idempotent: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Status(u16),
    NoResponse,
    NotSent,
    Failed,
}

impl<'a> Outcome<'a> {
    /// Creates the outcome of a response with this status code.
    #[must_use]
    pub const fn status(code: u16) -> Self {
        Self::new(Kind::Status(code))
    }

    /// Creates the outcome of a request that may have arrived but got no response: a reset, a timeout, a
    /// broken connection.
    #[must_use]
    pub const fn no_response() -> Self {
        Self::new(Kind::NoResponse)
    }

    /// Creates the outcome of a request of which no part left the client: the name was not found, or no
    /// connection was made. The server cannot have carried it out, so a retry is safe.
    ///
    /// If an operation is several requests, the same holds until the one that carries it out. A storage service that
    /// fails before the commit is an example.
    #[must_use]
    pub const fn not_sent() -> Self {
        Self::new(Kind::NotSent)
    }

    /// Creates the outcome of a failure that a retry cannot fix: a bad URL, a body that does not decode.
    #[must_use]
    pub const fn failed() -> Self {
        Self::new(Kind::Failed)
    }

    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            retry_after: None,
            date: None,
            now: None,
            elapsed: Time::ZERO,
            random: None,
            headers: None,
            error: None,
            idempotent: false,
        }
    }

    /// Returns the status code, or `None` if there was no response.
    #[must_use]
    pub const fn code(&self) -> Option<u16> {
        match self.kind {
            Kind::Status(code) => Some(code),
            Kind::NoResponse | Kind::NotSent | Kind::Failed => None,
        }
    }

    /// Returns whether no part of the request left the client, as [`not_sent`](Self::not_sent) says.
    #[must_use]
    #[inline]
    pub const fn is_not_sent(&self) -> bool {
        matches!(self.kind, Kind::NotSent)
    }

    /// Returns whether the request may have arrived but got no response, as [`no_response`](Self::no_response)
    /// says.
    #[must_use]
    #[inline]
    pub const fn is_no_response(&self) -> bool {
        matches!(self.kind, Kind::NoResponse)
    }

    /// Returns whether a retry cannot fix the failure, as [`failed`](Self::failed) says.
    #[must_use]
    #[inline]
    pub const fn is_failed(&self) -> bool {
        matches!(self.kind, Kind::Failed)
    }

    /// Sets the value of the response's `Retry-After`. If there are several lines, pass the first.
    #[must_use]
    pub const fn retry_after(self, value: Option<&'a [u8]>) -> Self {
        Self {
            retry_after: value,
            ..self
        }
    }

    /// Sets the value of the response's `Date`, from which a date in `Retry-After` is counted.
    #[must_use]
    pub const fn date(self, value: Option<&'a [u8]>) -> Self {
        Self {
            date: value,
            ..self
        }
    }

    /// Sets the wall-clock time, in seconds since 1970-01-01 00:00:00 UTC. A date in `Retry-After` is counted
    /// from it if the response has no `Date`.
    #[must_use]
    pub const fn now(self, unix_seconds: u64) -> Self {
        Self {
            now: Some(unix_seconds),
            ..self
        }
    }

    /// Sets the time since the first attempt began, by a monotonic clock. After
    /// [`Policy::resume`](crate::Policy::resume), it is the time since that call.
    ///
    /// It counts as at least the last known time plus the waits since: a clock may stop while the machine sleeps.
    #[must_use]
    pub const fn elapsed(self, elapsed: Duration) -> Self {
        Self {
            elapsed: Time::new(elapsed),
            ..self
        }
    }

    /// Sets a random number for jitter, uniform over all of `u32`.
    #[must_use]
    pub const fn random(self, random: u32) -> Self {
        Self {
            random: Some(random),
            ..self
        }
    }

    /// Sets the headers of the response. `Retry-After` and `Date` are read from them unless they are set by
    /// [`retry_after`](Self::retry_after) and [`date`](Self::date), and only if they matter.
    #[must_use]
    pub const fn headers(self, headers: &'a dyn Headers) -> Self {
        Self {
            headers: Some(headers),
            ..self
        }
    }

    /// Sets the error code in the body of the response, for a table that tells errors of one status apart.
    #[must_use]
    pub const fn error(self, code: &'a str) -> Self {
        Self {
            error: Some(code),
            ..self
        }
    }

    /// Sets whether the request is idempotent (RFC 9110 section 9.2.2), for a table that retries only such
    /// requests. If it is not set, the request is not idempotent.
    #[must_use]
    pub const fn idempotent(self, idempotent: bool) -> Self {
        Self { idempotent, ..self }
    }

    /// Returns the value of a header, without white space around it, or `None` if the response has no such
    /// header. `name` is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        let value = match name {
            "retry-after" => self.retry_after_line(),
            "date" => self.date_line(),
            _ => self.headers?.get(name),
        };
        Some(trim(value?))
    }

    // Inlined, they cost nothing if no headers are set.
    #[inline]
    pub(crate) fn retry_after_line(&self) -> Option<&'a [u8]> {
        self.retry_after
            .or_else(|| self.headers?.get("retry-after"))
    }

    #[inline]
    pub(crate) fn date_line(&self) -> Option<&'a [u8]> {
        self.date.or_else(|| self.headers?.get("date"))
    }

    /// Returns how long a header asks to wait, in seconds or until an HTTP-date; see
    /// [`retry_after`](crate::retry_after()). `name` is in lower case, here and below.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NoRetryAfter`] if the response has no such header, [`Reason::InvalidRetryAfter`] or
    /// [`Reason::NoClock`].
    #[inline]
    pub fn retry_after_in(&self, name: &str) -> Result<Duration, Reason> {
        retry_after(self.wait_in(name)?, self.header("date"), self.now)
    }

    /// Returns how long a header asks to wait, in seconds; see [`seconds`](crate::seconds()).
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NoRetryAfter`] if the response has no such header, or [`Reason::InvalidRetryAfter`].
    #[inline]
    pub fn seconds_in(&self, name: &str) -> Result<Duration, Reason> {
        seconds(self.wait_in(name)?)
    }

    /// Returns how long a header asks to wait, in milliseconds; see [`milliseconds`](crate::milliseconds()).
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NoRetryAfter`] if the response has no such header, or [`Reason::InvalidRetryAfter`].
    #[inline]
    pub fn milliseconds_in(&self, name: &str) -> Result<Duration, Reason> {
        milliseconds(self.wait_in(name)?)
    }

    /// Returns how long it is until the time that a header gives, in seconds since 1970; see
    /// [`unix_seconds`](crate::unix_seconds()).
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NoRetryAfter`] if the response has no such header, [`Reason::InvalidRetryAfter`] or
    /// [`Reason::NoClock`].
    #[inline]
    pub fn unix_seconds_in(&self, name: &str) -> Result<Duration, Reason> {
        unix_seconds(self.wait_in(name)?, self.header("date"), self.now)
    }

    #[inline]
    fn wait_in(&self, name: &str) -> Result<&'a [u8], Reason> {
        self.header(name).ok_or(Reason::NoRetryAfter)
    }

    /// Returns `behavior`, which holds for idempotent requests only.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotIdempotent`] if the request is not known to be idempotent.
    #[inline]
    pub const fn if_idempotent(&self, behavior: RetryBehavior) -> Result<RetryBehavior, Reason> {
        if self.idempotent {
            Ok(behavior)
        } else {
            Err(Reason::NotIdempotent)
        }
    }

    /// Returns the error code in the body of the response, or `None` if none was set.
    #[must_use]
    pub const fn error_code(&self) -> Option<&'a str> {
        self.error
    }

    /// Returns whether the request is known to be idempotent.
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.idempotent
    }
}

impl fmt::Debug for dyn Headers + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Headers")
    }
}
