//! `Retry-After` against the crate `httpdate`, form by form.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{retry_after, Reason};
use retrospec_tests::{forms, DAYS};

/// 2026-11-22 00:00:00 UTC.
const NOW: u64 = 1_795_305_600;
const LAST: u64 = 253_402_300_799;

/// An even walk over the years 1970 to 9999, and every day of some years around turns.
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

/// RFC 9110 section 5.6.7: what seems more than 50 years ahead is past.
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
    assert_eq!(
        seconds(&over, NOW),
        Err(Reason::InvalidRetryAfter),
        "a Monday in 1976"
    );
    assert_eq!(seconds("Monday, 22-Nov-76 00:00:01 GMT", NOW), Ok(0));
    // The day of the week tells 1970 from 2070.
    assert_eq!(seconds("Thursday, 01-Jan-70 00:00:00 GMT", NOW), Ok(0));
    assert_eq!(
        seconds("Wednesday, 01-Jan-70 00:00:00 GMT", NOW),
        Ok(3_155_760_000 - NOW)
    );
}

/// Days that no month has, wrong days of the week, and every byte of a date replaced by some others.
#[test]
fn what_httpdate_refuses_is_invalid() {
    let mut refused = 0;
    let mut check = |value: &str| {
        // `httpdate` takes any byte for the blank before the time in the form of RFC 850.
        if value.contains('-') && value.split(' ').count() != 4 {
            assert_eq!(
                seconds(value, 0),
                Err(Reason::InvalidRetryAfter),
                "{value:?}"
            );
            return;
        }
        let expected = oracle(value).ok_or(Reason::InvalidRetryAfter);
        refused += u32::from(expected.is_err());
        assert_eq!(seconds(value, 0), expected, "{value:?}");
    };
    for year in (1970..2070).chain([2100, 2400, 9999]) {
        for month in [
            "Jan", "Feb", "Mar", "Apr", "Jun", "Sep", "Nov", "Dec", "Xyz",
        ] {
            for day in [0, 1, 28, 29, 30, 31, 32, 99] {
                for name in DAYS {
                    let weekday = &name[..3];
                    check(&format!("{weekday}, {day:02} {month} {year} 08:49:37 GMT"));
                    check(&format!("{weekday} {month} {day:2} 08:49:37 {year}"));
                }
            }
        }
    }
    for form in forms(784_111_777) {
        for at in 0..form.len() {
            for byte in " 0123456789:-,GMTSunNov\t\u{7f}".chars() {
                let mut value = form.clone();
                value.replace_range(at..=at, byte.encode_utf8(&mut [0; 4]));
                check(value.trim());
            }
            check(form[..at].trim());
            // What is left of the year alone is delay-seconds.
            let end = form[at..].trim();
            if !end.bytes().all(|byte| byte.is_ascii_digit()) {
                check(end);
            }
        }
    }
    assert!(refused > 50_000, "{refused}");
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
fn a_date_counts_from_the_response_s_date_then_from_the_clock() {
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
fn blanks_around_a_date_are_nothing() {
    let [value, ..] = forms(NOW + 90);
    let [date, ..] = forms(NOW);
    let (value, date) = (format!("\t{value} "), format!(" {date}\t"));
    let wait = retry_after(value.as_bytes(), Some(date.as_bytes()), None);
    assert_eq!(wait, Ok(Duration::from_secs(90)));
}

/// In 2099 a `Date` of 98 is last year's.
#[test]
fn the_century_of_a_date_is_found_by_the_clock() {
    let in_2099 = 4_070_908_800;
    let [_, date, _] = forms(in_2099 - 60);
    let [value, ..] = forms(in_2099);
    let wait = retry_after(value.as_bytes(), Some(date.as_bytes()), Some(in_2099));
    assert_eq!(wait, Ok(Duration::from_secs(60)));
}

#[test]
fn a_clock_of_any_kind_is_safe() {
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
fn delay_seconds_are_digits_and_nothing_else() {
    for (value, expected) in [
        ("0", Some(0)),
        ("00030", Some(30)),
        (" \t30\t ", Some(30)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", Some(u64::MAX)),
        (&"9".repeat(65_536), Some(u64::MAX)),
        ("", None),
        (" ", None),
        ("+30", None),
        ("-30", None),
        ("2.5", None),
        ("1e3", None),
        ("3 0", None),
        ("30, 60", None),
        ("0x1e", None),
        ("\u{663}\u{660}", None),
        ("30\u{a0}", None),
        ("30\r\n", None),
    ] {
        assert_eq!(seconds(value, NOW).ok(), expected, "{value:?}");
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

/// 10000-01-01 is a Saturday. An HTTP-date has four digits for a year, so `00` is not it.
#[test]
fn two_digit_years_end_with_9999() {
    let in_9955 = 251_982_316_800;
    assert_eq!(
        seconds("Saturday, 01-Jan-00 00:00:00 GMT", in_9955),
        Err(Reason::InvalidRetryAfter)
    );
    assert_eq!(seconds("Monday, 01-Jan-00 00:00:00 GMT", in_9955), Ok(0));
}

/// Each form has the names it has, whole.
#[test]
fn names_of_days_are_whole() {
    for (form, whole) in forms(NOW).iter().zip([3, 6, 3]) {
        let rest = form.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        for letters in 0..=9 {
            let value = format!("{}{rest}", &"SundaySun"[..letters]);
            let expected = if letters == whole {
                Ok(0)
            } else {
                Err(Reason::InvalidRetryAfter)
            };
            assert_eq!(seconds(&value, NOW), expected, "{value}");
        }
    }
    // No name is longer than Wednesday.
    for (name, date) in [("Sunday", "06-Nov-94"), ("Wednesday", "09-Nov-94")] {
        for (end, expected) in [
            ("", Ok(0)),
            ("y", Err(Reason::InvalidRetryAfter)),
            ("day", Err(Reason::InvalidRetryAfter)),
            (" ", Err(Reason::InvalidRetryAfter)),
            (" y", Err(Reason::InvalidRetryAfter)),
            ("   ", Err(Reason::InvalidRetryAfter)),
        ] {
            let value = format!("{name}{end}, {date} 08:49:37 GMT");
            assert_eq!(seconds(&value, NOW), expected, "{value}");
        }
        let other = name.replace("nday", "nd y").replace("sday", "sdaz");
        let value = format!("{other}, {date} 08:49:37 GMT");
        assert_eq!(
            seconds(&value, NOW),
            Err(Reason::InvalidRetryAfter),
            "{value}"
        );
    }
}
