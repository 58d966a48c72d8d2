//! Single values: texts, numbers, durations, dates and names.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Value};
use crate::duration;
use crate::lower::{MaxRetries, Report};

/// What YAML 1.1, which many tools still read, takes for a boolean.
const YAML_1_1_BOOLEANS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];

pub(crate) const LARGEST_MAX_RETRIES: u32 = 1_000;

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

/// A scalar of which `wanted` says what it should be.
pub(crate) fn scalar<'a>(node: &'a Node, wanted: &str, report: &mut Report) -> Option<&'a Scalar> {
    if let Value::Scalar(scalar) = &node.value {
        return Some(scalar);
    }
    report.push(wrong_kind(node, wanted));
    None
}

/// What stands between the brackets of a list.
pub(crate) fn items<'a>(node: &'a Node, wanted: &str, report: &mut Report) -> Option<&'a [Node]> {
    if let Value::List(items) = &node.value {
        return Some(items);
    }
    report.push(wrong_kind(node, wanted));
    None
}

/// A text for people, on one line.
pub(crate) fn text(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = scalar(node, "text", report)?;
    let written = &scalar.text;
    if scalar.plain
        && (!scalar.is_text || YAML_1_1_BOOLEANS.contains(&written.to_lowercase().as_str()))
    {
        report.push(
            Diagnostic::new(Code::YamlWord, node.span, "text is wanted here")
                .message(format!(
                    "YAML reads `{written}` as something else than text"
                ))
                .help(format!("write \"{written}\", in quotes")),
        );
        return None;
    }
    if let Some(bad) = written.chars().find(|c| is_control(*c)) {
        report.push(
            Diagnostic::new(Code::ControlCharacter, node.span, "in this text")
                .message(format!("U+{:04X} has no place in a text", u32::from(bad)))
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

/// Control characters but for line breaks and tabs, and those that turn the direction of text:
/// nobody who reads the generated code would see them.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        )
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

pub(crate) fn texts(node: &Node, report: &mut Report) -> Vec<String> {
    items(node, "a list of texts", report)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| text(item, report))
        .collect()
}

/// A number as it is written without quotes.
pub(crate) fn number(node: &Node) -> Option<u32> {
    match &node.value {
        Value::Scalar(Scalar {
            text, plain: true, ..
        }) if is_digits(text) => text.parse().ok(),
        _ => None,
    }
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn duration(node: &Node, report: &mut Report) -> Option<Duration> {
    let text = &scalar(node, "a duration", report)?.text;
    duration::parse(text)
        .map_err(|why| {
            report.push(
                Diagnostic::new(Code::Duration, node.span, why)
                    .message(format!("`{text}` is not a duration"))
                    .help("write integers with the units d, h, m, s, ms, as in `8s`, `1m30s`, `250ms`"),
            );
        })
        .ok()
}

/// A duration that is not zero.
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

pub(crate) fn durations(node: &Node, report: &mut Report) -> Option<Vec<Duration>> {
    items(node, "a list of durations", report)?
        .iter()
        .map(|item| duration(item, report))
        // All of them are read before one that is wrong leaves none.
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

pub(crate) fn max_retries(node: &Node, report: &mut Report) -> Option<MaxRetries> {
    let written = &scalar(node, "a number of retries", report)?.text;
    let retries = match number(node) {
        Some(retries @ 1..=LARGEST_MAX_RETRIES) => Some(retries),
        _ if written == "unlimited" => None,
        _ => {
            let diagnostic =
                Diagnostic::new(Code::MaxRetries, node.span, "1 to 1000, or `unlimited`")
                    .message(format!("`{written}` is not a number of retries"));
            report.push(match number(node) {
                Some(0) => diagnostic
                    .help("where nothing is ever retried, write `never` in the rows and 1 here"),
                Some(_) => diagnostic.help("write `unlimited` where the source names no bound"),
                None => diagnostic.help("write it as digits, as in `5`"),
            });
            return None;
        }
    };
    Some(MaxRetries {
        retries,
        span: node.span,
    })
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
    let date = &scalar(node, "a date", report)?.text;
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
    let version = &scalar(node, "a version", report)?.text;
    semver::Version::parse(version)
        .map_err(|why| {
            report.push(
                Diagnostic::new(Code::Version, node.span, why.to_string())
                    .message(format!("`{version}` is not a version"))
                    .help("write three numbers, as in `0.1.0`"),
            );
        })
        .ok()
}

/// Names that a generated crate cannot have: it depends on some, and the others are the language's.
const TAKEN_CRATE_NAMES: [&str; 7] = [
    "alloc",
    "core",
    "http",
    "proc-macro",
    "retrospec",
    "std",
    "test",
];

pub(crate) fn crate_name(node: &Node, report: &mut Report) -> Option<String> {
    let name = &scalar(node, "a crate's name", report)?.text;
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
    if syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err() {
        return refuse("it is a keyword of Rust", format!("write `{name}-status`"));
    }
    Some(name.clone())
}
