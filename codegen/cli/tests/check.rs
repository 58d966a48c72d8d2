//! `retrospec check`.

mod common;

use common::{Folder, assert_contains, edited, memfault};
use serde_json::{Value, json};

/// Two errors in one file, a warning in the next, nothing in the third.
fn three(name: &str) -> Folder {
    let folder = Folder::new(name);
    let good = memfault();
    let bad = [
        ("code: 204", "code: 202"),
        ("retry: exponential", "retry: exponentail"),
    ];
    let unused = [(
        "\nstatuses:",
        "  spare:\n    waits: [1s, 2s, 3s, 4s, 5s]\n\nstatuses:",
    )];
    folder.write("bad.yaml", edited(&good, &bad));
    folder.write("unused.yaml", edited(&good, &unused));
    folder.write("good.yaml", good);
    folder
}

fn place_of(folder: &Folder, file: &str, text: &str) -> (usize, usize) {
    let content = folder.read(file);
    let mut found = (1..)
        .zip(content.lines())
        .filter_map(|(line, content)| Some((line, content.find(text)? + 1)));
    found.next().unwrap()
}

#[test]
fn one_refused_file_does_not_hide_the_others() {
    let ended = three("several")
        .run(&["check", "bad.yaml", "unused.yaml", "good.yaml"])
        .with(1);
    assert_eq!(
        ended.out,
        "unused.yaml: Memfault, 13 rows, no errors\ngood.yaml: Memfault, 13 rows, no errors\n"
    );
    assert_eq!(ended.errors(), 2, "{}", ended.err);
    for part in [
        "error[SPEC0203]: duplicate status code 202\n",
        "error[SPEC0301]: expected a retry behavior, found `exponentail`\n",
        "help: did you mean `exponential`?\n",
        "warning[SPEC0403]: unused schedule `spare`\n",
        " unused.yaml:",
    ] {
        assert_contains(&ended.err, part);
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    let ended = three("order").run(&["check", "good.yaml", "bad.yaml"]);
    assert_eq!(ended.with(1).errors(), 2);
}

#[test]
fn a_place_is_shown_as_file_line_and_column() {
    let folder = three("place");
    let (line, column) = place_of(&folder, "bad.yaml", "exponentail");
    let ended = folder.run(&["check", "bad.yaml"]).with(1);
    assert_contains(&ended.err, &format!("--> bad.yaml:{line}:{column}\n"));
    assert_contains(&ended.err, &format!("{line} |     retry: exponentail\n"));
    assert_eq!(ended.out, "");
}

#[test]
fn class_rows_are_rows() {
    let folder = Folder::new("classes");
    folder.write("otlp.yaml", common::table("otlp.yaml"));
    let out = folder.run(&["check", "otlp.yaml"]).quiet();
    assert_eq!(out, "otlp.yaml: OTLP/HTTP, 8 rows, no errors\n");
}

#[test]
fn a_spec_without_a_crate_is_right_for_macros() {
    let folder = Folder::new("crateless");
    let spec = edited(&memfault(), &[("crate: memfault-status\n", "")]);
    folder.write("table.yaml", spec);
    folder.run(&["check", "table.yaml"]).quiet();
}

#[test]
fn warnings_alone_are_no_failure() {
    let folder = three("warnings");
    let ended = folder.run(&["check", "unused.yaml"]).with(0);
    assert_contains(&ended.err, "warning[SPEC0403]");
    assert_eq!(
        ended.out, "unused.yaml: Memfault, 13 rows, no errors\n",
        "diagnostics stay off stdout"
    );
}

#[test]
fn json_says_the_same_for_programs() {
    let folder = three("json");
    let ended = folder
        .run(&[
            "check",
            "bad.yaml",
            "unused.yaml",
            "good.yaml",
            "--format",
            "json",
        ])
        .with(1);
    assert_eq!(ended.err, "");
    let content = folder.read("bad.yaml");
    let lines: Vec<usize> = (1..)
        .zip(content.lines())
        .filter_map(|(line, content)| content.contains("code: 202").then_some(line))
        .collect();
    let code = |line: usize, text: &str| json!({ "line": line, "column": 11, "end_line": line, "end_column": 14, "text": text });
    let (retry, column) = place_of(&folder, "bad.yaml", "exponentail");
    let (spare, _) = place_of(&folder, "unused.yaml", "spare");
    assert_eq!(
        ended.json(),
        json!([
            {
                "file": "bad.yaml",
                "code": "SPEC0203",
                "severity": "error",
                "message": "duplicate status code 202",
                "labels": [code(lines[1], "duplicate status code"), code(lines[0], "first given here")],
                "help": "remove one of the two rows",
            },
            {
                "file": "bad.yaml",
                "code": "SPEC0301",
                "severity": "error",
                "message": "expected a retry behavior, found `exponentail`",
                "labels": [{
                    "line": retry,
                    "column": column,
                    "end_line": retry,
                    "end_column": column + "exponentail".len(),
                    "text": "not `never`, `retry-after` or a schedule of this spec",
                }],
                "help": "did you mean `exponential`?",
            },
            {
                "file": "unused.yaml",
                "code": "SPEC0403",
                "severity": "warning",
                "message": "unused schedule `spare`",
                "labels": [{
                    "line": spare,
                    "column": 3,
                    "end_line": spare,
                    "end_column": 8,
                    "text": "never used",
                }],
                "help": "use it in a row, or remove it",
            },
        ])
    );
}

#[test]
fn json_of_a_right_spec_is_an_empty_list() {
    let folder = three("json-empty");
    let out = folder
        .run(&["check", "good.yaml", "--format", "json"])
        .quiet();
    assert_eq!(out, "[]\n");
}

#[test]
fn there_is_no_color_off_a_terminal() {
    let folder = three("color");
    for variables in [
        &[][..],
        &[("TERM", "xterm-256color")],
        &[("TERM", "xterm-256color"), ("NO_COLOR", "1")],
    ] {
        let ended = folder
            .run_with(&["check", "bad.yaml", "good.yaml"], variables)
            .with(1);
        assert_eq!(ended.errors(), 2);
        assert!(!ended.err.contains('\x1b'), "{:?}", ended.err);
        assert!(!ended.out.contains('\x1b'), "{:?}", ended.out);
    }
}

#[test]
fn an_unreadable_file_does_not_hide_others() {
    let folder = three("unreadable-first");
    for order in [["missing.yaml", "bad.yaml"], ["bad.yaml", "missing.yaml"]] {
        let ended = folder.run(&[&["check"][..], &order].concat()).with(2);
        assert_contains(&ended.err, "error: cannot read missing.yaml: ");
        assert_contains(&ended.err, "--> bad.yaml:");
    }
    let ended = folder
        .run(&["check", "bad.yaml", "missing.yaml", "--format", "json"])
        .with(2);
    let json = ended.json();
    let unreadable: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["file"] == "missing.yaml")
        .collect();
    let [found] = unreadable[..] else {
        panic!("{json}");
    };
    assert_eq!(
        (&found["code"], &found["severity"]),
        (&Value::Null, &"error".into())
    );
    let message = found["message"].as_str().unwrap();
    assert!(
        message.starts_with("cannot read missing.yaml: "),
        "{message}"
    );
    assert_contains(&ended.err, message);
}

#[test]
fn standard_input_is_a_spec() {
    let folder = three("stdin");
    let ended = folder.run_with_input(&["check", "-", "bad.yaml"], &folder.read("bad.yaml"));
    let ended = ended.with(1);
    assert_contains(&ended.err, "--> <stdin>:");
    assert_contains(&ended.err, "--> bad.yaml:");
    let ended = folder.run_with_input(&["check", "-", "-"], "").with(2);
    assert_contains(
        &ended.err,
        "error: `-` is standard input, which can be read once",
    );
}

#[test]
fn a_file_that_cannot_be_read_is_another_failure() {
    let folder = Folder::new("unreadable");
    for spec in ["missing.yaml", "."] {
        let ended = folder.run(&["check", spec]).with(2);
        assert!(
            ended
                .err
                .starts_with(&format!("error: cannot read {spec}: ")),
            "{}",
            ended.err
        );
        assert_eq!((ended.errors(), ended.out.as_str()), (1, ""));
    }
}
