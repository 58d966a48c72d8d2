//! What rustdoc and a README show of a schedule.

use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::{include_file, table};
use retrospec_codegen::{Source, check};

fn spec(schedule: &str) -> Source {
    let text = format!(
        "\
api: Shop
source: {{title: Codes, url: https://shop.example, read: 2026-11-22}}
max_retries: 2
backoff:
  steps: {{{schedule}}}
statuses:
  - {{code: 503, name: Closed, retry: steps}}
unlisted: never
transport: never
"
    );
    Source::new("spec.yaml", text)
}

fn model(source: &Source) -> Model {
    let checked = check(source);
    let found = checked.errors(source);
    checked.model.expect(&found)
}

/// What is said of the one schedule of a table.
fn shown(schedule: &str) -> String {
    let shown = table(&model(&spec(schedule)));
    let (_, steps) = shown.split_once("\nThe schedule `steps`: ").unwrap();
    steps.to_owned()
}

const HEAD: &str = "| Retry | Wait |\n|---|---|\n";

#[test]
fn a_list_is_shown_to_its_end() {
    let expected = format!("the waits below.\n\n{HEAD}| 1 | 1 s |\n| 2 | 5 s |\n");
    assert_eq!(shown("waits: [1s, 5s]"), expected);
}

#[test]
fn the_last_of_a_list_goes_on() {
    let expected = format!(
        "the waits below, and then the last of them for every retry.\n\n{HEAD}| 1 | 1 s |\n| 2 and on | 5 s |\n"
    );
    assert_eq!(shown("waits: [1s, 5s], repeat: last"), expected);
}

/// The waits 1 s, 2 s and so on.
fn seconds(count: usize) -> String {
    let waits: Vec<String> = (1..=count).map(|wait| format!("{wait}s")).collect();
    waits.join(", ")
}

fn rows(count: usize) -> String {
    let rows: Vec<String> = (1..=count)
        .map(|wait| format!("| {wait} | {wait} s |\n"))
        .collect();
    rows.concat()
}

#[test]
fn twelve_waits_are_shown_and_of_more_the_last() {
    let list = |count: usize| format!("waits: [{}]", seconds(count));
    let text = "the waits below.\n\n";
    assert_eq!(shown(&list(12)), format!("{text}{HEAD}{}", rows(12)));
    assert_eq!(
        shown(&list(13)),
        format!("{text}{HEAD}{}| ... | ... |\n| 13 | 13 s |\n", rows(12))
    );
    assert!(
        shown(&(list(13) + ", repeat: last")).ends_with("| ... | ... |\n| 13 and on | 13 s |\n")
    );
}

/// As rustdoc has it, at the constant with the waits.
#[test]
fn ten_waits_are_listed_in_a_line() {
    let line = |count: usize| {
        let source = spec(&format!("waits: [{}]", seconds(count)));
        let text = include_file(&model(&source), &source, "`cargo build`");
        let line = text
            .lines()
            .find(|line| line.contains("The waits of [`STEPS`]"));
        line.unwrap().trim().to_owned()
    };
    let listed: Vec<String> = (1..=10).map(|wait| format!("{wait} s")).collect();
    assert_eq!(
        line(10),
        format!("/// The waits of [`STEPS`]: {}.", listed.join(", "))
    );
    assert_eq!(line(11), "/// The waits of [`STEPS`].");
}
