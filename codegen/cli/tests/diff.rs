//! `retrospec diff`: what it prints, and how it ends. What differs is tested in the generator.

mod common;

use common::{Ended, Folder, assert_contains, edited, memfault};
use serde_json::json;

type Edit = (&'static str, &'static str);

const CONFLICT: &str = "  - code: 409\n    name: Conflict\n    description: The resource is already there.\n    retry: never\n";
/// An edit that breaks code, and one that clients do not notice.
const BREAKS: Edit = (CONFLICT, "");
const SAME: Edit = ("api: Memfault\n", "api: Memfault # the vendor\n");

fn compare(folder: &Folder, old: &str, new: &str, options: &[&str]) -> Ended {
    folder.write("old.yaml", old);
    folder.write("new.yaml", new);
    folder.run(&[&["diff", "old.yaml", "new.yaml"], options].concat())
}

fn versioned(version: &str, edit: Edit) -> String {
    let table = edited(&memfault(), &[edit]);
    edited(
        &table,
        &[("version: 0.1.0", &format!("version: {version}"))],
    )
}

#[test]
fn each_change_is_a_line() {
    let folder = Folder::new("lines");
    let new = edited(
        &memfault(),
        &[
            ("api: Memfault", "api: Memfault Cloud"),
            ("max_retries: 5", "max_retries: 4"),
            ("4096s, 32768s", "4096s"),
            (CONFLICT, ""),
            (
                "for maintenance.\n    retry: exponential",
                "for maintenance.\n    retry: never",
            ),
        ],
    );
    let ended = compare(&folder, &memfault(), &new, &[]).with(1);
    assert_eq!(
        ended.out,
        "\
breaking  409 Conflict: the row is gone, and `Status::Conflict` with it
breaking  503 Service Unavailable: the decision: exponential is now never; `Status::backoff_of::<503>()` stops compiling
breaking  backoff.exponential: 5 waits are now 4: `EXPONENTIAL_WAITS` is of another type
behavior  max_retries: 5 retries are now 4
text      api: the name in messages: `Memfault` is now `Memfault Cloud`

`version` needs a minor bump
"
    );
    assert_eq!(
        ended.err,
        "error: `version` is still 0.1.0: write `version: 0.2.0` in new.yaml\n"
    );
}

#[test]
fn a_version_that_grew_too_little_is_refused() {
    let folder = Folder::new("versions");
    let old = versioned("0.3.2", SAME);
    for (new, edit, went, needed) in [
        ("0.3.2", BREAKS, "is still 0.3.2", "0.4.0"),
        ("0.3.3", BREAKS, "went from 0.3.2 to 0.3.3", "0.4.0"),
        ("0.2.9", SAME, "went from 0.3.2 to 0.2.9", "0.3.2"),
    ] {
        let ended = compare(&folder, &old, &versioned(new, edit), &[]).with(1);
        let error = format!("error: `version` {went}: write `version: {needed}` in new.yaml\n");
        assert_eq!(ended.err, error);
    }
}

#[test]
fn a_version_that_grew_enough_is_taken() {
    let folder = Folder::new("enough");
    let old = versioned("0.3.2", SAME);
    for new in ["0.4.0", "1.0.0"] {
        let out = compare(&folder, &old, &versioned(new, BREAKS), &[]).quiet();
        assert_contains(&out, "\n`version` needs a minor bump\n");
    }
    for new in ["0.3.2", "0.3.3"] {
        let out = compare(&folder, &old, &versioned(new, SAME), &[]).quiet();
        assert_eq!(out, "nothing changed for clients\n");
    }
}

#[test]
fn json_says_the_same() {
    let folder = Folder::new("json");
    for (new, actual, enough) in [("0.1.9", "patch", false), ("0.2.0", "minor", true)] {
        let ended = compare(
            &folder,
            &memfault(),
            &versioned(new, BREAKS),
            &["--format", "json"],
        )
        .with(i32::from(!enough));
        assert_eq!(
            ended.json(),
            json!({
                "changes": [{
                    "impact": "breaking",
                    "place": "409 Conflict",
                    "change": "the row is gone, and `Status::Conflict` with it",
                }],
                "old_version": "0.1.0",
                "new_version": new,
                "required_bump": "minor",
                "actual_bump": actual,
                "draft": false,
                "enough": enough,
                "needed_version": "0.2.0",
            })
        );
        assert_eq!(ended.errors(), usize::from(!enough));
    }
}

#[test]
fn both_specs_are_checked_first() {
    let folder = Folder::new("wrong");
    let wrong = edited(&memfault(), &[("code: 204", "code: 202")]);
    let cases = [
        (memfault(), wrong.clone(), 1, "new.yaml"),
        (wrong.clone(), memfault(), 1, "old.yaml"),
        (wrong.clone(), wrong, 2, "old.yaml"),
    ];
    for (old, new, errors, named) in cases {
        let ended = compare(&folder, &old, &new, &[]).with(1);
        assert_eq!((ended.errors(), ended.out.as_str()), (errors, ""));
        assert_contains(&ended.err, &format!("--> {named}:"));
    }
}

#[test]
fn a_missing_spec_is_named() {
    let folder = Folder::new("missing");
    folder.write("there.yaml", memfault());
    for specs in [["there.yaml", "gone.yaml"], ["gone.yaml", "there.yaml"]] {
        let ended = folder.run(&[&["diff"][..], &specs].concat()).with(2);
        assert!(
            ended.err.starts_with("error: cannot read gone.yaml: "),
            "{}",
            ended.err
        );
        assert_eq!((ended.errors(), ended.out.as_str()), (1, ""));
    }
}
