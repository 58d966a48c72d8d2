//! Times as pages write them: `8`, `8s`, `8 seconds`, `4,096`, `1.1 hours`, `1 min 30 s`, `five minutes`.

use std::time::Duration;

/// A number, and the unit that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount {
    /// The number without its point.
    digits: u64,
    /// How many of the digits stand after the point.
    decimals: u32,
    /// Nanoseconds in its unit.
    unit: Option<u64>,
}

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
/// Units of which a bare number may be one.
const BARE: [u64; 2] = [SECOND / 1_000, SECOND];
const MOST_DIGITS: usize = 18;
const MOST_DECIMALS: usize = 6;

/// Returns the nanoseconds in a unit of time.
pub(super) fn unit(word: &str) -> Option<u64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => SECOND / 1_000,
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => 24 * HOUR,
        _ => return None,
    })
}

/// Returns a number that is written as a word.
fn numeral(word: &str) -> Option<u64> {
    const WORDS: [(&str, u64); 17] = [
        ("a", 1),
        ("an", 1),
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("twelve", 12),
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
        ("sixty", 60),
    ];
    let mut known = WORDS.iter();
    known
        .find(|(known, _)| word.eq_ignore_ascii_case(known))
        .map(|(_, number)| *number)
}

/// Words between the members of a list.
const LINKS: [&str; 4] = ["and", "or", "then", "to"];
/// After one of these, `a minute` is a wait. Else it is a rate, as in `10 requests a minute`.
const BEFORE_WAIT: [&str; 10] = [
    "about", "after", "for", "least", "of", "pause", "sleep", "wait", "waiting", "waits",
];

/// Returns the amounts in text. In a list, a number has the unit of the last one: `1, 2 and 4 seconds`.
pub(super) fn amounts(text: &str) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut rest = text;
    // The last amount, if a further one may belong to it.
    let mut sum: Option<Amount> = None;
    // Where the numbers of the list begin that still have no unit.
    let mut list = 0;
    let mut before = "";
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let between = &rest[..start];
        if between.chars().any(|c| c != ' ') {
            sum = None;
        }
        let is_broken = between.contains('\n') && !between.contains(',');
        if is_broken || between.chars().any(|c| !" ,;/-–\u{a0}\n".contains(c)) {
            list = found.len();
        }
        rest = &rest[start..];
        if let Some(after) = after_date(rest) {
            rest = after;
            (sum, list, before) = (None, found.len(), "");
            continue;
        }
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        let is_inside =
            sum.is_none() && text[..text.len() - rest.len()].ends_with(['.', '_', '$', '^', '{']);
        let (numbers, after) = if is_number { number(rest) } else { word(rest) };
        let (unit, after) = unit_after(after);
        let is_whole = !after.starts_with(char::is_alphanumeric)
            || (unit.is_some() && after.starts_with(|c: char| c.is_ascii_digit()));
        let end = rest.find(|c: char| !c.is_alphanumeric());
        let token = &rest[..end.unwrap_or(rest.len())];
        let has =
            |words: &[&str], word: &str| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        let is_rate =
            has(&["per"], before) || (has(&["a", "an"], token) && !has(&BEFORE_WAIT, before));
        if is_inside || !is_whole || is_rate || numbers.is_empty() || (!is_number && unit.is_none())
        {
            rest = &rest[token.len()..];
            before = token;
            sum = None;
            if !has(&LINKS, token) {
                list = found.len();
            }
            continue;
        }
        rest = after;
        before = "";
        if unit.is_some() {
            for member in &mut found[list..] {
                *member = member.in_unit(unit);
            }
        }
        let read = numbers.into_iter().map(|(digits, decimals)| Amount {
            digits,
            decimals,
            unit,
        });
        let read: Vec<Amount> = read.collect();
        sum = match (sum, &read[..]) {
            (Some(sum), [amount]) => sum.plus(*amount),
            (None, [amount]) if unit.is_some() => Some(*amount),
            _ => None,
        };
        found.extend(sum);
        found.extend(read);
        if unit.is_some() {
            list = found.len();
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns what follows a date, as `2026-11-22`.
fn after_date(text: &str) -> Option<&str> {
    let date = text.as_bytes().get(..10)?;
    let is_date = date.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then(|| &text[10..])
}

/// Returns the numbers that digits may stand for, and what follows them.
fn number(text: &str) -> (Vec<(u64, u32)>, &str) {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let first = digits(text);
    let mut groups = vec![&text[..first]];
    let mut rest = &text[first..];
    while let Some(mark) = rest
        .chars()
        .next()
        .filter(|c| ",'’\u{a0}\u{2009}\u{202f}".contains(*c))
    {
        let group = &rest[mark.len_utf8()..];
        if digits(group) != 3 {
            break;
        }
        groups.push(&group[..3]);
        rest = &group[3..];
    }
    let fraction = rest.strip_prefix('.').map_or(0, digits);
    let decimals = if fraction > 0 {
        &rest[1..=fraction]
    } else {
        ""
    };
    let rest = if fraction > 0 {
        &rest[1 + fraction..]
    } else {
        rest
    };
    let decimals = decimals.trim_end_matches('0');
    let value = |whole: &str| {
        let is_short =
            whole.len() + decimals.len() <= MOST_DIGITS && decimals.len() <= MOST_DECIMALS;
        let number = format!("{whole}{decimals}");
        is_short
            .then(|| number.parse().ok())
            .flatten()
            .map(|number: u64| (number, u32::try_from(decimals.len()).unwrap_or(0)))
    };
    let is_grouped = groups.len() > 1 && first <= 3;
    let mut numbers: Vec<(u64, u32)> = value(&groups.concat()).into_iter().collect();
    if is_grouped {
        // It may be a list instead.
        numbers.extend(groups.iter().filter_map(|group| value(group)));
    }
    (numbers, rest)
}

/// Returns the number that a word stands for, and what follows.
fn word(text: &str) -> (Vec<(u64, u32)>, &str) {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (
        numeral(word)
            .map(|number| (number, 0))
            .into_iter()
            .collect(),
        rest,
    )
}

/// Returns the unit that follows a number, and what follows the unit.
fn unit_after(text: &str) -> (Option<u64>, &str) {
    let blank = |c: char| c == ' ' || c == '\u{a0}' || c == '\u{202f}' || c == '-';
    let word = text.strip_prefix(blank).unwrap_or(text);
    let end = word
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(word.len());
    match unit(&word[..end]) {
        Some(unit) => (Some(unit), &word[end..]),
        None => (None, text),
    }
}

impl Amount {
    /// Returns the sum of two amounts with units, as `1 min 30 s`.
    fn plus(self, other: Self) -> Option<Self> {
        let nanos = |amount: Self| {
            let whole = amount.digits.checked_mul(amount.unit?)?;
            Some(whole / 10_u64.pow(amount.decimals))
        };
        Some(Self {
            digits: nanos(self)?.checked_add(nanos(other)?)?,
            decimals: 0,
            unit: Some(1),
        })
    }

    pub(super) fn has_unit(self) -> bool {
        self.unit.is_some()
    }

    /// Returns the amount in a unit if it has none.
    pub(super) fn in_unit(self, unit: Option<u64>) -> Self {
        Self {
            unit: self.unit.or(unit),
            ..self
        }
    }

    /// Returns the wait that it is, in seconds if it has no unit.
    pub(super) fn wait(self) -> Option<Duration> {
        let nanos = u128::from(self.digits) * u128::from(self.unit.unwrap_or(SECOND));
        let nanos = nanos / 10_u128.pow(self.decimals);
        u64::try_from(nanos).ok().map(Duration::from_nanos)
    }

    /// Returns whether this is how a page may write a wait.
    pub(super) fn is(self, wait: Duration) -> bool {
        let wait = wait.as_nanos();
        let scale = 10_u128.pow(self.decimals);
        let is_exactly =
            |unit: u64| u128::from(self.digits) * u128::from(unit) == wait.saturating_mul(scale);
        match self.unit {
            Some(unit) if self.decimals > 0 => {
                // Rounded to the digits that are shown.
                let shown = u128::from(self.digits) * u128::from(unit);
                2 * shown.abs_diff(wait.saturating_mul(scale)) <= u128::from(unit)
            }
            Some(unit) => is_exactly(unit),
            None => BARE.into_iter().any(is_exactly),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, millis: u64) -> bool {
        let found = amounts(text);
        found
            .iter()
            .any(|amount| amount.is(Duration::from_millis(millis)))
    }

    #[test]
    fn waits_are_found_in_any_unit() {
        for (text, millis) in [
            ("8", 8_000),
            ("wait 8.", 8_000),
            ("8s, 64s", 64_000),
            ("8 seconds", 8_000),
            ("(512)", 512_000),
            ("32,768", 32_768_000),
            ("32'768", 32_768_000),
            ("32768", 32_768_000),
            ("1,2,4", 2_000),
            ("100,200,400", 200_000),
            ("500", 500),
            ("500ms", 500),
            ("0.5 s", 500),
            ("0.5", 500),
            ("2.0", 2_000),
            ("1 minute", 60_000),
            ("a 5-minute wait", 300_000),
            ("five minutes", 300_000),
            ("wait a minute", 60_000),
            ("8, 64 and 512 minutes", 480_000),
            ("8-10 minutes", 480_000),
            ("1, 2 or 3 h", 7_200_000),
            ("1m30s", 90_000),
            ("1 min 30 s", 90_000),
            ("1 hour 30 minutes 5 seconds", 5_405_000),
            ("about 1.1 hours", 4_096_000),
            ("9.1 hours", 32_768_000),
            ("9 h 6 min 8 s", 32_768_000),
            ("1 day", 86_400_000),
        ] {
            assert!(has(text, millis), "{text}: {:?}", amounts(text));
        }
    }

    #[test]
    fn parts_of_words_and_numbers_are_no_waits() {
        for (text, millis) in [
            ("v8", 8_000),
            ("8x", 8_000),
            ("80", 8_000),
            ("18", 8_000),
            ("1.8", 8_000),
            ("8.1", 8_000),
            ("64s", 64),
            ("8 minutes", 8_000),
            ("1 hour", 4_096_000),
            ("eight", 8_000),
            ("$8", 8_000),
            ("8th", 8_000),
            ("2^8", 8_000),
            ("2026-11-22", 22_000),
            ("100 requests a minute", 60_000),
            ("100 requests per 60 seconds", 60_000),
            ("8, 64 minutes", 8_000),
        ] {
            assert!(!has(text, millis), "{text}: {:?}", amounts(text));
        }
    }
}
