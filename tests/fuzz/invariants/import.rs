//! What holds for any bytes as an OpenAPI document.

use retrospec_codegen::internal::check_draft;
use retrospec_codegen::internal::import::{Draft, NoDraft, Request, draft};
use retrospec_codegen::{Code, Diagnostic, Source, check, generate};

/// Returns whether there is a draft of the document, and asserts what holds.
pub(crate) fn check_import(bytes: &[u8]) -> bool {
    let source = Source::from_bytes("openapi.yaml", bytes);
    let request = Request {
        operations: &[],
        api: None,
        read: "2026-11-27",
    };
    match draft(&source, &request) {
        Ok(draft) => {
            check_spec(&draft);
            true
        }
        Err(NoDraft::Document(message)) => {
            assert!(message.starts_with("openapi.yaml:"), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
        Err(NoDraft::Request(message)) => panic!("none was asked for: {message}"),
    }
}

/// A draft is a spec in which nothing is wrong but that some of it is undecided.
fn check_spec(draft: &Draft) {
    let source = Source::new("draft.yaml", draft.text.as_str());
    let found = check_draft(&source);
    let errors = found.errors(&source);
    let model = found
        .model
        .unwrap_or_else(|| panic!("{errors}\n{}", draft.text));
    assert_eq!(model.rows.len() + model.classes.len(), draft.rows);
    assert_eq!(model.is_draft(), draft.undecided > 0);

    let found = check(&source).diagnostics;
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.is_error()).collect();
    let undecided = errors
        .iter()
        .filter(|error| error.code == Code::Undecided)
        .count();
    assert_eq!(
        (errors.len(), undecided),
        (draft.undecided, draft.undecided)
    );
    for error in errors {
        let help = error.help.as_deref().unwrap_or_default();
        assert!(help.contains("evidence: "), "{help}");
    }

    let lines = draft.text.lines().map(decided);
    let decided = lines.collect::<Vec<_>>().join("\n");
    let source = Source::new("decided.yaml", decided);
    let generated = generate(&source);
    assert!(
        generated.files.is_some(),
        "{}\n{}",
        check(&source).errors(&source),
        source.text()
    );
}

/// Returns a line of a draft with a decision.
pub(crate) fn decided(line: &str) -> String {
    const KEYS: [&str; 5] = ["retry", "unlisted", "transport", "connect", "other"];

    match line.strip_suffix(": undecided") {
        Some(key) if KEYS.contains(&key.trim_start()) => format!("{key}: never"),
        _ => line.to_owned(),
    }
}
