//! Lookups: the row of a code, and the line of a byte.

use retrospec_codegen::internal::include_file;
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::{Source, check, generate};

const SPEC: &str = "\
api: Shop
source: {title: Codes, url: https://shop.example, read: 2026-11-22}
max_retries: 2
backoff:
  steps: {waits: [1s, 5s]}
statuses:
  - {code: 404, name: Not Found, retry: never}
  - {code: 503, name: Closed, retry: steps}
  - {code: 501, name: Never There, retry: never}
  - {code: 508, name: Round, retry: never}
  - {code: 509, name: And Round, retry: never}
  - {code: 5XX, retry: steps}
unlisted: never
transport: never
";

fn model(source: &Source) -> Model {
    let checked = check(source);
    let found = checked.errors(source);
    checked.model.expect(&found)
}

#[test]
fn a_row_beats_a_class_beats_unlisted() {
    let model = model(&Source::new("spec.yaml", SPEC));
    for (code, same_as) in [(503, 599), (501, 404), (500, 503), (600, 404), (499, 404)] {
        assert_eq!(
            model.decision(code),
            model.decision(same_as),
            "{code} and {same_as}"
        );
    }
    assert_ne!(model.decision(501), model.decision(500));
}

/// A row that says what its class says has no arm of its own.
#[test]
fn arms_are_for_what_differs() {
    let source = Source::new("spec.yaml", SPEC);
    let text = include_file(&model(&source), &source, "`cargo build`");
    let arms: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("=> RetryBehavior::") || line.contains("=> ::retrospec::"))
        .collect();
    let begin = |arm: &str| arms.iter().any(|line| line.starts_with(arm));
    assert!(
        begin("501 | 508 | 509 =>") && begin("500..=599 =>"),
        "{arms:?}"
    );
    assert!(!begin("503 =>") && !begin("404 =>"), "{arms:?}");
}

#[test]
fn a_crate_needs_a_name_and_a_module_none() {
    let source = Source::new("spec.yaml", SPEC);
    assert!(check(&source).diagnostics.is_empty());
    let generated = generate(&source);
    assert!(generated.files.is_none());
    let said = generated.diagnostics[0].render(&source, false);
    assert!(said.contains("as in `crate: NAME-status`"), "{said}");
}

#[test]
fn a_variant_is_the_name_without_its_blanks() {
    for (name, variant) in [
        ("Too Many Requests", "TooManyRequests"),
        ("URI too long", "UriTooLong"),
        ("I'm a teapot", "ImATeapot"),
        ("GitHub is down", "GitHubIsDown"),
        ("Non-2XX", "Non2xx"),
    ] {
        let spec = SPEC.replace("name: Closed", &format!("name: \"{name}\""));
        let model = model(&Source::new("spec.yaml", spec));
        assert!(
            model.rows.iter().any(|row| row.variant == variant),
            "{name}: {:?}",
            model.rows
        );
    }
}

#[test]
fn a_crate_name_has_at_most_64_bytes() {
    let named = |length: usize| {
        let name = "a".repeat(length);
        check(&Source::new("spec.yaml", format!("crate: {name}\n{SPEC}"))).model
    };
    assert!(named(64).is_some());
    assert!(named(65).is_none());
}

/// With 98 rows, `from_code` has 101 lines.
#[test]
fn a_long_table_may_have_a_long_function() {
    let excused = |rows: u16| {
        let mut text = SPEC.replace("404,", "100,").replace("Not Found", "R100");
        let (head, tail) = text.split_once("  - {code: 503").unwrap();
        let more: Vec<String> = (101..96 + rows)
            .map(|code| format!("  - {{code: {code}, name: R{code}, retry: never}}\n"))
            .collect();
        text = format!("{head}{}  - {{code: 503{tail}", more.concat());
        let source = Source::new("spec.yaml", text);
        let model = model(&source);
        assert_eq!(model.rows.len(), usize::from(rows));
        include_file(&model, &source, "`cargo build`").contains("too_many_lines")
    };
    assert!(!excused(97));
    assert!(excused(98));
}

#[test]
fn a_place_is_a_line_and_a_column_from_1() {
    let source = Source::new("spec.yaml", "\u{feff}añb\ncd\n");
    let places = [0, 3, 4, 6, 7, 8, 9, 10].map(|byte| source.position(byte));
    let b = (1, 3);
    assert_eq!(
        places,
        [(1, 1), (1, 1), (1, 2), b, (1, 4), (2, 1), (2, 2), (2, 3)]
    );
}
