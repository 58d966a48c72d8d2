//! The header `Retry-After`.

use core::time::Duration;

use crate::Reason;
use crate::http_date::unix_seconds;
use crate::time::{self, NANOS};

/// Returns how long a `Retry-After` asks to wait (RFC 9110 section 10.2.3).
///
/// - delay-seconds: digits, perhaps with a decimal point and more digits, as in `120` and `1.5`, and
///   nothing else but blanks around them. More seconds than `u64` holds count as `u64::MAX`. Digits
///   beyond nanoseconds are dropped.
/// - HTTP-date in any of its three forms: the time from the response's `Date` to it, else from
///   `now` (seconds since 1970), and zero if it is past. It must lie in the years 1970 to 9999.
///
/// Dates are read robustly, as section 5.6.7 asks for. Accepted are `UTC` for `GMT`, a day of the week that
/// is wrong, a day of one digit after a day of the week, and no day of the week before a day of two digits.
/// A year of two digits is taken to be at most 50 years ahead. There is no second 60.
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
/// [`Reason::InvalidRetryAfter`] if it is neither; [`Reason::NoClock`] for a date with neither a
/// valid `date` nor `now`.
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

// Merged into its one caller, it is inlined in a way that costs a device flash.
#[inline]
fn until_date(value: &[u8], date: Option<&[u8]>, now: Option<u64>) -> Result<Duration, Reason> {
    // With no clock to find the century by, a `Date` with a year of two digits is in 1970 to 2069.
    let date = date.and_then(|date| unix_seconds(trim(date), now.unwrap_or(0)));
    let reference = date.or(now);
    let until = unix_seconds(value, reference.unwrap_or(0)).ok_or(Reason::InvalidRetryAfter)?;
    let from = reference.ok_or(Reason::NoClock)?;
    Ok(Duration::from_secs(until.saturating_sub(from)))
}

#[inline]
fn delay_seconds(value: &[u8]) -> Option<Duration> {
    let (mut seconds, mut nanos) = (0_u64, 0);
    // What the digit before counts, in nanoseconds; 0 before the point.
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
            seconds = seconds.saturating_mul(10).saturating_add(digit.into());
        }
    }
    after_digit.then(|| time::new(seconds, nanos))
}

/// Without the optional white space around a field's value (RFC 9110 section 5.6.3).
fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
