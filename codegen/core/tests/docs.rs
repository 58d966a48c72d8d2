//! What `spec/README.md` shows is what there is.

use retrospec_codegen::{Source, check};

const REFERENCE: &str = include_str!("../../../spec/README.md");
const PARCELS: &str = include_str!("../../../examples/build-script/parcels.yaml");

#[test]
fn the_tutorial_has_the_examples_table() {
    assert!(REFERENCE.contains(&format!("```yaml\n{PARCELS}```\n")));
    let found = check(&Source::new("parcels.yaml", PARCELS)).diagnostics;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_tutorial_shows_the_real_message() {
    let wrong = PARCELS.replace("retry: server_error", "retry: server-error");
    let source = Source::new("parcels.yaml", wrong);
    let found = check(&source).diagnostics;
    assert_eq!(found.len(), 1);
    let text = found[0].render(&source, false);
    assert!(
        REFERENCE.contains(&format!("```text\n{text}\n```\n")),
        "{text}"
    );
}

/// The examples of single keys are in the command's tests.
#[test]
fn the_second_example_has_no_mistake() {
    let start = REFERENCE.find("```yaml\napi: Labels").unwrap() + "```yaml\n".len();
    let spec = &REFERENCE[start..];
    let spec = &spec[..spec.find("```").unwrap()];
    let checked = check(&Source::new("labels.yaml", spec));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
}
