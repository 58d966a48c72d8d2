//! Times that a response gives, computed when it is written.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a header gives a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// An HTTP-date as it is sent today: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    ImfFixdate,
    /// An HTTP-date in the obsolete form of RFC 850: `Sunday, 06-Nov-94 08:49:37 GMT`.
    Rfc850,
    /// An HTTP-date in the obsolete form of C's `asctime`: `Sun Nov  6 08:49:37 1994`.
    Asctime,
    /// The seconds since 1970-01-01 00:00:00 UTC.
    UnixSeconds,
}

impl TimeForm {
    /// Returns a time in this form. A fraction of a second is dropped.
    pub(crate) fn write(self, time: SystemTime) -> String {
        // The crate writes the years 1970 to 9999.
        let last = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
        let time = time.clamp(UNIX_EPOCH, last);
        let imf = httpdate::fmt_http_date(time);
        let rearranged = match self {
            Self::ImfFixdate => None,
            Self::Rfc850 => rfc_850(&imf),
            Self::Asctime => asctime(&imf),
            Self::UnixSeconds => Some(unix_seconds(time).to_string()),
        };
        rearranged.unwrap_or(imf)
    }
}

/// Returns whole seconds since 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// The parts of `Sun, 06 Nov 1994 08:49:37 GMT`, but for the zone.
fn parts(imf: &str) -> Option<[&str; 5]> {
    let (weekday, rest) = imf.split_once(", ")?;
    let mut words = rest.split(' ');
    let mut next = || words.next();
    Some([weekday, next()?, next()?, next()?, next()?])
}

fn rfc_850(imf: &str) -> Option<String> {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let [weekday, day, month, year, time] = parts(imf)?;
    let weekday = DAYS.iter().find(|name| name.starts_with(weekday))?;
    Some(format!(
        "{weekday}, {day}-{month}-{} {time} GMT",
        year.get(2..)?
    ))
}

fn asctime(imf: &str) -> Option<String> {
    let [weekday, day, month, year, time] = parts(imf)?;
    let day = day.strip_prefix('0').unwrap_or(day);
    Some(format!("{weekday} {month} {day:>2} {time} {year}"))
}
