//! What the tests of the importer share: documents, and what is drafted of them.

#![allow(dead_code, reason = "every test file uses some of it")]

use retrospec_codegen::internal::import::{Draft, NoDraft, Request, draft};
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::{Source, check};
use serde_json::{Value, json};

#[path = "../../../../tests/fuzz/invariants/import.rs"]
pub(crate) mod import;

pub(crate) fn try_draft(
    text: &str,
    operations: &[&str],
    api: Option<&str>,
) -> Result<Draft, NoDraft> {
    let operations: Vec<String> = operations.iter().map(|name| (*name).to_owned()).collect();
    let request = Request {
        operations: &operations,
        api,
        read: "2026-11-27",
    };
    draft(&Source::new("openapi.yaml", text), &request)
}

#[track_caller]
pub(crate) fn drafted(text: &str) -> Draft {
    try_draft(text, &[], None).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

#[track_caller]
pub(crate) fn refused(text: &str) -> String {
    match try_draft(text, &[], None) {
        Err(NoDraft::Document(message)) => message,
        other => panic!("{other:?}"),
    }
}

/// The table of a draft with `never` for what is undecided.
#[track_caller]
pub(crate) fn decided(draft: &Draft) -> Model {
    let lines: Vec<String> = draft.text.lines().map(import::decided).collect();
    let source = Source::new("decided.yaml", lines.join("\n"));
    let checked = check(&source);
    let errors = checked.errors(&source);
    checked
        .model
        .unwrap_or_else(|| panic!("{errors}\n{}", draft.text))
}

/// A document with these operations of `/a`, by method, and other keys.
pub(crate) fn document(operations: &Value, other: &Value) -> String {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Example", "version": "1"},
        "paths": {"/a": operations},
    });
    for (key, value) in other.as_object().unwrap() {
        document[key] = value.clone();
    }
    document.to_string()
}

/// A draft of one operation with these responses.
#[track_caller]
pub(crate) fn responses(responses: &Value) -> Draft {
    drafted(&document(
        &json!({"get": {"responses": responses}}),
        &json!({}),
    ))
}

/// What a draft says about a row, `unlisted` or `transport`, as it is written.
#[track_caller]
pub(crate) fn says(draft: &Draft, place: &str) -> String {
    let is_key = |line: &&str| line.starts_with(&format!("{place}: "));
    if let Some(line) = draft.text.lines().find(is_key) {
        return line[place.len() + 2..].to_owned();
    }
    let (_, row) = draft
        .text
        .split_once(&format!("  - code: {place}\n"))
        .unwrap_or_else(|| panic!("no {place} in\n{}", draft.text));
    let retry = row
        .lines()
        .find_map(|line| line.strip_prefix("    retry: "));
    retry.unwrap().to_owned()
}

#[track_caller]
pub(crate) fn assert_has(draft: &Draft, part: &str) {
    assert!(
        draft.text.contains(part),
        "`{part}` is not in\n{}",
        draft.text
    );
}

/// An operation with this extension, and these responses.
pub(crate) fn retried(extension: &Value, codes: &[&str]) -> Value {
    let responses: serde_json::Map<String, Value> = codes
        .iter()
        .map(|code| ((*code).to_owned(), json!({})))
        .collect();
    json!({"x-retry": extension, "responses": responses})
}
