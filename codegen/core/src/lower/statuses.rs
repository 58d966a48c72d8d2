//! The rows.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Value};
use crate::lower::behavior::Behaviors;
use crate::lower::errors::errors;
use crate::lower::fields::Fields;
use crate::lower::keys::{NAME, STATUS, missing_key};
use crate::lower::report::Report;
use crate::lower::values::{as_plain, invalid, is_digits, items, text, word};
use crate::model::{Action, Behavior, Class, ClassRow, Row};
use crate::source::Span;

pub(crate) struct Statuses {
    pub(crate) rows: Vec<Row>,
    pub(crate) classes: Vec<ClassRow>,
}

enum Entry {
    Code(Row),
    Class(ClassRow),
}

/// The codes that a row covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Covers {
    Code(u16),
    Class(u16),
}

/// The codes and variants of the rows before this one.
#[derive(Default)]
struct Taken {
    codes: Vec<(Covers, Span)>,
    variants: Vec<(String, Option<Covers>, Span)>,
}

/// Reads every row and skips those with errors.
pub(crate) fn statuses(
    node: Option<&Node>,
    behaviors: &mut Behaviors,
    report: &mut Report,
) -> Option<Statuses> {
    let Some(node) = node else {
        behaviors.mark_unreadable();
        return None;
    };
    let Some(list) = items(node, "a list of rows", report) else {
        behaviors.mark_unreadable();
        return None;
    };
    if list.is_empty() {
        report.push(
            Diagnostic::new(Code::NoRows, node.span, "empty list")
                .help("add a row: `- code: 200` with `name:` and `retry:`"),
        );
    }
    let mut taken = Taken::default();
    let (mut rows, mut classes) = (Vec::new(), Vec::new());
    for node in list {
        match entry(node, &mut taken, behaviors, report) {
            Some(Entry::Code(row)) => rows.push(row),
            Some(Entry::Class(row)) => classes.push(row),
            None => {}
        }
    }
    rows.sort_by_key(|row| row.code);
    classes.sort_by_key(|row| row.class);
    Some(Statuses { rows, classes })
}

fn entry(
    node: &Node,
    taken: &mut Taken,
    behaviors: &mut Behaviors,
    report: &mut Report,
) -> Option<Entry> {
    let Some(fields) = Fields::read(node, &STATUS, report) else {
        behaviors.mark_unreadable();
        return None;
    };
    let code = fields.get("code");
    let covers = fields.value(
        "code",
        |code, report| check_code(code, taken, report),
        report,
    );
    let name = fields.value("name", text, report);
    let description = fields.value("description", text, report);
    let description = description.unwrap_or_default();
    let retry = behaviors.read_required(fields.get("retry"), report);
    let mut assumed = fields.assumed().to_vec();
    let errors = match fields.get("errors") {
        Some(node) => errors(node, behaviors, &mut assumed, report),
        None => Some(Vec::new()),
    };
    if let (Some(covers), Some(code), Some(retry)) = (covers, code, &retry) {
        check_is_seen(covers, code.span, retry, report);
    }
    if let Some(Covers::Class(class)) = covers {
        if let Some((key, _)) = fields.entry("variant") {
            report.push(
                Diagnostic::new(Code::ClassVariant, key.span, "not allowed in a class row")
                    .help("remove it, or give the row one code"),
            );
        }
        return Some(Entry::Class(ClassRow {
            class: Class(class),
            name: name.unwrap_or_default(),
            description,
            retry: retry?,
            errors: errors?,
            assumed,
        }));
    }
    if fields.lacks("name") && !code.is_some_and(names_class) {
        report.push(missing_key(&NAME, fields.span, STATUS.what));
    }
    let (variant, span) = variant(&fields, name.as_deref(), report)?;
    check_variant_is_free(&variant, covers, span, taken, report);
    let Covers::Code(code) = covers? else {
        return None;
    };
    Some(Entry::Code(Row {
        code,
        name: name?,
        variant,
        description,
        retry: retry?,
        errors: errors?,
        assumed,
    }))
}

/// Returns the variant of a row with its span. Without the key `variant`, it is derived from the name.
fn variant(fields: &Fields, name: Option<&str>, report: &mut Report) -> Option<(String, Span)> {
    if let Some(node) = fields.get("variant") {
        let variant = &word(node, "a variant", report)?.text;
        return Some((check_variant(variant, node.span, report)?, node.span));
    }
    let span = fields.get("name")?.span;
    Some((check_name(name?, span, report)?, span))
}

fn check_code(node: &Node, taken: &mut Taken, report: &mut Report) -> Option<Covers> {
    let scalar = word(node, "a status code", report)?;
    let text = &scalar.text;
    let mut refuse = |help: String| {
        report.push(
            invalid(
                Code::StatusCode,
                "a status code",
                scalar,
                node.span,
                "expected 100 to 999, or a class `1XX` to `9XX`",
            )
            .help(help),
        );
        None
    };
    let is_code = |text: &str| text.len() == 3 && is_digits(text);
    let covers = match (text.as_bytes(), text.parse::<u16>()) {
        (_, Ok(code @ 100..=999)) if is_code(text) => match as_plain(scalar) {
            None => Covers::Code(code),
            Some(help) => return refuse(help),
        },
        ([class @ b'1'..=b'9', b'X', b'X'], _) => Covers::Class(u16::from(class - b'0')),
        ([class @ b'1'..=b'9', b'x' | b'X', b'x' | b'X'], _) => {
            return refuse(format!("write `{}XX`", char::from(*class)));
        }
        _ if text.contains(['-', '.', ',']) => {
            return refuse("add a row for each code, or one for a class such as `5XX`".to_owned());
        }
        _ => return refuse("write three digits, as in `429`".to_owned()),
    };
    if let Some((_, first)) = taken.codes.iter().find(|(taken, _)| *taken == covers) {
        report.push(
            Diagnostic::new(Code::DuplicateCode, node.span, "duplicate status code")
                .message(format!("duplicate status code {text}"))
                .label(*first, "first given here")
                .help("remove one of the two rows"),
        );
        return Some(covers);
    }
    taken.codes.push((covers, node.span));
    Some(covers)
}

/// Warns about a retried row whose responses most HTTP clients never return.
fn check_is_seen(covers: Covers, span: Span, retry: &Behavior, report: &mut Report) {
    let (label, help) = match covers {
        _ if retry.action == Action::Never => return,
        Covers::Code(100 | 102..=199) | Covers::Class(1) => (
            "1xx comes before the final response",
            "write `never`, or remove the row: no client returns such a response",
        ),
        Covers::Code(301 | 302 | 303 | 307 | 308) | Covers::Class(3) => (
            "most clients follow this redirect",
            "tell users of the table to turn off redirects in their client, or write `never`",
        ),
        _ => return,
    };
    let row = match covers {
        Covers::Code(code) => code.to_string(),
        Covers::Class(class) => Class(class).to_string(),
    };
    report.push(
        Diagnostic::new(Code::UnseenRow, span, label)
            .message(format!("few clients see row {row}"))
            .help(help),
    );
}

/// Returns whether an invalid code likely stands for a class.
fn names_class(code: &Node) -> bool {
    matches!(&code.value, Value::Scalar(Scalar { text, .. }) if text.ends_with(['x', 'X']))
}

/// Returns the variant for a name, or reports that there is none.
fn check_name(name: &str, span: Span, report: &mut Report) -> Option<String> {
    let variant = derive_variant(name);
    if is_variant(&variant) {
        return Some(variant);
    }
    report.push(
        Diagnostic::new(Code::Variant, span, "not an ASCII identifier")
            .message(format!("cannot derive a variant from `{name}`"))
            .help("add `variant: NAME` to the row, in upper camel case"),
    );
    None
}

/// Returns `TooManyRequests` for `Too Many Requests`, and `UriTooLong` for `URI Too Long`. Not everything that
/// comes of a name is a variant.
pub(crate) fn derive_variant(name: &str) -> String {
    name.replace(['\'', '\u{2019}'], "")
        .split(|c: char| !c.is_alphanumeric())
        .map(capitalized)
        .collect()
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
            "expected ASCII letters and digits in upper camel case",
        )
        .message(format!("invalid variant `{variant}`"))
        .help("write a name such as `TooManyRequests`"),
    );
    None
}

/// `Self` is a keyword, and `Status::ALL` an associated constant.
pub(crate) fn is_variant(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && !matches!(text, "Self" | "ALL")
}

fn check_variant_is_free(
    variant: &str,
    covers: Option<Covers>,
    span: Span,
    taken: &mut Taken,
    report: &mut Report,
) {
    match taken.variants.iter().find(|(taken, ..)| taken == variant) {
        // The code is a duplicate, which is already reported.
        Some((_, first, _)) if covers.is_some() && *first == covers => {}
        Some((_, _, first)) => report.push(
            Diagnostic::new(Code::DuplicateVariant, span, "duplicate variant")
                .message(format!("duplicate variant `{variant}`"))
                .label(*first, "first given here")
                .help("add `variant: NAME` to one of the two rows"),
        ),
        None => taken.variants.push((variant.to_owned(), covers, span)),
    }
}
