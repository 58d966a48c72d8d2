//! Numbers and times as people read them, and text in lines.

use std::time::Duration;

/// Returns a count as in `1,500` or `20 million`.
pub(super) fn count(count: u64) -> String {
    for (one, name) in [
        (1_000_000_000_000, "trillion"),
        (1_000_000_000, "billion"),
        (1_000_000, "million"),
    ] {
        if count > 0 && count.is_multiple_of(one) {
            return format!("{} {name}", grouped(count / one));
        }
    }
    grouped(count)
}

/// Returns a number with its thousands apart, as in `1,000,000`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a duration by its two largest units, as in `9 h 6 min`. Less than a minute has one, as in `12.5 s`.
pub(super) fn time(duration: Duration) -> String {
    const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

    let decimal = |whole: u64, thousandths: u32, unit: &str| {
        let number = format!("{whole}.{thousandths:03}");
        let number = number.trim_end_matches('0').trim_end_matches('.');
        format!("{number} {unit}")
    };
    let (secs, nanos) = (duration.as_secs(), duration.subsec_nanos());
    match secs {
        0 if nanos == 0 => return "0 s".to_owned(),
        0 if nanos < 1_000_000 => return decimal((nanos / 1_000).into(), nanos % 1_000, "µs"),
        0 => return decimal((nanos / 1_000_000).into(), nanos / 1_000 % 1_000, "ms"),
        1..60 => return decimal(secs, nanos / 1_000_000, "s"),
        60.. => {}
    }
    let first = UNITS.iter().skip_while(|(_, length)| secs < *length);
    let (mut left, mut parts) = (secs, Vec::new());
    for (unit, length) in first.take(2) {
        if left >= *length {
            parts.push(format!("{} {unit}", grouped(left / length)));
            left %= length;
        }
    }
    parts.join(" ")
}

/// Returns a share as in `45%`, `2.4%` or `99.96%`: with as many decimals as it takes to be neither 0 nor 100%.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = crate::number::ratio(part.into(), whole.into()) * 100.0;
    let round = |decimals: usize| format!("{percent:.decimals$}");
    let is_end = |text: &str| {
        let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
        is_zero && part > 0 || text.starts_with("100") && part < whole
    };
    let least = usize::from(part > 0 && percent < 10.0);
    let text = (least..13).map(round).find(|text| !is_end(text));
    format!("{}%", text.unwrap_or_else(|| round(13)))
}

/// Breaks text into lines of at most `width` characters: between words, or within a word that is longer. Characters
/// that XML cannot have become blanks.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let is_blank =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let mut lines = vec![String::new()];
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        let mut rest: Vec<char> = word.chars().collect();
        while !rest.is_empty() {
            let line = lines.last_mut().expect("there is a line");
            let taken = line.chars().count();
            let blank = usize::from(taken > 0);
            if taken > 0 && taken + blank + rest.len() > width {
                lines.push(String::new());
                continue;
            }
            let end = rest.len().min(width.max(1));
            line.extend((blank > 0).then_some(' '));
            line.extend(rest.drain(..end));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas_or_names() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_500, "1,500"),
            (100_000, "100,000"),
            (1_000_000, "1 million"),
            (1_234_567, "1,234,567"),
            (20_000_000_000, "20 billion"),
            (1_000_000_000_000_000, "1,000 trillion"),
        ] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn times_have_two_units() {
        for (duration, text) in [
            (Duration::ZERO, "0 s"),
            (Duration::from_nanos(1), "0.001 µs"),
            (Duration::from_micros(1_500), "1.5 ms"),
            (Duration::from_millis(30), "30 ms"),
            (Duration::from_millis(12_500), "12.5 s"),
            (Duration::from_secs(72), "1 min 12 s"),
            (Duration::from_secs(37_448), "10 h 24 min"),
            (Duration::from_secs(3_601), "1 h"),
            (Duration::from_hours(24_000), "1,000 d"),
        ] {
            assert_eq!(time(duration), text);
        }
    }

    #[test]
    fn a_share_is_rounded_to_no_end() {
        for (part, whole, text) in [
            (0, 10, "0%"),
            (10, 10, "100%"),
            (1, 3, "33%"),
            (24, 1_000, "2.4%"),
            (999_600, 1_000_000, "99.96%"),
            (1, 1_000_000, "0.0001%"),
            (1, 0, "100%"),
        ] {
            assert_eq!(percent(part, whole), text);
        }
        assert!(percent(1, u64::MAX).starts_with("0.0000"));
    }

    #[test]
    fn text_is_broken_into_lines() {
        for (text, expected) in [
            ("", &[""][..]),
            ("one two", &["one", "two"]),
            ("a b c", &["a b c"]),
            ("ab cd ef", &["ab cd", "ef"]),
            ("abcdefgh i", &["abcde", "fgh i"]),
            ("a\u{0}b\n", &["a b"]),
        ] {
            assert_eq!(lines(text, 5), expected, "{text:?}");
        }
    }
}
