//! The headers by which the server asks for a wait.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Node;
use crate::lower::fields::{Fields, entries};
use crate::lower::headers::{header_name, header_value};
use crate::lower::keys::WAIT_HEADER;
use crate::lower::names::{list, nearest};
use crate::lower::report::Report;
use crate::lower::values::{invalid, items, word};
use crate::model::{WaitForm, WaitHeader};
use crate::source::Span;

/// Reads `retry_after`, and skips the headers with errors.
pub(crate) fn wait_headers(node: &Node, report: &mut Report) -> Option<Vec<WaitHeader>> {
    let items = items(node, "a list of headers", report)?;
    if items.is_empty() {
        report.push(
            Diagnostic::new(Code::NoWaitHeaders, node.span, "empty list")
                .help("write a header, as in `[{header: Retry-After}]`, or remove the key"),
        );
    }
    let mut headers: Vec<(WaitHeader, Span)> = Vec::new();
    for item in items {
        let Some(header) = wait_header(item, report) else {
            continue;
        };
        let is_same = |other: &WaitHeader| spelled_alike(other) == spelled_alike(&header);
        if let Some((_, first)) = headers.iter().find(|(other, _)| is_same(other)) {
            report.push(
                Diagnostic::new(Code::DuplicateHeader, item.span, "duplicate header")
                    .message(format!("duplicate header `{}`", header.name))
                    .label(*first, "first given here")
                    .help("remove one of the two"),
            );
        }
        headers.push((header, item.span));
    }
    Some(headers.into_iter().map(|(header, _)| header).collect())
}

/// Returns a header with names in lower case and sorted conditions.
fn spelled_alike(header: &WaitHeader) -> WaitHeader {
    let lower = |(name, value): &(String, String)| (name.to_lowercase(), value.clone());
    let mut only_if: Vec<_> = header.only_if.iter().map(lower).collect();
    only_if.sort_unstable();
    WaitHeader {
        name: header.name.to_lowercase(),
        form: header.form,
        only_if,
    }
}

fn wait_header(node: &Node, report: &mut Report) -> Option<WaitHeader> {
    let fields = Fields::read(node, &WAIT_HEADER, report)?;
    let name = fields.value("header", header_name, report);
    let form = match fields.get("as") {
        Some(node) => form(node, report),
        None => Some(WaitForm::RetryAfter),
    };
    let only_if = match fields.get("only_if") {
        Some(node) => conditions(node, report),
        None => Some(Vec::new()),
    };
    Some(WaitHeader {
        name: name?,
        form: form?,
        only_if: only_if?,
    })
}

fn form(node: &Node, report: &mut Report) -> Option<WaitForm> {
    let scalar = word(node, "the form of a wait", report)?;
    let forms = || WaitForm::ALL.into_iter().map(WaitForm::word);
    let found = WaitForm::ALL
        .into_iter()
        .find(|form| form.word() == scalar.text);
    if found.is_none() {
        let help = match scalar.text.to_lowercase().as_str() {
            "s" | "sec" | "delay-seconds" => "write `seconds`".to_owned(),
            "ms" | "millis" | "msec" => "write `milliseconds`".to_owned(),
            "epoch" | "unix" | "timestamp" | "unix-timestamp" => "write `unix-seconds`".to_owned(),
            "date" | "http-date" => "write `retry-after`, which reads dates as well".to_owned(),
            other => match nearest(other, forms()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", list(forms())),
            },
        };
        report.push(
            invalid(
                Code::WaitForm,
                "the form of a wait",
                scalar,
                node.span,
                "unknown form",
            )
            .help(help),
        );
    }
    found
}

/// Reads the values that other headers must have.
fn conditions(node: &Node, report: &mut Report) -> Option<Vec<(String, String)>> {
    let entries = entries(node, "a map of headers and their values", report)?;
    if entries.is_empty() {
        report.push(
            Diagnostic::new(Code::HeaderValue, node.span, "no condition")
                .help("write a header and its value, as in `{X-RateLimit-Remaining: \"0\"}`, or remove the key"),
        );
        return None;
    }
    for (n, (name, key, _)) in entries.iter().enumerate() {
        let mut before = entries[..n].iter();
        if let Some((_, first, _)) = before.find(|(other, ..)| other.eq_ignore_ascii_case(name)) {
            report.push(
                Diagnostic::new(Code::DuplicateHeader, key.span, "duplicate header")
                    .message(format!("duplicate header `{name}`"))
                    .label(first.span, "first given here")
                    .help("remove one of the two: names of headers have no case"),
            );
        }
    }
    let conditions: Vec<Option<(String, String)>> = entries
        .into_iter()
        .map(|(_, key, value)| {
            let name = header_name(key, report);
            let value = header_value(value, report);
            Some((name?, value?))
        })
        .collect();
    conditions.into_iter().collect()
}
