//! A second reading of `Retry-After`, without a line of the engine's: `httpdate` for dates, RFC 9110 for what
//! that leaves out.

#[allow(unreachable_pub, reason = "in its own package it is public")]
#[path = "../../src/dates.rs"]
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
    let value = field_value(value).ok_or(Reason::InvalidRetryAfter)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Nothing but its size can be wrong with it.
        return Ok(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = date.and_then(field_value);
    let date = date.and_then(|date| unix_seconds(date, now.unwrap_or(0)));
    let from = date.or(now);
    let until = unix_seconds(value, from.unwrap_or(0)).ok_or(Reason::InvalidRetryAfter)?;
    let seconds = until.saturating_sub(from.ok_or(Reason::NoClock)?);
    Ok(Duration::from_secs(seconds))
}

/// The text between the blanks around it; of what is no ASCII, nothing is valid.
fn field_value(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value)
        .ok()
        .filter(|text| text.is_ascii())?;
    Some(text.trim_matches([' ', '\t']))
}

fn unix_seconds(date: &str, reference: u64) -> Option<u64> {
    // `httpdate` trims more than blanks.
    if date.trim() != date {
        return None;
    }
    let Some((weekday, rest)) = rfc_850(date) else {
        return by_httpdate(date);
    };
    // `httpdate` has one window for years of two digits. RFC 9110 has a century for each clock: so it gets
    // the same date in the first form, once for each century.
    let (day, month, time) = (&rest[..2], &rest[3..6], &rest[10..]);
    let in_year = |year: u32| by_httpdate(&format!("{weekday}, {day} {month} {year} {time}"));
    let short: u32 = rest[7..9].parse().ok()?;
    let years = (19..100).map(|century| century * 100 + short);
    let years: Vec<u32> = years.filter(|year| *year >= 1970).collect();
    let [now, ..] = forms(reference);
    let this_year: u32 = now[12..16].parse().ok()?;
    let latest = in_order(&now[5..7], &now[8..11], this_year + 50, &now[17..]);
    let is_near = |year: &&u32| in_order(day, month, **year, time) <= latest;
    let year = years.iter().rfind(is_near).unwrap_or(&years[0]);
    in_year(*year).or_else(|| in_year(year - 100))
}

fn by_httpdate(date: &str) -> Option<u64> {
    // It takes any byte before the time in the form of RFC 850, which does not come here.
    if date.contains('-') {
        return None;
    }
    let time = httpdate::parse_http_date(date).ok()?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// The short day of the week, and what follows it, of `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc_850(date: &str) -> Option<(&str, &str)> {
    let (weekday, rest) = date.split_once(", ")?;
    let marks = [2, 6, 9].map(|at| rest.as_bytes().get(at).copied());
    let is_one = DAYS.contains(&weekday)
        && rest.len() == 22
        && marks == [Some(b'-'), Some(b'-'), Some(b' ')]
        && rest[7..9].bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| (&weekday[..3], rest))
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
