//! `Retry-After` against a second reading.

use std::time::Duration;

use retrospec::Reason;

use crate::header::{expected, forms};

/// The clock, the response's `Date` and `Retry-After`, a line each. A line that is empty, or missing from
/// the front, is not there; the last may hold line breaks.
///
/// Few bytes are a date, fewer one with its right day of the week: a number is checked as the date of that
/// second as well, in each form and against each.
pub(crate) fn check_lines(input: &[u8]) -> Result<Duration, Reason> {
    let lines: Vec<&[u8]> = input.splitn(3, |byte| *byte == b'\n').collect();
    let (now, date, value) = match lines[..] {
        [now, date, value] => (now, date, value),
        [date, value] => (&b""[..], date, value),
        _ => (&b""[..], &b""[..], input),
    };
    let number = |line| -> Option<u64> { std::str::from_utf8(line).ok()?.parse().ok() };
    let now = number(now);
    if let Some(until) = number(value) {
        for value in forms(until) {
            let _ = check(value.as_bytes(), None, now);
            for date in forms(number(date).unwrap_or(until)) {
                let _ = check(value.as_bytes(), Some(date.as_bytes()), now);
            }
        }
    }
    check(value, Some(date).filter(|date| !date.is_empty()), now)
}

/// What both readings say.
pub(crate) fn check(
    value: &[u8],
    date: Option<&[u8]>,
    now: Option<u64>,
) -> Result<Duration, Reason> {
    let found = retrospec::retry_after(value, date, now);
    assert_eq!(
        found,
        expected(value, date, now),
        "{value:?} {date:?} {now:?}"
    );
    found
}
