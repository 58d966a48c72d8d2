//! `retrospec diff`.

mod common;

use common::{Ended, Folder, assert_contains, edited, memfault};
use serde_json::{Value, json};

type Edit = (&'static str, &'static str);

const TEXT: &str = "text";
const BEHAVIOR: &str = "behavior";
const BREAKING: &str = "breaking";

/// The schedule of Memfault's table, and ways to give it otherwise.
const FORMULA: &str =
    "initial: 8s\n    multiplier: 8\n    documented_waits: [8s, 64s, 512s, 4096s, 32768s]";
const AS_LIST: Edit = (FORMULA, "waits: [8s, 64s, 512s, 4096s, 32768s]");
const REPEATED: Edit = (FORMULA, "waits: [8s, 64s]\n    repeat: last");
const CONFLICT: &str = "  - code: 409\n    name: Conflict\n    description: The resource is already there.\n    retry: never\n";
const CONFLICT_FIRST: &str = "statuses:\n  - code: 409\n    name: Conflict\n    description: The resource is already there.\n    retry: never\n";
const NEVER_CLASS: Edit = (
    "statuses:\n",
    "statuses:\n  - code: 5XX\n    name: the others\n    retry: never\n",
);
const RETRIED_CLASS: Edit = (
    "statuses:\n",
    "statuses:\n  - code: 5XX\n    name: the others\n    retry: exponential\n",
);
/// A bare `retry-after` may not go on for ever.
const BOUNDED_429: Edit = ("retry: retry-after", "retry: [retry-after, exponential]");
const BOUNDED: Edit = ("max_retries: 5", "max_retries: 5 # bounded");
const UNLIMITED: Edit = ("max_retries: 5", "max_retries: unlimited");
const ONE_DAY: Edit = ("max_retries: 5", "max_retries: 5\nmax_elapsed: 1d");
const STEADY: &str = "  steady:\n    waits: [1s]\n    repeat: last\n\nstatuses:";
const WITH_STEADY: [Edit; 2] = [
    ("\nstatuses:", STEADY),
    ("transport: never", "transport: steady"),
];

fn compare(folder: &Folder, old: &str, new: &str, options: &[&str]) -> Ended {
    folder.write("old.yaml", old);
    folder.write("new.yaml", new);
    folder.run(&[&["diff", "old.yaml", "new.yaml"], options].concat())
}

/// Impact and place of each change, in the order in which they are shown.
fn changes(json: &Value) -> Vec<(&str, &str)> {
    json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            assert!(!change["change"].as_str().unwrap().is_empty());
            (
                change["impact"].as_str().unwrap(),
                change["place"].as_str().unwrap(),
            )
        })
        .collect()
}

/// Every file that is generated from a table and can change with it.
fn generated(folder: &Folder, table: &str) -> Vec<String> {
    folder.write("table.yaml", table);
    folder
        .run(&["generate", "table.yaml", "--out", "made"])
        .with(0);
    let source = |name: &str| folder.read(&format!("made/src/{name}.rs"));
    let mut files = ["behavior", "documented", "lib", "schedule", "status"]
        .map(source)
        .to_vec();
    files.push(folder.read("made/Cargo.toml"));
    files
}

/// Two edits of Memfault's table, and what the step from one to the other comes to.
type Case<'a> = (&'a [Edit], &'a [Edit], &'a [(&'a str, &'a str)]);

#[track_caller]
fn assert_changes(name: &str, cases: &[Case]) {
    let folder = Folder::new(name);
    let table = memfault();
    for (old, new, expected) in cases {
        let (before, after) = (edited(&table, old), edited(&table, new));
        assert_eq!(
            generated(&folder, &before) != generated(&folder, &after),
            !expected.is_empty(),
            "{old:?} {new:?}"
        );
        let ended = compare(&folder, &before, &after, &["--format", "json"]);
        let json = ended.json();
        assert_eq!(changes(&json), *expected, "{old:?} {new:?}");
        let required = match expected.first() {
            None => "none",
            Some((BREAKING, _)) => "minor",
            Some(_) => "patch",
        };
        assert_eq!(json["required_bump"], required, "{old:?} {new:?}");
        assert_eq!(json["enough"], expected.is_empty(), "{old:?} {new:?}");
        ended.with(i32::from(!expected.is_empty()));
    }
}

#[test]
fn what_stays_out_of_the_crate_is_no_change() {
    assert_changes(
        "nothing",
        &[
            (&[], &[], &[]),
            (&[], &[("max_retries: 5", "# five\nmax_retries: 5")], &[]),
            (&[], &[("initial: 8s", "initial: 8000ms")], &[]),
            (
                &[],
                &[("    documented_waits: [8s, 64s, 512s, 4096s, 32768s]\n", "")],
                &[],
            ),
            (
                &[],
                &[(
                    "name: Conflict\n",
                    "name: Conflict\n    variant: Conflict\n",
                )],
                &[],
            ),
            (&[], &[("\nstatuses:", STEADY)], &[]),
            (&[], &[(CONFLICT, ""), ("statuses:\n", CONFLICT_FIRST)], &[]),
        ],
    );
}

#[test]
fn a_row_that_comes_or_goes_breaks_a_match() {
    let not_found = (
        "  - code: 405",
        "  - code: 404\n    name: Not Found\n    retry: never\n  - code: 405",
    );
    assert_changes(
        "rows",
        &[
            (&[], &[not_found], &[(BREAKING, "404 Not Found")]),
            (&[not_found], &[], &[(BREAKING, "404 Not Found")]),
            (&[], &[(CONFLICT, "")], &[(BREAKING, "409 Conflict")]),
            (
                &[],
                &[("code: 409", "code: 410")],
                &[(BREAKING, "409 Conflict"), (BREAKING, "410 Conflict")],
            ),
        ],
    );
}

#[test]
fn a_row_that_comes_or_goes_says_what_becomes_of_its_code() {
    let folder = Folder::new("decision");
    let with = edited(
        &memfault(),
        &[(
            "unlisted:",
            "  - code: 508\n    name: Loop Detected\n    retry: exponential\nunlisted:",
        )],
    );
    let out = compare(&folder, &memfault(), &with, &[]).with(1).out;
    assert_contains(
        &out,
        "`Status::LoopDetected`; 508, which was never, is now exponential\n",
    );
    let out = compare(&folder, &with, &memfault(), &[]).with(1).out;
    assert_contains(&out, "with it; 508, which was exponential, is now never\n");
}

#[test]
fn a_variant_is_code_and_a_name_is_text() {
    assert_changes(
        "names",
        &[
            (
                &[],
                &[("name: Conflict\n", "name: Conflict\n    variant: Clash\n")],
                &[(BREAKING, "409 Conflict")],
            ),
            (
                &[],
                &[("name: Conflict\n", "name: Clash\n")],
                &[(BREAKING, "409 Conflict"), (TEXT, "409 Conflict")],
            ),
            (
                &[],
                &[("name: Conflict\n", "name: Clash\n    variant: Conflict\n")],
                &[(TEXT, "409 Conflict")],
            ),
            (
                &[],
                &[("is already there", "exists")],
                &[(TEXT, "409 Conflict")],
            ),
        ],
    );
}

#[test]
fn a_row_that_loses_its_schedule_breaks_backoff_of() {
    const NEVER: Edit = (
        "for maintenance.\n    retry: exponential",
        "for maintenance.\n    retry: never",
    );
    const HEADER: Edit = (
        "for maintenance.\n    retry: exponential",
        "for maintenance.\n    retry: retry-after",
    );
    const EITHER: Edit = (
        "for maintenance.\n    retry: exponential",
        "for maintenance.\n    retry: [retry-after, exponential]",
    );
    const ROW: &str = "503 Service Unavailable";
    assert_changes(
        "decisions",
        &[
            (&[], &[NEVER], &[(BREAKING, ROW)]),
            (&[NEVER], &[], &[(BEHAVIOR, ROW)]),
            (&[], &[HEADER], &[(BREAKING, ROW)]),
            (&[HEADER], &[], &[(BEHAVIOR, ROW)]),
            (&[NEVER], &[HEADER], &[(BEHAVIOR, ROW)]),
            (&[], &[EITHER], &[(BEHAVIOR, ROW)]),
            (&[EITHER], &[], &[(BEHAVIOR, ROW)]),
            (&[EITHER], &[HEADER], &[(BREAKING, ROW)]),
            (
                &[],
                &[("unlisted: never", "unlisted: exponential")],
                &[(BEHAVIOR, "unlisted")],
            ),
            (
                &[("unlisted: never", "unlisted: exponential")],
                &[],
                &[(BEHAVIOR, "unlisted")],
            ),
            (
                &[],
                &[("transport: never", "transport: exponential")],
                &[(BEHAVIOR, "transport")],
            ),
            (
                &[("transport: never", "transport: exponential")],
                &[],
                &[(BEHAVIOR, "transport")],
            ),
        ],
    );
}

#[test]
fn a_class_row_is_a_decision_and_no_code() {
    assert_changes(
        "classes",
        &[
            (&[], &[NEVER_CLASS], &[(TEXT, "5XX")]),
            (&[NEVER_CLASS], &[], &[(TEXT, "5XX")]),
            (&[], &[RETRIED_CLASS], &[(BEHAVIOR, "5XX")]),
            (&[RETRIED_CLASS], &[], &[(BEHAVIOR, "5XX")]),
            (&[NEVER_CLASS], &[RETRIED_CLASS], &[(BEHAVIOR, "5XX")]),
            (&[RETRIED_CLASS], &[NEVER_CLASS], &[(BEHAVIOR, "5XX")]),
            (
                &[NEVER_CLASS],
                &[NEVER_CLASS, ("the others", "all others")],
                &[(TEXT, "5XX")],
            ),
            (
                &[NEVER_CLASS],
                &[
                    NEVER_CLASS,
                    ("the others\n", "the others\n    description: Any.\n"),
                ],
                &[(TEXT, "5XX")],
            ),
            (
                &[RETRIED_CLASS],
                &[("unlisted: never", "unlisted: exponential")],
                &[(BEHAVIOR, "unlisted"), (TEXT, "5XX")],
            ),
        ],
    );
}

#[test]
fn waits_are_behavior_and_their_number_is_a_type() {
    const PLACE: &str = "backoff.exponential";
    assert_changes(
        "waits",
        &[
            (&[], &[AS_LIST], &[(TEXT, PLACE)]),
            (&[AS_LIST], &[], &[(TEXT, PLACE)]),
            (
                &[AS_LIST],
                &[(FORMULA, "waits: [8s, 64s, 512s, 4096s, 32769s]")],
                &[(BEHAVIOR, PLACE)],
            ),
            (
                &[],
                &[(FORMULA, "initial: 4s\n    multiplier: 8")],
                &[(BEHAVIOR, PLACE); 5],
            ),
            (
                &[AS_LIST],
                &[(FORMULA, "waits: [8s, 64s, 512s, 4096s, 32768s, 1d]")],
                &[(BREAKING, PLACE)],
            ),
            (
                &[(FORMULA, "waits: [8s, 64s, 512s, 4096s, 32768s, 1d]")],
                &[AS_LIST],
                &[(BREAKING, PLACE)],
            ),
            (
                &[AS_LIST],
                &[(
                    FORMULA,
                    "waits: [8s, 64s, 512s, 4096s, 32768s]\n    repeat: last",
                )],
                &[(BEHAVIOR, PLACE)],
            ),
            (
                &[(
                    FORMULA,
                    "waits: [8s, 64s, 512s, 4096s, 32768s]\n    repeat: last",
                )],
                &[AS_LIST],
                &[(BEHAVIOR, PLACE)],
            ),
            (
                &[],
                &[("initial: 8s", "jitter: full\n    initial: 8s")],
                &[(BEHAVIOR, PLACE)],
            ),
            (
                &[("initial: 8s", "jitter: 20%\n    initial: 8s")],
                &[("initial: 8s", "jitter: 30%\n    initial: 8s")],
                &[(BEHAVIOR, PLACE)],
            ),
            (
                &[],
                &[("initial: 8s", "max: 10h\n    initial: 8s")],
                &[(TEXT, PLACE)],
            ),
        ],
    );
}

#[test]
fn a_schedule_that_goes_takes_its_constants_along() {
    const STEADY_PLACE: &str = "backoff.steady";
    assert_changes(
        "schedules",
        &[
            (
                &[],
                &WITH_STEADY,
                &[(BEHAVIOR, "transport"), (BEHAVIOR, STEADY_PLACE)],
            ),
            (
                &WITH_STEADY,
                &[],
                &[(BREAKING, STEADY_PLACE), (BEHAVIOR, "transport")],
            ),
            (
                &WITH_STEADY,
                &[WITH_STEADY[0]],
                &[(BREAKING, STEADY_PLACE), (BEHAVIOR, "transport")],
            ),
            (
                &[],
                &[
                    ("  exponential: #", "  doubling: #"),
                    ("retry: exponential", "retry: doubling"),
                    ("retry: exponential", "retry: doubling"),
                    ("retry: exponential", "retry: doubling"),
                ],
                &[
                    (BREAKING, "backoff.exponential"),
                    (BEHAVIOR, "502 Bad Gateway"),
                    (BEHAVIOR, "503 Service Unavailable"),
                    (BEHAVIOR, "504 Gateway Timeout"),
                    (BEHAVIOR, "backoff.doubling"),
                ],
            ),
        ],
    );
}

#[test]
fn the_bounds_are_behavior_unless_a_constant_goes() {
    assert_changes(
        "bounds",
        &[
            (
                &[AS_LIST],
                &[AS_LIST, ("max_retries: 5", "max_retries: 4")],
                &[(BEHAVIOR, "max_retries")],
            ),
            (
                &[],
                &[("max_retries: 5", "max_retries: 4"), (", 32768s", "")],
                &[(BREAKING, "backoff.exponential"), (BEHAVIOR, "max_retries")],
            ),
            (
                &[BOUNDED, REPEATED, BOUNDED_429],
                &[UNLIMITED, REPEATED, BOUNDED_429],
                &[(BREAKING, "max_retries")],
            ),
            (
                &[UNLIMITED, REPEATED, BOUNDED_429],
                &[BOUNDED, REPEATED, BOUNDED_429],
                &[(BEHAVIOR, "max_retries")],
            ),
            (&[], &[ONE_DAY], &[(BEHAVIOR, "max_elapsed")]),
            (&[ONE_DAY], &[], &[(BEHAVIOR, "max_elapsed")]),
            (
                &[ONE_DAY],
                &[ONE_DAY, ("1d", "2d")],
                &[(BEHAVIOR, "max_elapsed")],
            ),
        ],
    );
}

#[test]
fn what_is_only_read_is_text_and_another_name_is_another_crate() {
    assert_changes(
        "keys",
        &[
            (
                &[],
                &[("api: Memfault", "api: Memfault Cloud")],
                &[(TEXT, "api")],
            ),
            (
                &[],
                &[("title: HTTP", "title: All HTTP")],
                &[(TEXT, "source")],
            ),
            (
                &[],
                &[("url: https://docs", "url: https://doc")],
                &[(TEXT, "source")],
            ),
            (
                &[],
                &[("read: 2026-11-22", "read: 2026-11-23")],
                &[(TEXT, "source")],
            ),
            (
                &[],
                &[("  - The waits are kept exactly, without jitter.\n", "")],
                &[(TEXT, "assumed")],
            ),
            (
                &[],
                &[("crate: memfault-status", "crate: memfault-codes")],
                &[(BREAKING, "crate")],
            ),
        ],
    );
}

#[test]
fn each_change_is_a_line_and_the_worst_come_first() {
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
fn no_change_is_said() {
    let ended = compare(&Folder::new("none"), &memfault(), &memfault(), &[]);
    assert_eq!(ended.quiet(), "nothing changed for clients\n");
}

/// An edit of each impact.
const SAME: Edit = ("api: Memfault\n", "api: Memfault # the vendor\n");
const WORDS: Edit = ("api: Memfault\n", "api: Memfault Cloud\n");
const DECIDES: Edit = ("unlisted: never", "unlisted: exponential");
const BREAKS: Edit = (CONFLICT, "");

fn versioned(version: &str, edit: Edit) -> String {
    let table = edited(&memfault(), &[edit]);
    edited(
        &table,
        &[("version: 0.1.0", &format!("version: {version}"))],
    )
}

#[test]
fn the_bump_is_as_semantic_versioning_wants_it() {
    let folder = Folder::new("bumps");
    for (old, edit, required, needed, refused) in [
        ("0.0.3", WORDS, "patch", "0.0.4", &["0.0.3"][..]),
        ("0.0.3", DECIDES, "patch", "0.0.4", &["0.0.3"]),
        ("0.0.3", BREAKS, "patch", "0.0.4", &["0.0.3", "0.0.2"]),
        ("0.3.2", WORDS, "patch", "0.3.3", &["0.3.2", "0.3.1"]),
        ("0.3.2", DECIDES, "patch", "0.3.3", &["0.3.2", "0.2.9"]),
        (
            "0.3.2",
            BREAKS,
            "minor",
            "0.4.0",
            &["0.3.2", "0.3.3", "0.2.9"],
        ),
        ("1.4.2", WORDS, "patch", "1.4.3", &["1.4.2", "1.4.1"]),
        (
            "1.4.2",
            DECIDES,
            "minor",
            "1.5.0",
            &["1.4.2", "1.4.3", "1.3.0"],
        ),
        (
            "1.4.2",
            BREAKS,
            "major",
            "2.0.0",
            &["1.4.2", "1.4.3", "1.5.0", "0.9.0"],
        ),
    ] {
        let before = versioned(old, SAME);
        for new in refused {
            let ended = compare(&folder, &before, &versioned(new, edit), &[]).with(1);
            let went = if *new == old {
                format!("is still {old}")
            } else {
                format!("went from {old} to {new}")
            };
            assert_eq!(
                ended.err,
                format!("error: `version` {went}: write `version: {needed}` in new.yaml\n")
            );
            assert_contains(
                &ended.out,
                &format!("\n`version` needs a {required} bump\n"),
            );
        }
        for new in [needed, "2.0.0", "3.1.4"] {
            let after = versioned(new, edit);
            let out = compare(&folder, &before, &after, &[]).quiet();
            assert_contains(&out, &format!("\n`version` needs a {required} bump\n"));
        }
    }
}

#[test]
fn build_metadata_is_no_bump_and_a_pre_release_promises_nothing() {
    let folder = Folder::new("precedence");
    for (old, new, status) in [
        ("0.1.0+a", "0.1.0+b", 1),
        ("1.0.0-rc.1", "1.0.0-rc.2", 0),
        ("1.0.0-rc.1", "1.0.0", 0),
        ("1.0.0-rc.1", "1.0.0-rc.1", 1),
        ("0.1.18446744073709551615", "0.1.18446744073709551615", 1),
    ] {
        let old = edited(
            &memfault(),
            &[("version: 0.1.0", &format!("version: {old}"))],
        );
        compare(&folder, &old, &versioned(new, BREAKS), &[]).with(status);
    }
}

#[test]
fn without_a_change_a_version_may_stay_or_grow_but_not_fall() {
    let folder = Folder::new("versions");
    let old = versioned("0.3.2", SAME);
    for version in ["0.3.2", "0.3.3", "0.4.0", "1.0.0"] {
        let out = compare(&folder, &old, &versioned(version, SAME), &[]).quiet();
        assert_eq!(out, "nothing changed for clients\n", "{version}");
    }
    for version in ["0.3.1", "0.2.9", "0.3.2-rc.1"] {
        let ended = compare(&folder, &old, &versioned(version, SAME), &[]).with(1);
        assert_eq!(
            ended.err,
            format!(
                "error: `version` went from 0.3.2 to {version}: write `version: 0.3.2` in new.yaml\n"
            )
        );
    }
}

#[test]
fn json_says_the_same_for_programs() {
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
                "enough": enough,
                "needed_version": "0.2.0",
            })
        );
        assert_eq!(ended.errors(), usize::from(!enough));
    }
}

#[test]
fn both_specs_are_checked_before_they_are_compared() {
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
fn a_spec_that_is_missing_is_another_failure() {
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
