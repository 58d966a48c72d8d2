use std::time::{Duration, UNIX_EPOCH};

/// The days of the week, as RFC 850 has them.
pub const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The three forms of the HTTP-date of an instant, in seconds since 1970: IMF-fixdate as the crate
/// `httpdate` writes it, RFC 850, asctime.
///
/// # Panics
///
/// After the year 9999.
#[must_use]
pub fn forms(seconds: u64) -> [String; 3] {
    let imf = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    let (weekday, rest) = imf.split_once(", ").expect("a weekday");
    let [day, month, year, time, _gmt] = rest.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{imf}");
    };
    let long = DAYS.iter().find(|name| name.starts_with(weekday));
    let long = long.expect("a day of the week");
    let short_day = day
        .strip_prefix('0')
        .map_or(day.to_owned(), |day| format!(" {day}"));
    [
        imf.clone(),
        format!("{long}, {day}-{month}-{} {time} GMT", &year[2..]),
        format!("{weekday} {month} {short_day} {time} {year}"),
    ]
}
