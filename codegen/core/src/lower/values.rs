//! Single values: strings, numbers, durations, dates and names.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Style, Value};
use crate::duration;
use crate::lower::names::{YAML_1_1_BOOLEANS, is_keyword};
use crate::lower::report::Report;
use crate::source::{Span, code_point, is_control, is_false_blank};

pub(crate) fn wrong_kind(node: &Node, wanted: &str) -> Diagnostic {
    let found = match &node.value {
        Value::Null => "nothing",
        Value::Scalar(_) => "a single value",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    };
    Diagnostic::new(Code::WrongKind, node.span, format!("this is {found}"))
        .message(format!("{wanted} is wanted here"))
}

/// Returns a scalar; `wanted` says what it should be.
pub(crate) fn scalar<'a>(node: &'a Node, wanted: &str, report: &mut Report) -> Option<&'a Scalar> {
    if let Value::Scalar(scalar) = &node.value {
        return Some(scalar);
    }
    report.push(wrong_kind(node, wanted));
    None
}

/// Returns a scalar that a program reads: one line, without anything invisible.
pub(crate) fn word<'a>(node: &'a Node, wanted: &str, report: &mut Report) -> Option<&'a Scalar> {
    let scalar = scalar(node, wanted, report)?;
    match unreadable(scalar, node.span) {
        Some(diagnostic) => {
            report.push(diagnostic);
            None
        }
        None => Some(scalar),
    }
}

/// Returns what keeps a program from reading a scalar, whatever it should be.
pub(crate) fn unreadable(scalar: &Scalar, span: Span) -> Option<Diagnostic> {
    let text = &scalar.text;
    if let Some(blank) = text.chars().find(|c| is_false_blank(*c)) {
        let code_point = code_point(blank);
        let help = format!("delete {code_point}, which looks like a blank or like nothing");
        return Some(
            Diagnostic::new(
                Code::ControlCharacter,
                span,
                format!("{code_point} is in it"),
            )
            .message(format!("{code_point} in a value"))
            .help(help),
        );
    }
    if text.trim_end() != text && scalar.style == Style::Block || text.contains('\n') {
        return Some(
            Diagnostic::new(Code::WrongKind, span, "this is a block of lines")
                .message("a value on one line is wanted here")
                .help("write it after its key, without `|` or `>`"),
        );
    }
    None
}

/// Returns how to write a quoted or block scalar as a plain one, or `None` if it is plain.
pub(crate) fn as_plain(scalar: &Scalar) -> Option<String> {
    match scalar.style {
        Style::Plain => None,
        Style::Quoted => Some(format!("write `{}`, without quotes", scalar.text)),
        Style::Block => Some(format!(
            "write `{}` after its key, without `|` or `>`",
            scalar.text
        )),
    }
}

/// Returns whether YAML does not read a plain scalar as a string, or YAML 1.1 does not, which many
/// tools still read.
pub(crate) fn is_yaml_word(scalar: &Scalar) -> bool {
    let word = scalar.text.to_lowercase();
    scalar.style == Style::Plain && (!scalar.is_text || YAML_1_1_BOOLEANS.contains(&word.as_str()))
}

/// Returns the items of a list.
pub(crate) fn items<'a>(node: &'a Node, wanted: &str, report: &mut Report) -> Option<&'a [Node]> {
    if let Value::List(items) = &node.value {
        return Some(items);
    }
    report.push(wrong_kind(node, wanted));
    None
}

/// Returns a string for people, on one line.
pub(crate) fn text(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = scalar(node, "text", report)?;
    let written = &scalar.text;
    if is_yaml_word(scalar) {
        let help = format!("write \"{written}\", in quotes");
        report.push(yaml_word(written, node.span, help));
        return None;
    }
    if let Some(bad) = written.chars().find(|c| is_control(*c)) {
        report.push(
            Diagnostic::new(Code::ControlCharacter, node.span, "in this text")
                .message(format!("{} has no place in a text", code_point(bad)))
                .help("leave it out"),
        );
        return None;
    }
    let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        report.push(
            Diagnostic::new(Code::EmptyText, node.span, "nothing but blanks")
                .help("write it out; a key that is not required can be left out"),
        );
        return None;
    }
    Some(text)
}

/// Returns the diagnostic for a plain scalar that YAML reads as a number, a boolean or nothing.
pub(crate) fn yaml_word(written: &str, span: Span, help: String) -> Diagnostic {
    Diagnostic::new(Code::YamlWord, span, "text is wanted here")
        .message(format!(
            "YAML reads `{written}` as something else than text"
        ))
        .help(help)
}

/// Returns the strings of a list that can be read.
pub(crate) fn texts(node: &Node, report: &mut Report) -> Option<Vec<String>> {
    let items = items(node, "a list of texts", report)?;
    Some(items.iter().filter_map(|item| text(item, report)).collect())
}

/// Returns a number that is written without quotes.
pub(crate) fn number(node: &Node) -> Option<u32> {
    match &node.value {
        Value::Scalar(Scalar {
            text,
            style: Style::Plain,
            ..
        }) if is_digits(text) => text.parse().ok(),
        _ => None,
    }
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn duration(node: &Node, report: &mut Report) -> Option<Duration> {
    let text = &word(node, "a duration", report)?.text;
    match duration::parse(text) {
        Ok(duration) => Some(duration),
        Err(why) => {
            let help = match duration::likely(text) {
                Some(likely) => format!("write `{likely}`"),
                None => {
                    "write integers with the units d, h, m, s, ms, as in `8s`, `1m30s`, `250ms`"
                        .to_owned()
                }
            };
            report.push(
                Diagnostic::new(Code::Duration, node.span, why)
                    .message(format!("`{text}` is not a duration"))
                    .help(help),
            );
            None
        }
    }
}

/// Returns a duration that is not zero.
pub(crate) fn positive_duration(node: &Node, report: &mut Report) -> Option<Duration> {
    let duration = duration(node, report)?;
    if duration.is_zero() {
        report.push(
            Diagnostic::new(Code::Duration, node.span, "this is no time at all")
                .message("a duration of zero has no meaning here")
                .help("write how long it is, as in `8s`"),
        );
        return None;
    }
    Some(duration)
}

/// Returns the durations of a list, each with its place.
pub(crate) fn durations(node: &Node, report: &mut Report) -> Option<Vec<(Duration, Span)>> {
    if let Value::Scalar(scalar) = &node.value {
        let help = format!("write `[{}]`", scalar.text);
        report.push(wrong_kind(node, "a list of durations").help(help));
        return None;
    }
    items(node, "a list of durations", report)?
        .iter()
        .map(|item| Some((duration(item, report)?, item.span)))
        // Every item is read, and reported, before one with an error leaves none.
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

pub(crate) fn url(node: &Node, report: &mut Report) -> Option<String> {
    let url = text(node, report)?;
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\');
    if rest.is_none_or(|rest| rest.is_empty() || !rest.chars().all(is_plain)) {
        report.push(
            Diagnostic::new(Code::Url, node.span, "this is not a web address")
                .message(format!("`{url}` is not a URL"))
                .help("write it as a browser shows it, from `https://` on"),
        );
        return None;
    }
    Some(url)
}

pub(crate) fn date(node: &Node, report: &mut Report) -> Option<String> {
    let date = &word(node, "a date", report)?.text;
    if !is_date(date) {
        report.push(
            Diagnostic::new(Code::Date, node.span, "this is not a day of the calendar")
                .message(format!("`{date}` is not a date"))
                .help("write year, month and day, as in `2026-11-22`"),
        );
        return None;
    }
    Some(date.clone())
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2)
        || !parts.iter().all(|part| is_digits(part))
    {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

pub(crate) fn version(node: &Node, report: &mut Report) -> Option<semver::Version> {
    let version = &word(node, "a version", report)?.text;
    match semver::Version::parse(version) {
        Ok(version) => Some(version),
        Err(why) => {
            report.push(
                Diagnostic::new(Code::Version, node.span, why.to_string())
                    .message(format!("`{version}` is not a version"))
                    .help("write three numbers, as in `0.1.0`"),
            );
            None
        }
    }
}

/// Returns an SPDX license expression, as Cargo's manifest takes it; whether its licenses exist is for a
/// registry to say.
pub(crate) fn license(node: &Node, report: &mut Report) -> Option<String> {
    let license = text(node, report)?;
    let spaced = license.replace('(', "( ").replace(')', " )");
    let mut words = spaced.split(' ');
    if is_expression(&mut words, None) {
        return Some(license);
    }
    report.push(
        Diagnostic::new(Code::License, node.span, "expected an SPDX license expression")
            .message(format!("`{license}` is not a license"))
            .help("write it as in `MIT OR Apache-2.0`, or leave the key out: then the crate is not published"),
    );
    None
}

/// Returns whether `words` begin with an SPDX license expression that ends with `end`: identifiers with `AND`,
/// `OR` or `WITH` between them, and expressions in parentheses in their place.
fn is_expression<'a>(words: &mut impl Iterator<Item = &'a str>, end: Option<&str>) -> bool {
    let is_operator = |word: &str| matches!(word, "AND" | "OR" | "WITH");
    let is_id = |word: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+');
        word.starts_with(|first: char| first.is_ascii_alphanumeric())
            && word.bytes().all(plain)
            && !is_operator(word)
    };
    loop {
        let is_operand = match words.next() {
            Some("(") => is_expression(words, Some(")")),
            Some(word) => is_id(word),
            None => false,
        };
        if !is_operand {
            return false;
        }
        match words.next() {
            Some(word) if is_operator(word) => {}
            next => return next == end,
        }
    }
}

/// Names that a generated crate cannot have: it depends on some, the others are the language's or Cargo's.
const TAKEN_CRATE_NAMES: [&str; 11] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "http",
    "incremental",
    "proc-macro",
    "retrospec",
    "std",
    "test",
];

/// Returns whether Windows takes a file of this name for a device, so that Cargo refuses the crate.
fn is_reserved_file(name: &str) -> bool {
    let port = |kind| {
        name.strip_prefix(kind)
            .is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']))
    };
    matches!(name, "aux" | "con" | "nul" | "prn") || port("com") || port("lpt")
}

pub(crate) fn crate_name(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = word(node, "a crate's name", report)?;
    let name = &scalar.text;
    if is_yaml_word(scalar) {
        report.push(yaml_word(name, node.span, format!("write `{name}-status`")));
        return None;
    }
    let mut refuse = |label: &str, help: String| {
        report.push(
            Diagnostic::new(Code::CrateName, node.span, label)
                .message(format!("`{name}` cannot be the name of a crate"))
                .help(help),
        );
        None
    };
    let words = || name.split(['-', '_']);
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.len() > 64
        || !name.starts_with(|c: char| c.is_ascii_lowercase())
        || !words().all(is_word)
    {
        return refuse(
            "lower-case words joined by `-` are wanted, 64 bytes at most",
            "write the vendor's name and `status`, as in `memfault-status`".to_owned(),
        );
    }
    if TAKEN_CRATE_NAMES.contains(&name.replace('_', "-").as_str()) {
        return refuse("it is taken", format!("write `{name}-status`"));
    }
    if is_reserved_file(name) {
        return refuse(
            "Cargo and Windows reserve this name",
            format!("write `{name}-status`"),
        );
    }
    if is_keyword(&name.replace('-', "_")) {
        return refuse("it is a keyword of Rust", format!("write `{name}-status`"));
    }
    Some(name.clone())
}
