//! Pairs of tables, `diff/NAME/old.yaml` and `new.yaml`, each with its differences in both directions in
//! `diff/NAME.txt`.
//!
//! `BLESS=1 cargo test -p retrospec-codegen --test diff` writes the differences as they are now.

use std::fs;
use std::path::{Path, PathBuf};

use retrospec_codegen::internal::diff::{Impact, diff};
use retrospec_codegen::internal::include_file;
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::version::required_bump;
use retrospec_codegen::{Files, Source, check, generate};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff");

fn pairs() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn source(pair: &Path, side: &str) -> Source {
    let text = fs::read_to_string(pair.join(side).with_extension("yaml")).unwrap();
    Source::new("table.yaml", text)
}

fn model(source: &Source) -> Model {
    let checked = check(source);
    let errors = checked.errors(source);
    checked.model.expect(&errors)
}

fn sides(pair: &Path) -> [Model; 2] {
    ["old", "new"].map(|side| model(&source(pair, side)))
}

/// The step from one table to the next, as a person reads it.
fn step(title: &str, old: &Model, new: &Model) -> String {
    let differences = diff(old, new);
    let bump = required_bump(&old.version, &differences);
    let lines = differences
        .iter()
        .map(|difference| format!("{difference}\n"));
    format!("{title}: {bump}\n{}", lines.collect::<String>())
}

#[test]
fn each_pair_has_its_differences() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let [old, new] = sides(&pair);
        let steps = [
            step("old to new", &old, &new),
            step("new to old", &new, &old),
        ];
        let text = steps.join("\n");
        let expected = pair.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n\n{}", wrong.join("\n"));
}

#[test]
fn no_table_differs_from_itself() {
    for model in pairs().iter().flat_map(|pair| sides(pair)) {
        assert_eq!(diff(&model, &model), []);
    }
}

/// Everything that is generated from a table, if it had this version.
fn generated(pair: &Path, side: &str) -> (Option<Files>, String) {
    let source = source(pair, side);
    let versions = ["1.4.2", "1.4.3"].map(|version| format!("version: {version}\n"));
    let text = source.text().replace(&versions[1], &versions[0]);
    let source = Source::new("table.yaml", text);
    let items = include_file(&model(&source), &source, "this");
    (generate(&source).files, items)
}

#[test]
fn generated_code_differs_if_tables_do() {
    for pair in pairs() {
        let [old, new] = sides(&pair);
        let is_same = generated(&pair, "old") == generated(&pair, "new");
        assert_eq!(is_same, diff(&old, &new).is_empty(), "{}", pair.display());
    }
}

#[test]
fn impacts_can_be_aligned() {
    let impacts = [Impact::Text, Impact::Behavior, Impact::Breaking];
    let words = impacts.map(|impact| format!("{impact:9}|"));
    assert_eq!(words, ["text     |", "behavior |", "breaking |"]);
}
