//! The header `Retry-After`.

use core::time::Duration;

use crate::Reason;
use crate::http_date;
use crate::time::{self, NANOS};

/// Returns how long a `Retry-After` asks to wait (RFC 9110 section 10.2.3).
///
/// - delay-seconds: digits, optionally with a decimal point and more digits, as in `120` and `1.5`. Blanks
///   around them are ignored. More seconds than `u64` holds count as `u64::MAX`. Digits beyond nanoseconds
///   are dropped.
/// - HTTP-date in any of its three forms: the time to it from the response's `Date`, else from `now` (seconds
///   since 1970). It is zero if the date is past. The date must be in the years 1970 to 9999.
///
/// Dates are read robustly, as section 5.6.7 asks for. `UTC` is accepted for `GMT`. The day of the week may
/// be wrong, or missing if the day has two digits. The day may have one digit if a day of the week precedes
/// it. A year of two digits is read as at most 50 years ahead. The second 60 is invalid.
///
/// ```
/// use core::time::Duration;
/// use retrospec::retry_after;
///
/// assert_eq!(retry_after(b"120", None, None), Ok(Duration::from_secs(120)));
/// assert_eq!(retry_after(b"1.5", None, None), Ok(Duration::from_millis(1500)));
/// assert_eq!(
///     retry_after(
///         b"Fri, 31 Dec 1999 23:59:59 GMT",
///         Some(b"Fri, 31 Dec 1999 23:59:29 GMT"),
///         None,
///     ),
///     Ok(Duration::from_secs(30)),
/// );
/// ```
///
/// # Errors
///
/// Returns [`Reason::InvalidRetryAfter`] if `value` is neither form, and [`Reason::NoClock`] for a date if
/// there is neither a valid `date` nor `now`.
#[inline]
pub fn retry_after(
    value: &[u8],
    date: Option<&[u8]>,
    now: Option<u64>,
) -> Result<Duration, Reason> {
    let value = trim(value);
    if let Some(delay) = delay_seconds(value) {
        return Ok(delay);
    }
    until_date(value, date, now)
}

// Separate from its one caller: merged, it costs a device 64 bytes more.
#[inline]
fn until_date(value: &[u8], date: Option<&[u8]>, now: Option<u64>) -> Result<Duration, Reason> {
    // Without a clock to find the century by, a `Date` with a year of two digits is in 1970 to 2069.
    let date = date.and_then(|date| http_date::unix_seconds(trim(date), now.unwrap_or(0)));
    let reference = date.or(now);
    let until = http_date::unix_seconds(value, reference.unwrap_or(0));
    match (until, reference) {
        (None, _) => Err(Reason::InvalidRetryAfter),
        (_, None) => Err(Reason::NoClock),
        (Some(until), Some(from)) => Ok(Duration::from_secs(until.saturating_sub(from))),
    }
}

/// Returns how long a header in seconds asks to wait, such as `30` and `0.5`.
///
/// # Errors
///
/// Returns [`Reason::InvalidRetryAfter`] if it is not a decimal number.
#[inline]
pub fn seconds(value: &[u8]) -> Result<Duration, Reason> {
    delay_seconds(trim(value)).ok_or(Reason::InvalidRetryAfter)
}

/// Returns how long a header in milliseconds asks to wait.
///
/// # Errors
///
/// Returns [`Reason::InvalidRetryAfter`] if it is not a decimal number.
#[inline]
pub fn milliseconds(value: &[u8]) -> Result<Duration, Reason> {
    Ok(seconds(value)? / 1_000)
}

/// Returns how long it is until the time that a header gives, in seconds since 1970-01-01 00:00:00 UTC. It is
/// counted from the response's `Date`, else from `now`, and zero if it is past.
///
/// # Errors
///
/// Returns [`Reason::InvalidRetryAfter`] if it is not a decimal number, and [`Reason::NoClock`] if there is neither
/// a valid `date` nor `now`.
#[inline]
pub fn unix_seconds(
    value: &[u8],
    date: Option<&[u8]>,
    now: Option<u64>,
) -> Result<Duration, Reason> {
    let until = seconds(value)?;
    let date = date.and_then(|date| http_date::unix_seconds(trim(date), now.unwrap_or(0)));
    let from = date.or(now).ok_or(Reason::NoClock)?;
    Ok(until.saturating_sub(Duration::from_secs(from)))
}

/// Returns the first of `waits` that is valid, for a table in which several headers can ask for a wait.
///
/// ```
/// use core::time::Duration;
///
/// use retrospec::{Outcome, first_wait};
///
/// let headers = [("Retry-After-Ms", "soon"), ("Retry-After", "2")];
/// let outcome = Outcome::status(429).headers(&headers);
/// let wait = first_wait(&[
///     outcome.milliseconds_in("retry-after-ms"),
///     outcome.retry_after_in("retry-after"),
/// ]);
/// assert_eq!(wait, Ok(Duration::from_secs(2)));
/// ```
///
/// # Errors
///
/// If none is valid, returns the first reason that is not [`Reason::NoRetryAfter`], or that one if there is no
/// other.
#[inline]
pub fn first_wait(waits: &[Result<Duration, Reason>]) -> Result<Duration, Reason> {
    let mut reason = Reason::NoRetryAfter;
    for wait in waits {
        match wait {
            Err(other) if reason == Reason::NoRetryAfter => reason = *other,
            Err(_) => {}
            Ok(wait) => return Ok(*wait),
        }
    }
    Err(reason)
}

#[inline]
fn delay_seconds(value: &[u8]) -> Option<Duration> {
    let (mut seconds, mut nanos) = (0_u64, 0);
    // The weight of the previous digit, in nanoseconds, or 0 before the point.
    let mut unit = 0;
    let mut after_digit = false;
    for byte in value {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if *byte != b'.' || !after_digit || unit > 0 {
                return None;
            }
            unit = NANOS;
            after_digit = false;
            continue;
        }
        after_digit = true;
        if unit > 0 {
            nanos += u32::from(digit) * (unit / 10);
            unit = (unit / 10).max(1);
        } else {
            // One check for both overflows.
            seconds =
                u64::try_from(u128::from(seconds) * 10 + u128::from(digit)).unwrap_or(u64::MAX);
        }
    }
    after_digit.then(|| time::new(seconds, nanos))
}

/// Removes the optional white space around a field's value (RFC 9110 section 5.6.3).
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
