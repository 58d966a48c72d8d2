//! Specs that are wrong: `bad/CODE-name.yaml`, each with what is said of it beside it.
//!
//! `BLESS=1 cargo test -p retrospec-codegen --test bad` writes what is said now.

use std::fs;
use std::path::{Path, PathBuf};

use retrospec_codegen::{Code, Diagnostic, Source, check};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad");

fn specs() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn said(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let texts = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.render(source, false) + "\n");
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_is_refused_with_its_message() {
    let mut wrong = Vec::new();
    for path in specs() {
        let source = Source::from_bytes(name(&path), &fs::read(&path).unwrap());
        let checked = check(&source);
        let code = &name(&path)[..8];
        let ids: Vec<&str> = checked
            .diagnostics
            .iter()
            .map(|found| found.code.id())
            .collect();
        assert!(ids.contains(&code), "{}: {ids:?}", path.display());
        let refused = checked.diagnostics.iter().any(Diagnostic::is_error);
        assert_eq!(checked.model.is_none(), refused, "{}", path.display());

        let text = said(&source, &checked.diagnostics);
        let expected = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n\n{}", wrong.join("\n"));
}

#[test]
fn each_code_has_one() {
    // The first two are no text that a file here could hold; `hostile.rs` has them.
    for code in &Code::ALL[2..] {
        let prefix = format!("{}-", code.id());
        assert!(
            specs().iter().any(|path| name(path).starts_with(&prefix)),
            "{}",
            code.id()
        );
    }
}

#[test]
fn each_code_is_in_the_reference() {
    let reference =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/README.md")).unwrap();
    for code in Code::ALL {
        let entry = format!("| {} | {} |", code.id(), code.message());
        assert!(reference.contains(&entry), "spec/README.md lacks: {entry}");
    }
}
