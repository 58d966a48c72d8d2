//! `retrospec import`: what it prints, and how it ends. What is drafted is tested in the generator.

mod common;

use std::fs;
use std::path::Path;

use common::{Folder, ROOT, assert_contains};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Labels, version: '1'}
paths:
  /labels:
    get: {responses: {200: {description: Done}, 429: {description: Slow, headers: {Retry-After: {}}}}}
    put: {responses: {503: {description: Busy}}}
";

/// The day that stands in for today.
const DAY: &str = "2026-11-27";

/// A draft as if it were from that day.
fn dated(draft: &str) -> String {
    let lines = draft
        .lines()
        .map(|line| match line.strip_prefix("  read: ") {
            Some(day) => {
                assert!(day.len() == DAY.len() && day.starts_with("20"), "{day}");
                format!("  read: {DAY}\n")
            }
            None => format!("{line}\n"),
        });
    lines.collect()
}

fn decided(draft: &str) -> String {
    draft.replace(": undecided\n", ": never\n")
}

#[test]
fn a_draft_is_decided_and_generated() {
    let folder = Folder::new("drafted");
    folder.write("openapi.yaml", DOCUMENT);
    let ended = folder.run(&["import", "openapi.yaml"]).with(0);
    assert_eq!(ended.err, "note: 3 rows, 3 undecided, 0 conflicts\n");
    folder.write("draft.yaml", &ended.out);
    for refusing in [
        &["check", "draft.yaml"][..],
        &["explain", "draft.yaml"],
        &["generate", "draft.yaml", "--out", "a"],
    ] {
        let refused = folder.run(refusing).with(1);
        assert_eq!((refused.errors(), refused.out.as_str()), (3, ""));
        assert_contains(
            &refused.err,
            "error[SPEC0305]: undecided retry behavior\n  --> draft.yaml:",
        );
        assert_contains(
            &refused.err,
            "evidence: none; the document does not say whether it is retried\n",
        );
    }
    folder.write("labels.yaml", decided(&ended.out));
    let out = folder.run(&["check", "labels.yaml"]).quiet();
    assert_eq!(out, "labels.yaml: Labels, 3 rows, no errors\n");
    folder
        .run(&["generate", "labels.yaml", "--out", "labels-status"])
        .noted();
}

#[test]
fn options_choose_operations_and_a_name() {
    let folder = Folder::new("options");
    folder.write("openapi.yaml", DOCUMENT);
    let chosen = [
        "import",
        "openapi.yaml",
        "--operation",
        "get /labels",
        "--api",
        "My: Labels",
    ];
    let ended = folder.run(&chosen).with(0);
    assert_contains(
        &ended.out,
        "\napi: \"My: Labels\"\ncrate: my-labels-status\n",
    );
    assert_eq!(ended.out.matches("- code: ").count(), 2);
    assert_eq!(ended.err, "note: 2 rows, 2 undecided, 0 conflicts\n");
}

#[test]
fn standard_input_is_a_document() {
    let folder = Folder::new("stdin");
    let ended = folder.run_with_input(&["import", "-"], DOCUMENT).with(0);
    assert_contains(
        &ended.out,
        "# Drafted by `retrospec import` from <stdin>: OpenAPI 3.0.3, 2 operations.\n",
    );
}

#[test]
fn a_refusal_is_one_line() {
    let folder = Folder::new("refused");
    folder.write("openapi.yaml", DOCUMENT);
    folder.write("swagger.json", "{\"swagger\": \"2.0\"}");
    folder.write("large.json", " ".repeat(9 << 20));
    folder.write(
        "outside.yaml",
        DOCUMENT.replace("{description: Busy}", "{$ref: other.yaml}"),
    );
    for (arguments, status, error) in [
        (
            &["swagger.json"][..],
            1,
            "swagger.json:1:13: expected OpenAPI 3.0 or 3.1, found Swagger 2.0: convert it to OpenAPI 3 first",
        ),
        (
            &["large.json"],
            1,
            "large.json: larger than 8 MiB: draft from a part of the document",
        ),
        (
            &["outside.yaml"],
            1,
            "outside.yaml:7:35: `$ref` to `other.yaml`, which is outside of this document: bundle the documents into one first",
        ),
        (
            &["openapi.yaml", "--operation", "GET /label"],
            2,
            "the document has no operation `GET /label`; did you mean `GET /labels`?",
        ),
    ] {
        let ended = folder.run(&[&["import"], arguments].concat()).with(status);
        assert_eq!(
            (ended.out.as_str(), ended.err),
            ("", format!("error: {error}\n"))
        );
    }
    let ended = folder
        .run(&["import", "openapi.yaml", "--api", " \u{7}"])
        .with(2);
    assert_eq!(
        ended.err,
        "error: expected the name of an API, found a blank\n"
    );
    let ended = folder.run(&["import", "gone.yaml"]).with(2);
    assert_contains(&ended.err, "error: cannot read gone.yaml: ");
    assert_eq!((ended.errors(), ended.out.as_str()), (1, ""));
}

#[test]
fn drafts_are_compared_without_versions() {
    let folder = Folder::new("drafts");
    let import = |document: &str| {
        folder.write("openapi.yaml", document);
        folder.run(&["import", "openapi.yaml"]).with(0).out
    };
    folder.write("old.yaml", import(DOCUMENT));
    folder.write("new.yaml", import(&DOCUMENT.replace("503:", "504:")));
    let out = folder.run(&["diff", "old.yaml", "new.yaml"]).quiet();
    assert_eq!(
        out,
        "\
breaking  503 Service Unavailable: the row is gone, and `Status::ServiceUnavailable` with it
breaking  504 Gateway Timeout: a new row: a `match` on `Status` needs `Status::GatewayTimeout`

a draft has no crate, so `version` is not compared; nor are comments, so `diff -u` shows other evidence
"
    );
    let compared = |old: &str, new: &str| {
        let json = folder.run(&["diff", old, new, "--format", "json"]);
        let json = json.with(0).json();
        (json["draft"].clone(), json["enough"].clone())
    };
    assert_eq!(compared("old.yaml", "new.yaml"), (true.into(), true.into()));
    folder.write("labels.yaml", decided(&folder.read("old.yaml")));
    for pair in [("old.yaml", "labels.yaml"), ("labels.yaml", "old.yaml")] {
        assert_eq!(compared(pair.0, pair.1), (true.into(), true.into()));
    }
    let same = compared("labels.yaml", "labels.yaml");
    assert_eq!(same, (false.into(), true.into()));
    let out = folder.run(&["diff", "old.yaml", "labels.yaml"]).quiet();
    assert_eq!(
        out,
        "\
behavior  unlisted: the decision: undecided is now never
behavior  transport: the decision: undecided is now never
behavior  503 Service Unavailable: the decision: undecided is now never

a draft has no crate, so `version` is not compared; nor are comments, so `diff -u` shows other evidence
"
    );
}

/// `BLESS=1 cargo test -p retrospec-cli --test import` writes what the commands print now.
#[test]
fn the_page_shows_what_is_printed() {
    let folder = Folder::new("page");
    let path = Path::new(ROOT).join("docs/import.md");
    let text = fs::read_to_string(&path).unwrap();
    let mut drafts = ["draft.yaml", "draft-2.yaml"].into_iter();
    let (mut shown, mut commands) = (String::new(), 0);
    for part in text.split_inclusive("```\n") {
        if let Some((_, document)) = part.split_once("```yaml\n") {
            folder.write("openapi.yaml", document.strip_suffix("```\n").unwrap());
            let draft = folder.run(&["import", "openapi.yaml"]).with(0).out;
            folder.write(drafts.next().unwrap(), dated(&draft));
        }
        let Some((before, block)) = part.split_once("```console\n$ retrospec ") else {
            shown.push_str(part);
            continue;
        };
        commands += 1;
        let command = block.lines().next().unwrap();
        let arguments: Vec<&str> = command.split(' ').collect();
        let ended = folder.run(&arguments);
        let printed = match arguments[0] {
            "import" => dated(&ended.with(0).out),
            "check" => ended.with(1).err.trim_end().to_owned() + "\n",
            _ => ended.quiet(),
        };
        shown.extend([
            before,
            "```console\n$ retrospec ",
            command,
            "\n",
            &printed,
            "```\n",
        ]);
    }
    assert_eq!(commands, 3);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &shown).unwrap();
    } else {
        assert_eq!(text, shown);
    }
}
