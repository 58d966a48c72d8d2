//! Compares `Retry-After` with the crate `httpdate`, form by form.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{Reason, retry_after};
use retrospec_test_support::{DAYS, forms};

/// 2026-11-22 00:00:00 UTC.
const NOW: u64 = 1_795_305_600;
const LAST: u64 = 253_402_300_799;

/// Returns instants spread evenly over the years 1970 to 9999, every day from 1970 on for 164 years, and some
/// edges.
fn instants() -> impl Iterator<Item = u64> {
    let walk = (0..100_000).map(|step| step * (LAST / 100_000) + step % 86_400);
    let days = (0..60_000).map(|day| day * 86_400 + 86_399);
    walk.chain(days).chain([0, 1, NOW, LAST])
}

fn seconds(value: &str, now: u64) -> Result<u64, Reason> {
    retry_after(value.as_bytes(), None, Some(now)).map(|wait| wait.as_secs())
}

fn oracle(value: &str) -> Option<u64> {
    let time = httpdate::parse_http_date(value).ok()?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

#[test]
fn full_years_agree_with_httpdate() {
    for instant in instants() {
        let [imf, _, asctime] = forms(instant);
        for value in [imf, asctime] {
            assert_eq!(oracle(&value), Some(instant), "{value}");
            assert_eq!(seconds(&value, 0), Ok(instant), "{value}");
            assert_eq!(
                seconds(&value, NOW),
                Ok(instant.saturating_sub(NOW)),
                "{value}"
            );
        }
    }
}

/// `httpdate` puts every two-digit year into 1970 to 2069, which is the window of a clock at 2019.
#[test]
fn two_digit_years_agree_with_httpdate() {
    let last_of_2019 = 1_577_836_799;
    for instant in instants().take_while(|instant| *instant < 3_155_760_000) {
        let [_, rfc850, _] = forms(instant);
        if let Some(found) = oracle(&rfc850) {
            let expected = found.saturating_sub(last_of_2019);
            assert_eq!(seconds(&rfc850, last_of_2019), Ok(expected), "{rfc850}");
        }
    }
}

/// RFC 9110 section 5.6.7: a year that seems more than 50 years ahead is in the past.
#[test]
fn two_digit_years_are_at_most_50_years_ahead() {
    let day = 86_400;
    for now in [NOW, 0, 946_684_800, 4_102_444_800, 6_000_000_000] {
        // Every day of the century whose years are at most 50 ahead.
        for days in 0..18_262 {
            let instant = now + days * day;
            let [_, rfc850, _] = forms(instant);
            assert_eq!(
                seconds(&rfc850, now),
                Ok(instant - now),
                "{rfc850} at {now}"
            );
        }
    }
    // To the second: 2076-11-22 is 50 years ahead of NOW.
    let fifty_years = 3_373_228_800;
    let [_, last, _] = forms(fifty_years);
    let [_, over, _] = forms(fifty_years + 1);
    assert_eq!(last, "Sunday, 22-Nov-76 00:00:00 GMT");
    assert_eq!(seconds(&last, NOW), Ok(fifty_years - NOW));
    assert_eq!(seconds(&over, NOW), Ok(0), "in 1976");
    // Whatever the day of the week: 2070 is less than 50 years ahead.
    for weekday in ["Thursday", "Wednesday"] {
        assert_eq!(
            seconds(&format!("{weekday}, 01-Jan-70 00:00:00 GMT"), NOW),
            Ok(3_155_760_000 - NOW)
        );
    }
}

/// `httpdate` accepts only the right day of the week, so this tries all of them.
fn on_any_weekday(value: &str) -> Option<u64> {
    let rest = value.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    DAYS.iter()
        .flat_map(|name| [&name[..3], name])
        .find_map(|name| oracle(&format!("{name}{rest}")))
}

/// Days that a month does not have are invalid.
#[test]
fn a_month_has_its_days() {
    let mut refused = 0;
    let mut check = |value: &str| {
        let expected = on_any_weekday(value).ok_or(Reason::InvalidRetryAfter);
        refused += u32::from(expected.is_err());
        assert_eq!(seconds(value, 0), expected, "{value:?}");
    };
    for year in (1970..2070).chain([2100, 2400, 9999]) {
        for month in [
            "Jan", "Feb", "Mar", "Apr", "Jun", "Sep", "Nov", "Dec", "Xyz",
        ] {
            for day in [0, 1, 28, 29, 30, 31, 32, 99] {
                check(&format!("Sun, {day:02} {month} {year} 08:49:37 GMT"));
                check(&format!("Sun {month} {day:2} 08:49:37 {year}"));
            }
        }
    }
    assert!(refused > 2_000, "{refused}");
}

/// Replaces every byte after the day of the week by some others, and cuts the date at each place.
#[test]
fn a_date_with_a_wrong_byte_is_invalid() {
    let mut refused = 0;
    for (form, weekday) in forms(784_111_777).iter().zip([3, 6, 3]) {
        for at in weekday..form.len() {
            for byte in " 0123456789:-,GMTUCSunNov\t\u{7f}".chars() {
                let mut value = form.clone();
                value.replace_range(at..=at, byte.encode_utf8(&mut [0; 4]));
                // The blank before the day belongs to a day of one digit, and to two digits of a blank.
                let value = value.trim();
                let is_lenient = value.replace("UTC", "GMT") != value || at <= weekday + 2;
                let Some(found) = seconds(value, 0).ok() else {
                    // `httpdate` takes any byte for the last blank of the form of RFC 850.
                    let has_blanks = !value.contains('-') || value.split(' ').count() == 4;
                    assert!(oracle(value).is_none() || !has_blanks, "{value:?}");
                    refused += 1;
                    continue;
                };
                let canonical = form.contains('-') || on_any_weekday(value) == Some(found);
                assert!(canonical || is_lenient, "{value:?}: {found}");
            }
            let begin = form[..at].trim();
            assert_eq!(seconds(begin, 0), Err(Reason::InvalidRetryAfter), "{begin}");
        }
    }
    assert!(refused > 1_500, "{refused}");
}

/// Reads the dates of urllib3's and Chromium's tests, Java's days of one digit and `UTC`, and a wrong or
/// missing day of the week.
#[test]
fn dates_are_read_robustly() {
    for (value, instant) in [
        ("Mon, 3 Jun 2019 12:00:00 UTC", 1_559_563_200),
        ("Mon, 03 Jun 2019 12:00:00 GMT", 1_559_563_200),
        ("Monday, 03-Jun-19 12:00:00 GMT", 1_559_563_200),
        ("Mon Jun  3 12:00:00 2019", 1_559_563_200),
        ("Thu, 1 Jan 2015 12:34:56 GMT", 1_420_115_696),
        ("Fri, 01 Jan 2015 12:34:56 GMT", 1_420_115_696),
        ("Sunday, 1-Jan-15 12:34:56 UTC", 1_420_115_696),
        ("01 Jan 2015 12:34:56 GMT", 1_420_115_696),
        ("Thu,  1 Jan 2015 12:34:56 GMT", 1_420_115_696),
        ("jeu., 01 Jan 2015 12:34:56 GMT", 1_420_115_696),
    ] {
        assert_eq!(seconds(value, 0), Ok(instant), "{value}");
        assert_eq!(seconds(value, instant - 90), Ok(90), "{value}");
    }
    for value in [
        "Thu, 001 Jan 2015 12:34:56 GMT",
        "Thu 7, 01 Jan 2015 12:34:56 GMT",
        "120 01 Jan 2015 12:34:56 GMT",
        "Thu, 01 Jan 2015 12:34:56 PST",
        "Thu, 01 Jan 2015 12:34:56 GTC",
        "Thu, 01 Jan 2015 12:34:56 +0000",
        "Thu, 01 Jan 2015 12:34:56",
        "Thu, 01 Jan 2015 12:34:56 GMTGMT",
        "Thu, 01 jan 2015 12:34:56 GMT",
        "2015-01-01T12:34:56Z",
        "Thu, 01 Jan 15 12:34:56 GMT",
        "Mon, 1 Jan 1900 12:34:56 GMT",
    ] {
        assert_eq!(seconds(value, 0), Err(Reason::InvalidRetryAfter), "{value}");
    }
}

#[test]
fn a_year_before_1970_is_invalid() {
    assert_eq!(
        seconds("Wed, 31 Dec 1969 23:59:59 GMT", NOW),
        Err(Reason::InvalidRetryAfter)
    );
    assert_eq!(
        seconds("Mon, 01 Jan 0001 00:00:00 GMT", NOW),
        Err(Reason::InvalidRetryAfter)
    );
}

#[test]
fn dates_count_from_date_then_the_clock() {
    let [value, ..] = forms(NOW + 90);
    for date in forms(NOW) {
        let from_date = retry_after(value.as_bytes(), Some(date.as_bytes()), Some(NOW + 60));
        assert_eq!(from_date, Ok(Duration::from_secs(90)), "{date}");
        let alone = retry_after(value.as_bytes(), Some(date.as_bytes()), None);
        assert_eq!(alone, Ok(Duration::from_secs(90)), "{date}");
    }
    let clock = retry_after(value.as_bytes(), Some(b"yesterday"), Some(NOW + 60));
    assert_eq!(clock, Ok(Duration::from_secs(30)));
    for date in [None, Some(&b"yesterday"[..])] {
        assert_eq!(
            retry_after(value.as_bytes(), date, None),
            Err(Reason::NoClock)
        );
        assert_eq!(retry_after(b"30", date, None), Ok(Duration::from_secs(30)));
        assert_eq!(
            retry_after(b"soon", date, None),
            Err(Reason::InvalidRetryAfter)
        );
    }
}

#[test]
fn blanks_around_a_date_are_ignored() {
    let [value, ..] = forms(NOW + 90);
    let [date, ..] = forms(NOW);
    let (value, date) = (format!("\t{value} "), format!(" {date}\t"));
    let wait = retry_after(value.as_bytes(), Some(date.as_bytes()), None);
    assert_eq!(wait, Ok(Duration::from_secs(90)));
}

/// In 2099, a `Date` in the year 98 is last year's.
#[test]
fn the_clock_gives_the_century_of_a_date() {
    let in_2099 = 4_070_908_800;
    let [_, date, _] = forms(in_2099 - 60);
    let [value, ..] = forms(in_2099);
    let wait = retry_after(value.as_bytes(), Some(date.as_bytes()), Some(in_2099));
    assert_eq!(wait, Ok(Duration::from_secs(60)));
}

#[test]
fn any_clock_is_safe() {
    for now in [0, LAST, LAST + 1, u64::MAX] {
        for value in forms(784_111_777) {
            let wait = retry_after(value.as_bytes(), None, Some(now));
            assert!(
                wait.is_ok_and(|wait| wait.as_secs() <= LAST) || now > LAST,
                "{value} at {now}"
            );
        }
    }
}

#[test]
fn delay_seconds_are_digits_and_a_point() {
    let most = Duration::from_secs(u64::MAX);
    let (nines, point_nines) = ("9".repeat(65_536), format!("0.{}", "9".repeat(65_536)));
    for (value, expected) in [
        ("0", Some(Duration::ZERO)),
        ("00030", Some(Duration::from_secs(30))),
        (" \t30\t ", Some(Duration::from_secs(30))),
        (
            "18446744073709551614",
            Some(Duration::from_secs(u64::MAX - 1)),
        ),
        ("18446744073709551615", Some(most)),
        ("18446744073709551616", Some(most)),
        (&nines, Some(most)),
        ("2.0", Some(Duration::from_secs(2))),
        ("1.5", Some(Duration::from_millis(1_500))),
        ("0.1", Some(Duration::from_millis(100))),
        ("00.001", Some(Duration::from_millis(1))),
        ("0.123456789", Some(Duration::from_nanos(123_456_789))),
        ("0.1234567899", Some(Duration::from_nanos(123_456_789))),
        (
            "0.5999999999999996",
            Some(Duration::from_nanos(599_999_999)),
        ),
        ("0.0000000009", Some(Duration::ZERO)),
        (&point_nines, Some(Duration::from_nanos(999_999_999))),
        (
            "18446744073709551616.5",
            Some(most + Duration::from_millis(500)),
        ),
        ("", None),
        (" ", None),
        ("+1", None),
        ("-1", None),
        ("-0", None),
        ("1.", None),
        (".5", None),
        (".", None),
        ("1..5", None),
        ("1.5.0", None),
        ("1,5", None),
        ("1e3", None),
        ("1.5e3", None),
        ("1.-5", None),
        ("1. 5", None),
        ("3 0", None),
        ("120, 240", None),
        ("120s", None),
        ("0x1e", None),
        ("\u{b2}", None),
        ("\u{663}\u{660}", None),
        ("30\u{a0}", None),
        ("30\r\n", None),
        ("30\0", None),
    ] {
        let found = retry_after(value.as_bytes(), None, Some(NOW));
        assert_eq!(
            found,
            expected.ok_or(Reason::InvalidRetryAfter),
            "{value:.40?}"
        );
    }
}

#[test]
fn any_bytes_are_safe() {
    let mut state: u32 = 1;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16).to_le_bytes()[0]
    };
    for length in (0..64).cycle().take(100_000) {
        let value: Vec<u8> = (0..length).map(|_| random()).collect();
        let _ = retry_after(&value, Some(&value), Some(NOW));
    }
}

#[test]
fn the_clock_of_these_tests_is_right() {
    let now: SystemTime = httpdate::parse_http_date("Sun, 22 Nov 2026 00:00:00 GMT").unwrap();
    assert_eq!(now, UNIX_EPOCH + Duration::from_secs(NOW));
}

/// An HTTP-date has four digits for a year, so `00` is never the year 10000.
#[test]
fn two_digit_years_end_with_9999() {
    let in_9955 = 251_982_316_800;
    for weekday in ["Saturday", "Monday"] {
        let value = format!("{weekday}, 01-Jan-00 00:00:00 GMT");
        assert_eq!(seconds(&value, in_9955), Ok(0));
    }
}
