//! A second reading of `Retry-After`, without a line of the engine's: `httpdate` for dates, RFC 9110 for what
//! that leaves out.

#[allow(unreachable_pub, reason = "in its own package it is public")]
#[path = "../../support/src/dates.rs"]
mod dates;

use std::time::{Duration, UNIX_EPOCH};

use retrospec::Reason;

use dates::DAYS;

/// 9999-12-31 23:59:59 UTC.
const LAST: u64 = 253_402_300_799;

/// What `Retry-After` says.
pub(crate) fn expected(
    value: &[u8],
    date: Option<&[u8]>,
    now: Option<u64>,
) -> Result<Duration, Reason> {
    let value = trimmed(value);
    if let Some(seconds) = delay_seconds(value) {
        return Ok(seconds);
    }
    let date = date.and_then(|date| unix_seconds(trimmed(date), now.unwrap_or(0)));
    let from = date.or(now);
    let until = unix_seconds(value, from.unwrap_or(0)).ok_or(Reason::InvalidRetryAfter)?;
    let seconds = until.saturating_sub(from.ok_or(Reason::NoClock)?);
    Ok(Duration::from_secs(seconds))
}

/// What is between the blanks around it.
fn trimmed(value: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = value.iter().take_while(|byte| is_blank(byte)).count();
    let end = value[start..]
        .iter()
        .rev()
        .take_while(|byte| is_blank(byte))
        .count();
    &value[start..value.len() - end]
}

/// Digits, with a point and more digits or without.
fn delay_seconds(value: &[u8]) -> Option<Duration> {
    let value = std::str::from_utf8(value).ok()?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let nanos = format!("{fraction:0<9.9}").parse().ok()?;
    // Nothing but its size can be wrong with it.
    Some(Duration::new(whole.parse().unwrap_or(u64::MAX), nanos))
}

/// The three forms, from the end of the value: what stands before them has no digit.
fn unix_seconds(date: &[u8], reference: u64) -> Option<u64> {
    let shaped = |form: &str| {
        let (head, tail) = date.split_at_checked(date.len().checked_sub(form.len())?)?;
        let tail = std::str::from_utf8(tail)
            .ok()
            .filter(|tail| tail.is_ascii())?;
        let has_digit = head.iter().any(u8::is_ascii_digit);
        (!has_digit && has_shape(tail, form)).then_some(tail)
    };
    let in_zone = |tail: &&str| ["GMT", "UTC"].contains(&&tail[tail.len() - 3..]);
    if let Some(tail) = shaped("?? ??? ???? ???????? ???").filter(in_zone) {
        return by_httpdate(&tail[..2], &tail[3..6], &tail[7..11], &tail[12..20]);
    }
    if let Some(tail) = shaped(" ??? ?? ???????? ????") {
        return by_httpdate(&tail[5..7], &tail[1..4], &tail[17..], &tail[8..16]);
    }
    let tail = shaped("??-???-?? ???????? ???").filter(in_zone)?;
    let (day, month, time) = (&tail[..2], &tail[3..6], &tail[10..18]);
    // `httpdate` has one window for years of two digits. RFC 9110 has a century for each clock.
    // `parse` takes a sign.
    let short = &tail[7..9];
    let short: u32 = short.parse().ok().filter(|_| !short.contains('+'))?;
    let years = (19..100).map(|century| century * 100 + short);
    let years: Vec<u32> = years.filter(|year| *year >= 1970).collect();
    let [now, ..] = forms(reference);
    let this_year: u32 = now[12..16].parse().ok()?;
    let latest = in_order(&now[5..7], &now[8..11], this_year + 50, &now[17..25]);
    let is_near = |year: &&u32| in_order(day, month, **year, time) <= latest;
    let year = years.iter().rfind(is_near).unwrap_or(&years[0]);
    by_httpdate(day, month, &year.to_string(), time)
}

/// Whether the text has the blanks and hyphens of a form in their places.
fn has_shape(text: &str, form: &str) -> bool {
    let mut places = form.bytes().zip(text.bytes());
    places.all(|(place, byte)| place == b'?' || place == byte)
}

/// It asks for the right day of the week, so it is given all seven, and for two digits of a day.
fn by_httpdate(day: &str, month: &str, year: &str, time: &str) -> Option<u64> {
    let day = day.replacen(' ', "0", usize::from(day.starts_with(' ')));
    // It takes other things for digits and blanks.
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':');
    if ![&day, month, year, time].into_iter().all(is_plain) {
        return None;
    }
    let time = DAYS.iter().find_map(|name| {
        let date = format!("{}, {day} {month} {year} {time} GMT", &name[..3]);
        httpdate::parse_http_date(&date).ok()
    })?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// A date from its year to its second, to be compared.
fn in_order<'a>(
    day: &'a str,
    month: &str,
    year: u32,
    time: &'a str,
) -> (u32, Option<usize>, &'a str, &'a str) {
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(month);
    (year, month, day, time)
}

/// The three forms of an instant, up to the year 9999.
pub(crate) fn forms(unix_seconds: u64) -> [String; 3] {
    dates::forms(unix_seconds.min(LAST))
}
