//! Single values: strings, numbers, durations, dates and names.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic, mismatch};
use crate::document::{Node, Scalar, Style, Value};
use crate::duration;
use crate::lower::names::{YAML_1_1_BOOLEANS, is_keyword};
use crate::lower::report::Report;
use crate::source::{Span, code_point, is_control, is_false_blank};

/// Returns the diagnostic for a node that is not of the expected kind.
pub(crate) fn wrong_kind(node: &Node, expected: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::WrongKind, node.span, format!("expected {expected}"))
        .message(mismatch(expected, &kind(node)));
    match node.assumed() {
        Some(value) => diagnostic.help(format!(
            "write `{}` alone: only bounds, waits and behaviors can be assumed",
            value.flow()
        )),
        None => diagnostic,
    }
}

/// Returns the diagnostic for a scalar whose content is not what is expected.
pub(crate) fn invalid(
    code: Code,
    expected: &str,
    scalar: &Scalar,
    span: Span,
    label: impl Into<String>,
) -> Diagnostic {
    let found = match scalar.style {
        Style::Plain => format!("`{}`", scalar.text),
        Style::Quoted | Style::Block => format!("the string `{}`", scalar.text),
    };
    Diagnostic::new(code, span, label).message(mismatch(expected, &found))
}

/// Returns the kind of a node, as in "a list" or "the string `ok`".
fn kind(node: &Node) -> String {
    const LONGEST: usize = 40;

    match &node.value {
        Value::Null => "nothing".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
        Value::Scalar(scalar) if is_yaml_word(scalar) => {
            format!("the YAML value `{}`", scalar.text)
        }
        Value::Scalar(Scalar { text, .. })
            if text.len() > LONGEST || text.contains(|c: char| c.is_control() || is_control(c)) =>
        {
            "a string".to_owned()
        }
        Value::Scalar(Scalar { text, .. }) => format!("the string `{text}`"),
    }
}

/// Returns a scalar, or reports what was expected.
pub(crate) fn scalar<'a>(
    node: &'a Node,
    expected: &str,
    report: &mut Report,
) -> Option<&'a Scalar> {
    if let Value::Scalar(scalar) = &node.value {
        return Some(scalar);
    }
    report.push(wrong_kind(node, expected));
    None
}

/// Returns a scalar that a program reads: one line, without invisible characters.
pub(crate) fn word<'a>(node: &'a Node, expected: &str, report: &mut Report) -> Option<&'a Scalar> {
    let scalar = scalar(node, expected, report)?;
    match unreadable(scalar, node.span) {
        Some(diagnostic) => {
            report.push(diagnostic);
            None
        }
        None => Some(scalar),
    }
}

/// Returns the diagnostic for a scalar that a program cannot read, whatever its key is.
pub(crate) fn unreadable(scalar: &Scalar, span: Span) -> Option<Diagnostic> {
    let text = &scalar.text;
    if let Some(blank) = text.chars().find(|c| is_false_blank(*c)) {
        let code_point = code_point(blank);
        let help = format!("remove {code_point}, which is invisible or looks like a space");
        return Some(
            Diagnostic::new(
                Code::ControlCharacter,
                span,
                format!("contains {code_point}"),
            )
            .message(format!("unexpected character {code_point} in a value"))
            .help(help),
        );
    }
    if text.trim_end() != text && scalar.style == Style::Block || text.contains('\n') {
        return Some(
            Diagnostic::new(Code::WrongKind, span, "expected a value on one line")
                .message(mismatch("a value on one line", "a block of lines"))
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

/// Returns whether a scalar is plain and not a string in YAML. YAML 1.1 counts, too: many tools still
/// read it.
pub(crate) fn is_yaml_word(scalar: &Scalar) -> bool {
    let word = scalar.text.to_lowercase();
    scalar.style == Style::Plain && (!scalar.is_text || YAML_1_1_BOOLEANS.contains(&word.as_str()))
}

/// Returns the items of a list.
pub(crate) fn items<'a>(node: &'a Node, expected: &str, report: &mut Report) -> Option<&'a [Node]> {
    if let Value::List(items) = &node.value {
        return Some(items);
    }
    report.push(wrong_kind(node, expected));
    None
}

/// Returns a string for people, on one line.
pub(crate) fn text(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = scalar(node, "a string", report)?;
    let written = &scalar.text;
    if is_yaml_word(scalar) {
        report.push(yaml_word(node, format!("write `\"{written}\"`")));
        return None;
    }
    if let Some(bad) = written.chars().find(|c| is_control(*c)) {
        report.push(
            Diagnostic::new(
                Code::ControlCharacter,
                node.span,
                format!("contains {}", code_point(bad)),
            )
            .message(format!("control character {} in a string", code_point(bad)))
            .help("remove it"),
        );
        return None;
    }
    let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        report.push(
            Diagnostic::new(Code::EmptyText, node.span, "empty or blank")
                .help("write a value, or remove the key if it is optional"),
        );
        return None;
    }
    Some(text)
}

/// Returns the diagnostic for a plain scalar that is a number, a boolean or null in YAML.
pub(crate) fn yaml_word(node: &Node, help: String) -> Diagnostic {
    Diagnostic::new(Code::YamlWord, node.span, "expected a string")
        .message(mismatch("a string", &kind(node)))
        .help(help)
}

/// Returns the strings of a list that can be read.
pub(crate) fn texts(node: &Node, report: &mut Report) -> Option<Vec<String>> {
    let items = items(node, "a list of strings", report)?;
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
    let scalar = word(node, "a duration", report)?;
    let text = &scalar.text;
    match duration::parse(text) {
        Ok(duration) => Some(duration),
        Err(why) => {
            let help = match duration::likely(text) {
                Some(likely) => format!("write `{likely}`"),
                None => {
                    "write integers with the units d, h, m, s, ms, as in `8s`, `1m30s` or `250ms`"
                        .to_owned()
                }
            };
            report.push(invalid(Code::Duration, "a duration", scalar, node.span, why).help(help));
            None
        }
    }
}

/// Returns a duration that is not zero.
pub(crate) fn positive_duration(node: &Node, report: &mut Report) -> Option<Duration> {
    let duration = duration(node, report)?;
    if duration.is_zero() {
        report.push(
            Diagnostic::new(Code::Duration, node.span, "expected a duration above zero")
                .message(mismatch("a duration above zero", "zero"))
                .help("write a longer duration, as in `8s`"),
        );
        return None;
    }
    Some(duration)
}

/// Returns the durations of a list with their spans.
pub(crate) fn durations(node: &Node, report: &mut Report) -> Option<Vec<(Duration, Span)>> {
    if let Value::Scalar(scalar) = &node.value {
        let help = format!("write `[{}]`", scalar.text);
        report.push(wrong_kind(node, "a list of durations").help(help));
        return None;
    }
    items(node, "a list of durations", report)?
        .iter()
        .map(|item| Some((duration(item, report)?, item.span)))
        // The list is collected twice, so that the errors of all items are reported.
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

pub(crate) fn url(node: &Node, report: &mut Report) -> Option<String> {
    let url = text(node, report)?;
    if !is_url(&url) {
        report.push(
            Diagnostic::new(Code::Url, node.span, "expected a web address")
                .message(mismatch("a URL", &format!("`{url}`")))
                .help("copy the address from the browser, including `https://`"),
        );
        return None;
    }
    Some(url)
}

pub(crate) fn is_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\');
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain))
}

pub(crate) fn date(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = word(node, "a date", report)?;
    if !is_date(&scalar.text) {
        report.push(
            invalid(
                Code::Date,
                "a date",
                scalar,
                node.span,
                "not a day of the calendar",
            )
            .help("write year, month and day, as in `2026-11-22`"),
        );
        return None;
    }
    Some(scalar.text.clone())
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
    let scalar = word(node, "a version", report)?;
    match semver::Version::parse(&scalar.text) {
        Ok(version) => Some(version),
        Err(why) => {
            report.push(
                invalid(
                    Code::Version,
                    "a version",
                    scalar,
                    node.span,
                    why.to_string(),
                )
                .help("write three numbers, as in `0.1.0`"),
            );
            None
        }
    }
}

/// Returns an SPDX license expression, as Cargo's manifest accepts it. Whether its licenses exist is not
/// checked.
pub(crate) fn license(node: &Node, report: &mut Report) -> Option<String> {
    let license = text(node, report)?;
    let spaced = license.replace('(', "( ").replace(')', " )");
    let mut words = spaced.split(' ');
    if is_expression(&mut words, None) {
        return Some(license);
    }
    let expected = "an SPDX license expression";
    report.push(
        Diagnostic::new(Code::License, node.span, format!("expected {expected}"))
            .message(mismatch(expected, &format!("`{license}`")))
            .help("write it as in `MIT OR Apache-2.0`, or remove the key; without it, the crate cannot be published"),
    );
    None
}

/// Returns whether `words` begin with an SPDX license expression that ends with `end`. Its operands are
/// identifiers or expressions in parentheses, joined by `AND`, `OR` or `WITH`.
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

/// Names that a generated crate cannot have. It depends on some of them; Rust or Cargo uses the others.
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

/// Returns whether the name is a device on Windows. Cargo refuses such a crate.
fn is_reserved_file(name: &str) -> bool {
    let port = |kind| {
        name.strip_prefix(kind)
            .is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']))
    };
    matches!(name, "aux" | "con" | "nul" | "prn") || port("com") || port("lpt")
}

pub(crate) fn crate_name(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = word(node, "a crate name", report)?;
    let name = &scalar.text;
    if is_yaml_word(scalar) {
        report.push(yaml_word(node, format!("write `{name}-status`")));
        return None;
    }
    let mut refuse = |label: &str, help: String| {
        report.push(
            Diagnostic::new(Code::CrateName, node.span, label)
                .message(format!("invalid crate name `{name}`"))
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
            "expected lower-case words joined by `-` or `_`, at most 64 bytes",
            "write the vendor's name and `status`, as in `memfault-status`".to_owned(),
        );
    }
    if TAKEN_CRATE_NAMES.contains(&name.replace('_', "-").as_str()) {
        return refuse(
            "used by Rust, Cargo or a dependency",
            format!("write `{name}-status`"),
        );
    }
    if is_reserved_file(name) {
        return refuse(
            "reserved by Windows and Cargo",
            format!("write `{name}-status`"),
        );
    }
    if is_keyword(&name.replace('-', "_")) {
        return refuse("a Rust keyword", format!("write `{name}-status`"));
    }
    Some(name.clone())
}
