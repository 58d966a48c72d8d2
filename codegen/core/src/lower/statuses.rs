//! The rows.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Style, Value};
use crate::lower::Report;
use crate::lower::fields::{Fields, STATUS, missing_key};
use crate::lower::retry::Behaviors;
use crate::lower::values::{as_plain, is_digits, items, text, word};
use crate::model::{Behavior, Class, ClassRow, Row};
use crate::source::Span;

pub(crate) struct Statuses {
    pub(crate) rows: Vec<Row>,
    pub(crate) classes: Vec<ClassRow>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Code(u16),
    Class(u16),
}

/// What rows before this one have taken.
#[derive(Default)]
struct Taken {
    keys: Vec<(Key, Span)>,
    variants: Vec<(String, Option<Key>, Span)>,
}

/// Every row is read even where one is wrong.
pub(crate) fn statuses(
    node: &Node,
    behaviors: &mut Behaviors,
    report: &mut Report,
) -> Option<Statuses> {
    let Some(list) = items(node, "a list of rows", report) else {
        behaviors.miss();
        return None;
    };
    if list.is_empty() {
        report.push(
            Diagnostic::new(Code::NoRows, node.span, "this list is empty")
                .help("write at least one row: `- code: 200`, with `name:` and `retry:`"),
        );
    }
    let mut taken = Taken::default();
    let mut statuses = Statuses {
        rows: Vec::new(),
        classes: Vec::new(),
    };
    for node in list {
        row(node, &mut taken, &mut statuses, behaviors, report);
    }
    statuses.rows.sort_by_key(|row| row.code);
    statuses.classes.sort_by_key(|row| row.class);
    Some(statuses)
}

/// A row that is wrong is reported and left out.
fn row(
    node: &Node,
    taken: &mut Taken,
    statuses: &mut Statuses,
    behaviors: &mut Behaviors,
    report: &mut Report,
) -> Option<()> {
    let Some(fields) = Fields::read(node, &STATUS, report) else {
        behaviors.miss();
        return None;
    };
    let key = fields
        .get("code")
        .and_then(|node| check_code(node, taken, report));
    let name = fields
        .get("name")
        .map(|node| (text(node, report), node.span));
    let description = fields
        .get("description")
        .and_then(|node| text(node, report))
        .unwrap_or_default();
    let retry = behaviors.read_required(fields.get("retry"), report);
    if let (Some(key), Some(node), Some(retry)) = (key, fields.get("code"), &retry) {
        check_is_seen(key, node.span, retry, report);
    }
    if let Some(Key::Class(class)) = key {
        if let Some((key, _)) = fields.entry("variant") {
            report.push(
                Diagnostic::new(Code::ClassVariant, key.span, "this key")
                    .help("leave it out, or give the row one code"),
            );
        }
        statuses.classes.push(ClassRow {
            class: Class(class),
            name: name.and_then(|(name, _)| name).unwrap_or_default(),
            description,
            retry: retry?,
        });
        return Some(());
    }
    if name.is_none() && !fields.misspells("name") && !fields.get("code").is_some_and(names_class) {
        report.push(missing_key("name", fields.span, STATUS.what));
    }
    let variant = match fields.get("variant") {
        Some(node) => {
            let variant = &word(node, "a variant's name", report)?.text;
            Some((check_variant(variant, node.span, report)?, node.span))
        }
        None => name
            .as_ref()
            .and_then(|(name, span)| Some((derive_variant(name.as_ref()?, *span, report)?, *span))),
    };
    let (variant, span) = variant?;
    check_variant_is_free(&variant, key, span, taken, report);
    let Key::Code(code) = key? else {
        return None;
    };
    statuses.rows.push(Row {
        code,
        name: name?.0?,
        variant,
        description,
        retry: retry?,
    });
    Some(())
}

fn check_code(node: &Node, taken: &mut Taken, report: &mut Report) -> Option<Key> {
    let scalar = word(node, "a status code", report)?;
    let text = &scalar.text;
    let mut refuse = |help: String| {
        report.push(
            Diagnostic::new(
                Code::StatusCode,
                node.span,
                "100 to 599, or a class `1XX` to `5XX`",
            )
            .message(format!("`{text}` is not a status code"))
            .help(help),
        );
        None
    };
    let is_code = |text: &str| text.len() == 3 && is_digits(text);
    let key = match (text.as_bytes(), text.parse::<u16>()) {
        _ if is_code(text) && scalar.style != Style::Plain => {
            return refuse(as_plain(scalar).unwrap_or_default());
        }
        (_, Ok(code @ 100..=599)) if is_code(text) => Key::Code(code),
        ([class @ b'1'..=b'5', b'X', b'X'], _) => Key::Class(u16::from(class - b'0')),
        ([class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'], _) => {
            return refuse(format!("write `{}XX`", char::from(*class)));
        }
        _ if text.contains(['-', '.', ',']) => {
            return refuse("write a row for each code, or for a class as `5XX`".to_owned());
        }
        _ => return refuse("write three digits, as in `429`".to_owned()),
    };
    if let Some((_, first)) = taken.keys.iter().find(|(taken, _)| *taken == key) {
        report.push(
            Diagnostic::new(Code::DuplicateCode, node.span, "given again here")
                .message(format!("the status code {text} is given twice"))
                .label(*first, "first given here")
                .help("keep one of the two rows"),
        );
        return Some(key);
    }
    taken.keys.push((key, node.span));
    Some(key)
}

/// A row that is retried, for a response that a client's HTTP library mostly keeps to itself.
fn check_is_seen(key: Key, span: Span, retry: &Behavior, report: &mut Report) {
    let (label, help) = match key {
        _ if *retry == Behavior::Never => return,
        Key::Code(100 | 102..=199) | Key::Class(1) => (
            "1xx comes before the response",
            "write `never`, or leave the row out: no client hands such a response over",
        ),
        Key::Code(301 | 302 | 303 | 307 | 308) | Key::Class(3) => (
            "a redirect, which most clients follow",
            "tell the table's users to turn off redirects in their client, or write `never`",
        ),
        _ => return,
    };
    let row = match key {
        Key::Code(code) => code.to_string(),
        Key::Class(class) => Class(class).to_string(),
    };
    report.push(
        Diagnostic::new(Code::UnseenRow, span, label)
            .message(format!("few clients ever see the row {row}"))
            .help(help),
    );
}

/// Whether a code that is wrong is likely meant to be a class.
fn names_class(code: &Node) -> bool {
    matches!(&code.value, Value::Scalar(Scalar { text, .. }) if text.ends_with(['x', 'X']))
}

/// `Too Many Requests` gives `TooManyRequests`, `URI Too Long` gives `UriTooLong`.
fn derive_variant(name: &str, span: Span, report: &mut Report) -> Option<String> {
    let variant: String = name
        .replace(['\'', '\u{2019}'], "")
        .split(|c: char| !c.is_alphanumeric())
        .map(capitalized)
        .collect();
    if is_variant(&variant) {
        return Some(variant);
    }
    report.push(
        Diagnostic::new(Code::Variant, span, "of this name")
            .message(format!("`{name}` makes no variant"))
            .help("add `variant: NAME` to the row, in upper camel case"),
    );
    None
}

fn capitalized(word: &str) -> String {
    let is_acronym = word.len() > 1 && !word.contains(char::is_lowercase);
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let rest = chars.map(|c| {
        if is_acronym {
            c.to_ascii_lowercase()
        } else {
            c
        }
    });
    first.into_iter().chain(rest).collect()
}

fn check_variant(variant: &str, span: Span, report: &mut Report) -> Option<String> {
    if is_variant(variant) {
        return Some(variant.to_owned());
    }
    report.push(
        Diagnostic::new(
            Code::Variant,
            span,
            "ASCII letters and digits in upper camel case are wanted",
        )
        .message(format!("`{variant}` cannot be a variant"))
        .help("write it as in `TooManyRequests`"),
    );
    None
}

/// `Self` is a keyword, and `Status::ALL` an associated constant.
fn is_variant(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && !matches!(text, "Self" | "ALL")
}

fn check_variant_is_free(
    variant: &str,
    key: Option<Key>,
    span: Span,
    taken: &mut Taken,
    report: &mut Report,
) {
    match taken.variants.iter().find(|(taken, ..)| taken == variant) {
        // The code is given twice, which has been said.
        Some((_, first, _)) if key.is_some() && *first == key => {}
        Some((_, _, first)) => report.push(
            Diagnostic::new(
                Code::DuplicateVariant,
                span,
                format!("this gives `{variant}`"),
            )
            .message(format!("two rows have the variant `{variant}`"))
            .label(*first, "so does this")
            .help("add `variant: NAME` to one of the two rows"),
        ),
        None => taken.variants.push((variant.to_owned(), key, span)),
    }
}
