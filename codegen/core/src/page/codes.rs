//! Status codes as pages write them: `429`, `5xx`, `500, 502, 503`, `500-599`, `HTTP 429 Too Many Requests`.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::Class;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Code(u16),
    Class(Class),
}

/// As a spec says it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Class(class) => class.fmt(f),
        }
    }
}

impl Key {
    /// Returns the class that it is, or is in.
    pub(super) fn class(self) -> Class {
        match self {
            Self::Code(code) => Class::of(code),
            Self::Class(class) => class,
        }
    }

    /// Returns whether it is a class, or a code that IANA has registered.
    pub(super) fn is_registered(self) -> bool {
        match self {
            Self::Class(_) => true,
            Self::Code(code) => matches!(
                code,
                100..=104 | 200..=208 | 226 | 300..=308 | 400..=418 | 421..=429 | 431 | 451 | 500..=508 | 510 | 511
            ),
        }
    }

    /// Parses what a spec says.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (key, rest) = token(text)?;
        (rest.is_empty() && key.to_string() == text).then_some(key)
    }
}

/// The codes that text begins with.
#[derive(Debug)]
pub(super) struct Codes<'a> {
    /// Never empty.
    pub(super) keys: Vec<Key>,
    /// How the rest follows.
    pub(super) joint: Joint,
    /// What comes after, without marks before it.
    pub(super) rest: &'a str,
}

/// What stands between a code and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Joint {
    /// A tab.
    Tab,
    /// Two blanks or more, as in aligned columns.
    Gap,
    /// Nothing: cells without a mark between them.
    Glued,
    /// A dash, a colon or the like.
    Mark,
    /// One blank.
    Space,
    /// Nothing follows.
    End,
}

/// Words that stand before a code.
const BEFORE: [&str; 10] = [
    "http", "https", "status", "code", "error", "any", "all", "other", "the", "response",
];
/// Letters that make a number a size or the like.
const UNITS: [&str; 26] = [
    "A", "B", "C", "F", "G", "K", "M", "T", "V", "W", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB",
    "TiB", "Hz", "KHz", "MHz", "GHz", "Mb", "Gb", "Mbps", "Gbps",
];

/// The most codes of one row. The longest range that a page may mean is about `400-451`.
const MOST_KEYS: usize = 60;

/// Returns the codes of a cell, which may also stand at its end: `Overloaded (529)`.
pub(super) fn parse_cell(cell: &str) -> Option<Codes<'_>> {
    parse(cell).or_else(|| {
        let (name, inside) = cell.trim_end().strip_suffix(')')?.rsplit_once('(')?;
        let codes = parse(inside)?;
        codes.rest.is_empty().then(|| Codes {
            keys: codes.keys,
            joint: Joint::Mark,
            rest: name.trim(),
        })
    })
}

/// Returns the codes that text begins with, or `None` if it begins with anything else.
pub(super) fn parse(text: &str) -> Option<Codes<'_>> {
    let mut text = opened(text);
    while let Some(rest) = after_word(text) {
        text = opened(rest);
    }
    let mut keys = BTreeSet::new();
    let (first, mut rest) = token(text)?;
    let mut last = first;
    keys.insert(first);
    rest = closed(rest);
    while let Some((is_range, (next, after))) = next(rest) {
        if is_range {
            keys.remove(&last);
            keys.extend(range(last, next)?);
        } else {
            keys.insert(next);
        }
        last = next;
        rest = closed(after);
    }
    if keys.len() > MOST_KEYS {
        return None;
    }
    let joint = joint(rest);
    let marks = |c: char| c.is_whitespace() || "-–—:,.|()*`_".contains(c);
    Some(Codes {
        keys: keys.into_iter().collect(),
        joint,
        rest: rest.trim_start_matches(marks),
    })
}

/// Returns what prose names: classes, as `5xx`, and codes, as `HTTP 400` or `400 Bad Request`.
pub(super) fn mentioned(text: &str) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    let words = text.split(|c: char| c.is_whitespace() || "()[]{},;:/*`_|\"'“”".contains(c));
    let mut words = words.filter(|word| !word.is_empty()).peekable();
    let mut before = "";
    while let Some(word) = words.next() {
        let is_said = BEFORE
            .iter()
            .any(|known| before.eq_ignore_ascii_case(known))
            || words
                .peek()
                .is_some_and(|next| next.starts_with(char::is_uppercase));
        let keys = parse(word).map(|codes| codes.keys).unwrap_or_default();
        found.extend(
            keys.into_iter()
                .filter(|key| is_said || matches!(key, Key::Class(_))),
        );
        before = word;
    }
    found
}

/// Returns text without blanks, bullets and quotes before it.
fn opened(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let rest =
            text.trim_start_matches(|c: char| "*`_#•·¶§>\"'“‘[(\\".contains(c) || is_symbol(c));
        let rest = match rest.strip_prefix(['-', '+', '–']) {
            Some(item) if item.starts_with(char::is_whitespace) => item,
            _ => rest,
        };
        let rest = rest.trim_start();
        if rest.len() == text.len() {
            return text;
        }
        text = rest;
    }
}

/// Returns whether a character is a picture, as those of links and of colored dots.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f300}'..='\u{1faff}')
}

/// Returns text without what ends quotes and code.
fn closed(text: &str) -> &str {
    text.trim_start_matches(|c: char| "*`_\"'”’])".contains(c))
}

/// Returns what follows one of the words that stand before a code.
fn after_word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (word, rest) = text.split_at(end);
    let known = BEFORE.iter().any(|known| word.eq_ignore_ascii_case(known));
    known
        .then(|| match rest.strip_prefix('/') {
            Some(version) => version.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'),
            None => rest,
        })
        .map(|rest| rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':'))
}

/// Returns a code or a class at the start, and what follows.
fn token(text: &str) -> Option<(Key, &str)> {
    let (token, rest) = text.split_at_checked(3)?;
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let bytes = token.as_bytes();
    let first = digit(bytes[0]).filter(|digit| *digit > 0)?;
    let key = match (bytes[1], bytes[2]) {
        (b'x' | b'X', b'x' | b'X') => Key::Class(Class(first)),
        (second, third) => Key::Code(first * 100 + digit(second)? * 10 + digit(third)?),
    };
    ends_token(rest).then_some((key, rest))
}

/// Returns whether a code can end before `rest`. Glued to it, a name may follow, but no unit.
fn ends_token(rest: &str) -> bool {
    let mut chars = rest.chars();
    let Some(next) = chars.next() else {
        return true;
    };
    match next {
        '.' | ',' => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        '%' | '°' | '€' | '$' => false,
        c if c.is_uppercase() => {
            let end = rest.find(|c: char| !c.is_alphanumeric());
            let word = &rest[..end.unwrap_or(rest.len())];
            !UNITS.contains(&word)
        }
        c => !c.is_alphanumeric(),
    }
}

/// Returns the next code of a list, and whether it ends a range that the one before begins.
fn next(rest: &str) -> Option<(bool, (Key, &str))> {
    let trimmed = rest.trim_start();
    let is_new_line = rest[..rest.len() - trimmed.len()].contains('\n');
    let mut tail = trimmed;
    let mut is_list = is_new_line;
    for mark in [",", "/", "|", "&", "and ", "or "] {
        if let Some(rest) = tail.strip_prefix(mark) {
            is_list = true;
            tail = rest.trim_start();
        }
    }
    if is_list && let Some(found) = token(opened(tail)) {
        return Some((false, found));
    }
    for mark in ["-", "–", "—", "‑", "..", "…", "to ", "through "] {
        if let Some(rest) = trimmed.strip_prefix(mark) {
            let found = token(opened(rest.trim_start_matches(['.', '='])))?;
            return Some((true, found));
        }
    }
    None
}

/// Returns what a range stands for: whole classes, or single codes.
fn range(first: Key, last: Key) -> Option<Vec<Key>> {
    match (first, last) {
        (Key::Code(first), Key::Code(last)) if first < last => {
            if first % 100 == 0 && last % 100 == 99 {
                let classes = first / 100..=last / 100;
                return Some(classes.map(|class| Key::Class(Class(class))).collect());
            }
            (last - first < 100).then(|| (first..=last).map(Key::Code).collect())
        }
        (Key::Class(first), Key::Class(last)) if first < last => {
            let classes = first.0..=last.0;
            Some(classes.map(|class| Key::Class(Class(class))).collect())
        }
        _ => None,
    }
}

fn joint(rest: &str) -> Joint {
    let trimmed = rest.trim_start();
    let blanks = &rest[..rest.len() - trimmed.len()];
    let is_mark = trimmed.starts_with(|c: char| "-–—:,.|(".contains(c));
    if trimmed.is_empty() {
        Joint::End
    } else if blanks.contains('\t') {
        Joint::Tab
    } else if blanks.chars().count() > 1 {
        Joint::Gap
    } else if is_mark {
        Joint::Mark
    } else if blanks.is_empty() {
        Joint::Glued
    } else {
        Joint::Space
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, &str)> {
        let codes = parse(text)?;
        let keys: Vec<String> = codes.keys.iter().map(Key::to_string).collect();
        Some((keys.join(" "), codes.rest))
    }

    #[test]
    fn codes_are_read_as_pages_write_them() {
        for (text, keys, rest) in [
            ("429", "429", ""),
            (" `429` ", "429", ""),
            ("**429** Too Many", "429", "Too Many"),
            ("429 - Rate limit", "429", "Rate limit"),
            ("429: Rate limit", "429", "Rate limit"),
            ("200 (OK)", "200", "OK)"),
            ("200Success", "200", "Success"),
            ("529Site is overloaded", "529", "Site is overloaded"),
            ("HTTP 503 Service", "503", "Service"),
            ("HTTP/1.1 503", "503", ""),
            ("HTTP/2 503", "503", ""),
            ("🔗 503", "503", ""),
            ("● 503 Down", "503", "Down"),
            ("Status code: 503", "503", ""),
            ("- 400 - invalid", "400", "invalid"),
            ("### 429 Slow down", "429", "Slow down"),
            ("5xx", "5XX", ""),
            ("Any 5XX error", "5XX", "error"),
            ("4xx/5xx", "4XX 5XX", ""),
            ("500-599", "5XX", ""),
            ("500–599", "5XX", ""),
            ("400 to 599", "4XX 5XX", ""),
            ("502-504", "502 503 504", ""),
            ("500, 502, 503, 504 - Errors", "500 502 503 504", "Errors"),
            ("500, 502, and 503", "500 502 503", ""),
            ("`408`, `429`, and `5xx`", "408 429 5XX", ""),
            ("500/502", "500 502", ""),
            ("500\n502", "500 502", ""),
            ("783 Unexpected Token", "783", "Unexpected Token"),
            ("429.", "429", ""),
        ] {
            assert_eq!(read(text), Some((keys.to_owned(), rest)), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_codes() {
        for text in [
            "",
            "42",
            "4290",
            "042",
            "429s",
            "429th",
            "429.5",
            "532,768",
            "100%",
            "500MB",
            "$429",
            "-429",
            "v429",
            "5x",
            "xxx",
            "5xxx",
            "Retry",
            "404-200",
            "2024-01-01",
            "é29",
            "100-198",
            "HTTP/2",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn codes_and_classes_are_found_in_prose() {
        let found = mentioned(
            "Retry all 5xx errors, (4XX) not, and 300-399 never; after `HTTP 400` or 403 Forbidden, stop. \
             Send 200 requests of 100 bytes.",
        );
        let found: Vec<String> = found.iter().map(Key::to_string).collect();
        assert_eq!(found, ["400", "403", "3XX", "4XX", "5XX"]);
    }

    /// The key of a fingerprint is what a spec writes, and nothing else.
    #[test]
    fn a_key_is_written_one_way() {
        for code in 0..=u16::MAX {
            let text = code.to_string();
            let key = (100..1000).contains(&code).then_some(Key::Code(code));
            assert_eq!(Key::parse(&text), key);
        }
        assert_eq!(Key::parse("5XX"), Some(Key::Class(Class(5))));
        for text in ["5xx", "0XX", "429 ", " 429", "500-599", ""] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
