//! Durations as a spec writes them (`1m30s`) and as people read them (`1 min 30 s`).

use std::fmt::Write as _;
use std::time::Duration;

pub(crate) const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Parses integers with units. The units descend, and each occurs at most once.
///
/// # Errors
///
/// Returns a message about the first mistake.
pub fn parse(text: &str) -> Result<Duration, String> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut millis: u64 = 0;
    loop {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len()
            - tail
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let (unit, tail) = tail.split_at(letters);
        if number.is_empty() {
            return Err(match rest {
                "" => "expected a number".to_owned(),
                rest => format!("expected a number before `{rest}`"),
            });
        }
        if tail.starts_with('.') {
            return Err("decimals are not allowed".to_owned());
        }
        if unit.is_empty() {
            return Err(format!("missing unit after `{number}`"));
        }
        if !UNITS.iter().any(|(name, _)| *name == unit) {
            return Err(format!("unknown unit `{unit}`"));
        }
        let Some((_, factor)) = units.find(|(name, _)| *name == unit) else {
            return Err(format!(
                "`{unit}` is out of order: units go from large to small, each at most once"
            ));
        };
        millis = number
            .parse()
            .ok()
            .and_then(|number: u64| number.checked_mul(*factor))
            .and_then(|part| millis.checked_add(part))
            .ok_or("too long")?;
        if tail.is_empty() {
            return Ok(Duration::from_millis(millis));
        }
        rest = tail;
    }
}

/// Returns the duration that `text` likely stands for, as a spec writes it. The text may have decimals, no
/// unit, or a unit as people write it.
pub(crate) fn likely(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(decimals) || decimals.len() > 9 {
        return None;
    }
    let unit = match unit.to_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        _ => return None,
    };
    if decimals.bytes().all(|digit| digit == b'0') {
        return Some(format!("{whole}{unit}")).filter(|text| parse(text).is_ok());
    }
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let billionths: u128 = format!("{whole}{decimals:0<9}").parse().ok()?;
    let scaled = billionths.checked_mul(u128::from(*factor))?;
    let mut millis = Some(scaled / 1_000_000_000)
        .filter(|_| scaled.is_multiple_of(1_000_000_000))
        .and_then(|millis| u64::try_from(millis).ok())?;
    let mut text = String::new();
    for (name, factor) in UNITS {
        if millis >= factor {
            let _ = write!(text, "{}{name}", millis / factor);
            millis %= factor;
        }
    }
    Some(text)
}

/// Returns the duration as people read it, such as `9 h 6 min 8 s`.
#[must_use]
pub fn human(duration: Duration) -> String {
    let secs = duration.as_secs();
    let mut parts = Vec::new();
    for (number, unit) in [
        (secs / 86_400, "d"),
        (secs / 3_600 % 24, "h"),
        (secs / 60 % 60, "min"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {unit}"));
        }
    }
    let (secs, nanos) = (secs % 60, duration.subsec_nanos());
    if nanos == 0 && (secs > 0 || parts.is_empty()) {
        parts.push(format!("{secs} s"));
    } else if nanos.is_multiple_of(1_000_000) && nanos > 0 && secs == 0 {
        parts.push(format!("{} ms", nanos / 1_000_000));
    } else if nanos >= 1_000_000 && secs == 0 && parts.is_empty() {
        let millis = format!("{}.{:06}", nanos / 1_000_000, nanos % 1_000_000);
        parts.push(format!("{} ms", millis.trim_end_matches('0')));
    } else if nanos > 0 {
        let fraction = format!("{nanos:09}");
        parts.push(format!("{secs}.{} s", fraction.trim_end_matches('0')));
    }
    parts.join(" ")
}

/// Returns the duration in one unit, as in `512s` or `1500ms`.
pub(crate) fn one_unit(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos.is_multiple_of(1_000_000_000) {
        format!("{}s", nanos / 1_000_000_000)
    } else if nanos.is_multiple_of(1_000_000) {
        format!("{}ms", nanos / 1_000_000)
    } else {
        format!("{nanos}ns")
    }
}

/// Returns a number of thousandths as in `1.5`.
pub(crate) fn decimal(thousandths: u32) -> String {
    let fraction = format!("{:03}", thousandths % 1_000);
    let fraction = fraction.trim_end_matches('0');
    let whole = thousandths / 1_000;
    if fraction.is_empty() {
        whole.to_string()
    } else {
        format!("{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_written() {
        for (text, millis) in [
            ("250ms", 250),
            ("8s", 8_000),
            ("1m30s", 90_000),
            ("2h", 7_200_000),
            ("1d", 86_400_000),
            ("1d2h3m4s5ms", 93_784_005),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn errors_give_the_reason() {
        for (text, why) in [
            ("", "expected a number"),
            ("8", "missing unit after `8`"),
            ("s", "expected a number before `s`"),
            ("1.5s", "decimals are not allowed"),
            ("8sec", "unknown unit `sec`"),
            ("8 s", "missing unit after `8`"),
            ("-8s", "expected a number before `-8s`"),
            (
                "30s1m",
                "`m` is out of order: units go from large to small, each at most once",
            ),
            (
                "1s1s",
                "`s` is out of order: units go from large to small, each at most once",
            ),
            ("99999999999999999999s", "too long"),
            ("999999999999999999d", "too long"),
        ] {
            assert_eq!(parse(text), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_likely_duration_is_valid() {
        for (text, meant) in [
            ("2", Some("2s")),
            ("3600", Some("3600s")),
            ("2.0", Some("2s")),
            ("0.5s", Some("500ms")),
            ("1.5h", Some("1h30m")),
            ("0.5", Some("500ms")),
            ("8 s", Some("8s")),
            ("5sec", Some("5s")),
            ("10 Minutes", Some("10m")),
            ("0.0001s", None),
            (".5s", None),
            ("1.2.3s", None),
            ("-8s", None),
            ("", None),
            ("s", None),
            ("8 fortnights", None),
            ("99999999999999999999", None),
            ("99999999999999999999999999999999.5d", None),
            ("9999999999999999999999.5d", None),
        ] {
            assert_eq!(likely(text).as_deref(), meant, "{text}");
            if let Some(meant) = meant {
                assert!(parse(meant).is_ok(), "{meant}");
            }
        }
    }

    #[test]
    fn human_durations_have_units() {
        for (duration, text) in [
            (Duration::ZERO, "0 s"),
            (Duration::from_millis(250), "250 ms"),
            (Duration::from_millis(1_500), "1.5 s"),
            (Duration::from_nanos(7), "0.000000007 s"),
            (Duration::from_micros(1_500), "1.5 ms"),
            (Duration::from_nanos(999_999), "0.000999999 s"),
            (Duration::from_secs(32_768), "9 h 6 min 8 s"),
            (Duration::from_hours(24), "1 d"),
            (Duration::new(60, 5_000_000), "1 min 5 ms"),
        ] {
            assert_eq!(human(duration), text);
        }
    }
}
