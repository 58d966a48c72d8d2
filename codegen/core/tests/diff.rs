//! What changes from one table to the next, and the version that it takes.

use retrospec_codegen::diff::{
    Bump, Difference,
    Impact::{self, Behavior, Breaking, Text},
    actual_bump, bumped, diff, required_bump,
};
use retrospec_codegen::{Model, Source, check};
use semver::Version;

/// From 1.0.0 on, each impact takes another bump.
const TABLE: &str = "\
api: Parcels
crate: parcels-status
version: 1.4.2
source:
  title: Responses
  url: https://parcels.example/responses
  read: 2026-11-22
max_retries: 3
backoff:
  doubling:
    initial: 1s
    multiplier: 2
    max: 2s
  printer:
    waits: [2s, 3s, 5s]
statuses:
  - {code: 200, name: OK, retry: never}
  - {code: 423, name: Locked, description: Busy., retry: printer}
  - {code: 429, name: Too Many Requests, retry: retry-after}
  - {code: 503, name: Unavailable, retry: [retry-after, doubling]}
  - {code: 4XX, name: Client Error, description: Yours., retry: never}
unlisted: never
transport: doubling
assumed:
  - Nothing else is retried.
";

/// A text that stands once in the table, and what takes its place.
type Edit = (&'static str, &'static str);
type Change = (Impact, &'static str, &'static str);
/// Edits that give the old table, edits that give the new one, the bump, and the changes.
type Step = (&'static [Edit], &'static [Edit], Bump, &'static [Change]);

fn model(edits: &[Edit]) -> Model {
    let table = edits.iter().fold(TABLE.to_owned(), |table, (old, new)| {
        assert_eq!(table.matches(old).count(), 1, "{old}");
        table.replace(old, new)
    });
    let source = Source::new("table.yaml", table);
    let checked = check(&source);
    let errors = checked.errors(&source);
    checked.model.expect(&errors)
}

fn at(version: &str) -> Model {
    Model {
        version: version.parse().unwrap(),
        ..model(&[])
    }
}

#[track_caller]
fn assert_steps(steps: &[Step]) {
    for (old, new, bump, expected) in steps {
        let (before, after) = (model(old), model(new));
        let found = diff(&before, &after);
        let changes: Vec<(Impact, &str, &str)> = found
            .iter()
            .map(|found| (found.impact, found.place.as_str(), found.change.as_str()))
            .collect();
        assert_eq!(changes, *expected, "{old:?} {new:?}");
        assert_eq!(required_bump(&before, &found), *bump, "{old:?} {new:?}");
        for same in [before, after] {
            assert_eq!(diff(&same, &same), [], "{old:?} {new:?}");
        }
    }
}

#[test]
fn what_stays_out_of_the_crate_is_no_change() {
    assert_steps(&[
        (&[], &[("1.4.2", "1.4.3")], Bump::None, &[]),
        (&[], &[("1.4.2", "0.9.0")], Bump::None, &[]),
        (&[], &[("initial: 1s", "initial: 1000ms")], Bump::None, &[]),
        (
            &[],
            &[("max: 2s", "max: 2s\n    documented_waits: [1s, 2s, 2s]")],
            Bump::None,
            &[],
        ),
        (
            &[],
            &[("name: OK", "name: OK, variant: Ok")],
            Bump::None,
            &[],
        ),
        (
            &[],
            &[("  printer:", "  unused: {waits: [1s, 1s, 1s]}\n  printer:")],
            Bump::None,
            &[],
        ),
    ]);
}

#[test]
fn a_crate_that_is_renamed_or_gone_breaks() {
    const NONE: Edit = ("crate: parcels-status\n", "");
    assert_steps(&[
        (
            &[],
            &[("parcels-status", "post-status")],
            Bump::Major,
            &[(
                Breaking,
                "crate",
                "`parcels-status` is now `post-status`: another crate",
            )],
        ),
        (
            &[],
            &[NONE],
            Bump::Major,
            &[(Breaking, "crate", "`parcels-status` is no longer generated")],
        ),
        (
            &[NONE],
            &[],
            Bump::Patch,
            &[(Text, "crate", "`parcels-status` is generated")],
        ),
        (
            &[NONE],
            &[NONE, ("api: Parcels", "api: Post")],
            Bump::Patch,
            &[(Text, "api", "the name in messages: `Parcels` is now `Post`")],
        ),
    ]);
}

#[test]
fn what_is_only_read_is_text() {
    const ASSUMED: Edit = ("assumed:\n  - Nothing else is retried.\n", "");
    const OTHERS: &[Change] = &[(Text, "assumed", "the assumptions are others")];
    assert_steps(&[
        (
            &[],
            &[("api: Parcels", "api: Post")],
            Bump::Patch,
            &[(Text, "api", "the name in messages: `Parcels` is now `Post`")],
        ),
        (
            &[],
            &[("title: Responses", "title: Answers")],
            Bump::Patch,
            &[(Text, "source", "title: `Responses` is now `Answers`")],
        ),
        (
            &[],
            &[("https://parcels.example/responses", "http://post.example")],
            Bump::Patch,
            &[(
                Text,
                "source",
                "url: `https://parcels.example/responses` is now `http://post.example`",
            )],
        ),
        (
            &[],
            &[("2026-11-22", "2026-12-01")],
            Bump::Patch,
            &[(Text, "source", "read: `2026-11-22` is now `2026-12-01`")],
        ),
        (&[], &[ASSUMED], Bump::Patch, OTHERS),
        (&[ASSUMED], &[], Bump::Patch, OTHERS),
        (&[], &[("Nothing else", "None else")], Bump::Patch, OTHERS),
    ]);
}

/// A table whose retries may be without limit.
const PATIENT: [Edit; 2] = [
    ("[2s, 3s, 5s]", "[2s, 3s, 5s]\n    repeat: last"),
    ("retry: retry-after}", "retry: [retry-after, printer]}"),
];
const UNLIMITED: Edit = ("max_retries: 3", "max_retries: unlimited");

#[test]
fn a_number_of_retries_is_behavior_and_without_one_its_constant_is_gone() {
    const PLACE: &str = "max_retries";
    assert_steps(&[
        (
            &[],
            &[("max_retries: 3", "max_retries: 2")],
            Bump::Minor,
            &[(Behavior, PLACE, "3 retries are now 2")],
        ),
        (
            &[("max_retries: 3", "max_retries: 2")],
            &[],
            Bump::Minor,
            &[(Behavior, PLACE, "2 retries are now 3")],
        ),
        (
            &PATIENT,
            &[PATIENT[0], PATIENT[1], UNLIMITED],
            Bump::Major,
            &[(
                Breaking,
                PLACE,
                "3 retries are now without limit: `MAX_RETRIES` is gone",
            )],
        ),
        (
            &[PATIENT[0], PATIENT[1], UNLIMITED],
            &PATIENT,
            Bump::Minor,
            &[(Behavior, PLACE, "retries without limit are now 3")],
        ),
    ]);
}

#[test]
fn a_bound_of_time_is_behavior() {
    const HOUR: Edit = ("max_retries: 3", "max_retries: 3\nmax_elapsed: 1h");
    const SHORTER: Edit = ("max_retries: 3", "max_retries: 3\nmax_elapsed: 90s");
    assert_steps(&[
        (
            &[],
            &[HOUR],
            Bump::Minor,
            &[(Behavior, "max_elapsed", "no limit is now 1 h")],
        ),
        (
            &[HOUR],
            &[SHORTER],
            Bump::Minor,
            &[(Behavior, "max_elapsed", "1 h is now 1 min 30 s")],
        ),
        (
            &[SHORTER],
            &[],
            Bump::Minor,
            &[(Behavior, "max_elapsed", "1 min 30 s is now no limit")],
        ),
    ]);
}

const UNLISTED_RETRIED: Edit = ("unlisted: never", "unlisted: doubling");

#[test]
fn what_holds_without_a_row_is_behavior() {
    assert_steps(&[
        (
            &[],
            &[UNLISTED_RETRIED],
            Bump::Minor,
            &[(Behavior, "unlisted", "the decision: never is now doubling")],
        ),
        (
            &[UNLISTED_RETRIED],
            &[],
            Bump::Minor,
            &[(Behavior, "unlisted", "the decision: doubling is now never")],
        ),
        (
            &[],
            &[("transport: doubling", "transport: printer")],
            Bump::Minor,
            &[(
                Behavior,
                "transport",
                "the decision: doubling is now printer",
            )],
        ),
        (
            &[("transport: doubling", "transport: never")],
            &[],
            Bump::Minor,
            &[(Behavior, "transport", "the decision: never is now doubling")],
        ),
    ]);
}

#[test]
fn a_row_that_comes_or_goes_breaks_a_match() {
    const NOT_FOUND: Edit = (
        "statuses:\n",
        "statuses:\n  - {code: 404, name: Not Found, retry: never}\n",
    );
    assert_steps(&[
        (
            &[],
            &[NOT_FOUND],
            Bump::Major,
            &[(
                Breaking,
                "404 Not Found",
                "a new row: a `match` on `Status` needs `Status::NotFound`",
            )],
        ),
        (
            &[NOT_FOUND],
            &[],
            Bump::Major,
            &[(
                Breaking,
                "404 Not Found",
                "the row is gone, and `Status::NotFound` with it",
            )],
        ),
        (
            &[],
            &[("code: 200", "code: 100")],
            Bump::Major,
            &[
                (
                    Breaking,
                    "200 OK",
                    "the row is gone, and `Status::Ok` with it",
                ),
                (
                    Breaking,
                    "100 OK",
                    "a new row: a `match` on `Status` needs `Status::Ok`",
                ),
            ],
        ),
    ]);
}

#[test]
fn a_row_that_comes_or_goes_says_what_becomes_of_its_code() {
    const TIMEOUT: Edit = (
        "statuses:\n",
        "statuses:\n  - {code: 504, name: Timeout, retry: doubling}\n",
    );
    const CONFLICT: Edit = (
        "statuses:\n",
        "statuses:\n  - {code: 409, name: Conflict, retry: printer}\n",
    );
    assert_steps(&[
        (
            &[],
            &[TIMEOUT],
            Bump::Major,
            &[(
                Breaking,
                "504 Timeout",
                "a new row: a `match` on `Status` needs `Status::Timeout`; 504, which was never, is now doubling",
            )],
        ),
        (
            &[TIMEOUT],
            &[],
            Bump::Major,
            &[(
                Breaking,
                "504 Timeout",
                "the row is gone, and `Status::Timeout` with it; 504, which was doubling, is now never",
            )],
        ),
        (
            &[CONFLICT, UNLISTED_RETRIED],
            &[UNLISTED_RETRIED],
            Bump::Major,
            &[(
                Breaking,
                "409 Conflict",
                "the row is gone, and `Status::Conflict` with it; 409, which was printer, is now never",
            )],
        ),
    ]);
}

#[test]
fn a_variant_is_code_and_a_name_is_text() {
    const PLACE: &str = "423 Locked";
    assert_steps(&[
        (
            &[],
            &[("name: Locked", "name: In Use")],
            Bump::Major,
            &[
                (Breaking, PLACE, "`Status::Locked` is now `Status::InUse`"),
                (Text, PLACE, "name: `Locked` is now `In Use`"),
            ],
        ),
        (
            &[],
            &[("name: Locked", "name: Locked, variant: InUse")],
            Bump::Major,
            &[(Breaking, PLACE, "`Status::Locked` is now `Status::InUse`")],
        ),
        (
            &[],
            &[("name: Locked", "name: In Use, variant: Locked")],
            Bump::Patch,
            &[(Text, PLACE, "name: `Locked` is now `In Use`")],
        ),
        (
            &[],
            &[("Busy.", "Printing.")],
            Bump::Patch,
            &[(Text, PLACE, "description: `Busy.` is now `Printing.`")],
        ),
        (
            &[(", description: Busy.", "")],
            &[],
            Bump::Patch,
            &[(Text, PLACE, "description: `` is now `Busy.`")],
        ),
    ]);
}

#[test]
fn a_decision_is_behavior_unless_the_row_loses_its_schedule() {
    const PLACE: &str = "503 Unavailable";
    const NEVER: Edit = ("[retry-after, doubling]", "never");
    const HEADER: Edit = ("[retry-after, doubling]", "retry-after");
    const ALONE: Edit = ("[retry-after, doubling]", "doubling");
    assert_steps(&[
        (
            &[],
            &[ALONE],
            Bump::Minor,
            &[(
                Behavior,
                PLACE,
                "the decision: [retry-after, doubling] is now doubling",
            )],
        ),
        (
            &[ALONE],
            &[("[retry-after, doubling]", "printer")],
            Bump::Minor,
            &[(Behavior, PLACE, "the decision: doubling is now printer")],
        ),
        (
            &[NEVER],
            &[],
            Bump::Minor,
            &[(
                Behavior,
                PLACE,
                "the decision: never is now [retry-after, doubling]",
            )],
        ),
        (
            &[NEVER],
            &[HEADER],
            Bump::Minor,
            &[(Behavior, PLACE, "the decision: never is now retry-after")],
        ),
        (
            &[],
            &[NEVER],
            Bump::Major,
            &[(
                Breaking,
                PLACE,
                "the decision: [retry-after, doubling] is now never; `Status::backoff_of::<503>()` stops compiling",
            )],
        ),
        (
            &[ALONE],
            &[HEADER],
            Bump::Major,
            &[(
                Breaking,
                PLACE,
                "the decision: doubling is now retry-after; `Status::backoff_of::<503>()` stops compiling",
            )],
        ),
    ]);
}

#[test]
fn a_class_row_has_words_and_a_decision() {
    const CLASS: Edit = ("Yours., retry: never", "Yours., retry: doubling");
    assert_steps(&[
        (
            &[],
            &[("name: Client Error", "name: Your Error")],
            Bump::Patch,
            &[(Text, "4XX", "name: `Client Error` is now `Your Error`")],
        ),
        (
            &[],
            &[(", description: Yours.", "")],
            Bump::Patch,
            &[(Text, "4XX", "description: `Yours.` is now ``")],
        ),
        (
            &[],
            &[CLASS],
            Bump::Minor,
            &[(Behavior, "4XX", "the decision: never is now doubling")],
        ),
        (
            &[CLASS],
            &[],
            Bump::Minor,
            &[(Behavior, "4XX", "the decision: doubling is now never")],
        ),
    ]);
}

const NO_CLASS: Edit = (
    "  - {code: 4XX, name: Client Error, description: Yours., retry: never}\n",
    "",
);
const ENDS_RETRIED: Edit = (
    "statuses:\n",
    "statuses:\n  - {code: 5XX, retry: doubling}\n  - {code: 1XX, retry: printer}\n",
);

#[test]
fn a_class_row_that_comes_or_goes_is_held_against_unlisted() {
    assert_steps(&[
        (
            &[],
            &[NO_CLASS],
            Bump::Patch,
            &[(Text, "4XX", "the row is gone, and `unlisted` says the same")],
        ),
        (
            &[NO_CLASS],
            &[],
            Bump::Patch,
            &[(Text, "4XX", "a new row that says what `unlisted` said")],
        ),
        (
            &[],
            &[ENDS_RETRIED],
            Bump::Minor,
            &[
                (
                    Behavior,
                    "1XX",
                    "a new row: what was as `unlisted`, never, is now printer",
                ),
                (
                    Behavior,
                    "5XX",
                    "a new row: what was as `unlisted`, never, is now doubling",
                ),
            ],
        ),
        (
            &[ENDS_RETRIED],
            &[],
            Bump::Minor,
            &[
                (
                    Behavior,
                    "1XX",
                    "the row is gone: printer is now as `unlisted`, never",
                ),
                (
                    Behavior,
                    "5XX",
                    "the row is gone: doubling is now as `unlisted`, never",
                ),
            ],
        ),
    ]);
}

#[test]
fn a_class_row_is_held_against_unlisted_as_it_is_on_the_other_side() {
    const MORE: Change = (Behavior, "unlisted", "the decision: never is now doubling");
    const LESS: Change = (Behavior, "unlisted", "the decision: doubling is now never");
    const CLASS: Edit = ("Yours., retry: never", "Yours., retry: doubling");
    assert_steps(&[
        (
            &[CLASS],
            &[NO_CLASS, UNLISTED_RETRIED],
            Bump::Minor,
            &[
                MORE,
                (Text, "4XX", "the row is gone, and `unlisted` says the same"),
            ],
        ),
        (
            &[],
            &[NO_CLASS, UNLISTED_RETRIED],
            Bump::Minor,
            &[
                MORE,
                (
                    Behavior,
                    "4XX",
                    "the row is gone: never is now as `unlisted`, doubling",
                ),
            ],
        ),
        (
            &[NO_CLASS, UNLISTED_RETRIED],
            &[CLASS],
            Bump::Minor,
            &[
                LESS,
                (Text, "4XX", "a new row that says what `unlisted` said"),
            ],
        ),
        (
            &[NO_CLASS, UNLISTED_RETRIED],
            &[],
            Bump::Minor,
            &[
                LESS,
                (
                    Behavior,
                    "4XX",
                    "a new row: what was as `unlisted`, doubling, is now never",
                ),
            ],
        ),
    ]);
}

#[test]
fn waits_are_behavior_and_their_number_is_a_type() {
    const PLACE: &str = "backoff.printer";
    const FOUR: Edit = ("[2s, 3s, 5s]", "[2s, 3s, 5s, 8s]");
    assert_steps(&[
        (
            &[],
            &[("[2s, 3s, 5s]", "[2s, 4s, 90s]")],
            Bump::Minor,
            &[
                (Behavior, PLACE, "wait 2: 3 s is now 4 s"),
                (Behavior, PLACE, "wait 3: 5 s is now 1 min 30 s"),
            ],
        ),
        (
            &[],
            &[FOUR],
            Bump::Major,
            &[(
                Breaking,
                PLACE,
                "3 waits are now 4: `PRINTER_WAITS` is of another type",
            )],
        ),
        (
            &[FOUR],
            &[("[2s, 3s, 5s]", "[1s, 3s, 5s]")],
            Bump::Major,
            &[
                (
                    Breaking,
                    PLACE,
                    "4 waits are now 3: `PRINTER_WAITS` is of another type",
                ),
                (Behavior, PLACE, "wait 1: 2 s is now 1 s"),
            ],
        ),
        (
            &[],
            &[PATIENT[0]],
            Bump::Minor,
            &[(Behavior, PLACE, "the last wait now goes on")],
        ),
        (
            &[PATIENT[0]],
            &[],
            Bump::Minor,
            &[(Behavior, PLACE, "the last wait no longer goes on")],
        ),
    ]);
}

#[test]
fn jitter_is_behavior() {
    const PLACE: &str = "backoff.printer";
    const FULL: Edit = ("  printer:", "  printer:\n    jitter: full");
    const EQUAL: Edit = ("  printer:", "  printer:\n    jitter: equal");
    const FIFTH: Edit = ("  printer:", "  printer:\n    jitter: 20%");
    const THIRD: Edit = ("  printer:", "  printer:\n    jitter: 30%");
    assert_steps(&[
        (
            &[],
            &[FULL],
            Bump::Minor,
            &[(Behavior, PLACE, "jitter: none is now full")],
        ),
        (
            &[FULL],
            &[EQUAL],
            Bump::Minor,
            &[(Behavior, PLACE, "jitter: full is now equal")],
        ),
        (
            &[EQUAL],
            &[FIFTH],
            Bump::Minor,
            &[(Behavior, PLACE, "jitter: equal is now 20%")],
        ),
        (
            &[FIFTH],
            &[THIRD],
            Bump::Minor,
            &[(Behavior, PLACE, "jitter: 20% is now 30%")],
        ),
        (
            &[THIRD],
            &[],
            Bump::Minor,
            &[(Behavior, PLACE, "jitter: 30% is now none")],
        ),
    ]);
}

#[test]
fn how_a_schedule_is_given_is_text_where_the_waits_are_the_same() {
    const PLACE: &str = "backoff.doubling";
    const FORMULA: &str = "initial: 1s\n    multiplier: 2\n    max: 2s";
    const LIST: Edit = (FORMULA, "waits: [1s, 2s]\n    repeat: last");
    const SAME: &[Change] = &[(Text, PLACE, "the same waits are given in another way")];
    assert_steps(&[
        (&[], &[LIST], Bump::Patch, SAME),
        (&[LIST], &[], Bump::Patch, SAME),
        (
            &[],
            &[("multiplier: 2", "multiplier: 3")],
            Bump::Patch,
            SAME,
        ),
        (
            &[],
            &[(FORMULA, "waits: [1s, 3s]\n    repeat: last")],
            Bump::Minor,
            &[(Behavior, PLACE, "wait 2: 2 s is now 3 s")],
        ),
        (
            &[],
            &[("max: 2s", "max: 1500ms")],
            Bump::Minor,
            &[(Behavior, PLACE, "wait 2: 2 s is now 1.5 s")],
        ),
    ]);
}

#[test]
fn a_schedule_that_goes_takes_its_constants_along() {
    const SLOW: [Edit; 2] = [
        (
            "  printer:",
            "  very_slow: {waits: [1h], repeat: last}\n  printer:",
        ),
        ("unlisted: never", "unlisted: very_slow"),
    ];
    assert_steps(&[
        (
            &[],
            &SLOW,
            Bump::Minor,
            &[
                (Behavior, "unlisted", "the decision: never is now very_slow"),
                (Behavior, "backoff.very_slow", "a new schedule"),
            ],
        ),
        (
            &SLOW,
            &[SLOW[0]],
            Bump::Major,
            &[
                (
                    Breaking,
                    "backoff.very_slow",
                    "the schedule is gone, and `VERY_SLOW` with it",
                ),
                (Behavior, "unlisted", "the decision: very_slow is now never"),
            ],
        ),
        (
            &[],
            &[
                ("  printer:", "  queue:"),
                ("retry: printer", "retry: queue"),
            ],
            Bump::Major,
            &[
                (
                    Breaking,
                    "backoff.printer",
                    "the schedule is gone, and `PRINTER` with it",
                ),
                (Behavior, "423 Locked", "the decision: printer is now queue"),
                (Behavior, "backoff.queue", "a new schedule"),
            ],
        ),
    ]);
}

#[test]
fn the_worst_come_first_and_then_keys_before_rows_before_classes_before_schedules() {
    assert_steps(&[(
        &[],
        &[
            ("api: Parcels", "api: Post"),
            ("parcels-status", "post-status"),
            ("max_retries: 3", "max_retries: 2"),
            ("[2s, 3s, 5s]", "[1s, 3s]"),
            ("name: OK", "name: Okay"),
            ("retry: retry-after}", "retry: never}"),
            ("Yours., retry: never", "Ours., retry: printer"),
            ("multiplier: 2", "multiplier: 4"),
        ],
        Bump::Major,
        &[
            (
                Breaking,
                "crate",
                "`parcels-status` is now `post-status`: another crate",
            ),
            (Breaking, "200 OK", "`Status::Ok` is now `Status::Okay`"),
            (
                Breaking,
                "backoff.printer",
                "3 waits are now 2: `PRINTER_WAITS` is of another type",
            ),
            (Behavior, "max_retries", "3 retries are now 2"),
            (
                Behavior,
                "429 Too Many Requests",
                "the decision: retry-after is now never",
            ),
            (Behavior, "4XX", "the decision: never is now printer"),
            (Behavior, "backoff.printer", "wait 1: 2 s is now 1 s"),
            (Text, "api", "the name in messages: `Parcels` is now `Post`"),
            (Text, "200 OK", "name: `OK` is now `Okay`"),
            (Text, "4XX", "description: `Yours.` is now `Ours.`"),
            (
                Text,
                "backoff.doubling",
                "the same waits are given in another way",
            ),
        ],
    )]);
}

#[test]
fn the_bump_is_that_of_the_worst_change_by_semantic_versioning() {
    use Bump::{Major, Minor, None, Patch};
    for (version, none, text, behavior, breaking) in [
        ("0.0.0", None, Patch, Patch, Patch),
        ("0.0.3", None, Patch, Patch, Patch),
        ("0.3.0", None, Patch, Patch, Minor),
        ("0.3.2", None, Patch, Patch, Minor),
        ("1.0.0", None, Patch, Minor, Major),
        ("1.4.2", None, Patch, Minor, Major),
        ("2.0.5+build", None, Patch, Minor, Major),
        ("0.0.1-a", None, Patch, Patch, Patch),
        ("0.3.0-a", None, Patch, Patch, Patch),
        ("1.4.2-rc.1", None, Patch, Patch, Patch),
    ] {
        for (impacts, bump) in [
            (&[][..], none),
            (&[Text], text),
            (&[Behavior], behavior),
            (&[Text, Behavior, Text], behavior),
            (&[Breaking], breaking),
            (&[Breaking, Behavior, Text], breaking),
            (&[Text, Behavior, Breaking], breaking),
        ] {
            let differences: Vec<Difference> = impacts
                .iter()
                .map(|impact| Difference {
                    impact: *impact,
                    place: String::new(),
                    change: String::new(),
                })
                .collect();
            let required = required_bump(&at(version), &differences);
            assert_eq!(required, bump, "{version} {impacts:?}");
        }
    }
}

#[test]
fn the_bump_is_the_first_number_that_grew_and_none_where_the_version_fell() {
    for (old, new, bump) in [
        ("0.3.2", "0.3.2", Bump::None),
        ("0.3.2", "0.3.1", Bump::None),
        ("0.3.2", "0.2.9", Bump::None),
        ("1.4.2", "0.9.9", Bump::None),
        ("1.4.2", "1.4.2-rc.1", Bump::None),
        ("1.4.2+a", "1.4.2+b", Bump::None),
        ("1.4.2-rc.2", "1.4.2-rc.1", Bump::None),
        ("1.4.2-rc.1", "1.4.2-rc.2", Bump::Patch),
        ("1.4.2-rc.1", "1.4.2", Bump::Patch),
        ("0.3.2", "0.3.3", Bump::Patch),
        ("1.4.2", "1.4.9", Bump::Patch),
        ("0.3.2", "0.4.0", Bump::Minor),
        ("1.4.2", "1.5.9", Bump::Minor),
        ("0.3.2", "1.0.0", Bump::Major),
        ("1.4.2", "3.1.0", Bump::Major),
        ("1.4.2", "2.5.3", Bump::Major),
    ] {
        assert_eq!(actual_bump(&at(old), &at(new)), bump, "{old} {new}");
    }
}

const BUMPS: [Bump; 3] = [Bump::Patch, Bump::Minor, Bump::Major];

#[test]
fn the_least_version_after_a_bump_is_that_bump() {
    for (version, least) in [
        ("0.0.0", ["0.0.1", "0.1.0", "1.0.0"]),
        ("0.3.2", ["0.3.3", "0.4.0", "1.0.0"]),
        ("1.4.2", ["1.4.3", "1.5.0", "2.0.0"]),
        ("1.4.2+build", ["1.4.3", "1.5.0", "2.0.0"]),
        ("1.4.2-rc.1+build", ["1.4.2", "1.5.0", "2.0.0"]),
    ] {
        let old = at(version);
        assert_eq!(bumped(&old.version, Bump::None).to_string(), version);
        for (bump, least) in BUMPS.into_iter().zip(least) {
            let found = bumped(&old.version, bump).to_string();
            assert_eq!(found, least, "{version} {bump}");
            assert_eq!(actual_bump(&old, &at(&found)), bump, "{version} {bump}");
        }
    }
}

#[test]
fn a_number_that_cannot_grow_stays() {
    let last = Version::new(u64::MAX, u64::MAX, u64::MAX);
    for (bump, minor, patch) in [
        (Bump::Patch, u64::MAX, u64::MAX),
        (Bump::Minor, u64::MAX, 0),
        (Bump::Major, 0, 0),
    ] {
        let found = bumped(&last, bump);
        assert_eq!(found, Version::new(u64::MAX, minor, patch), "{bump}");
    }
}

#[test]
fn impacts_and_bumps_are_words_that_can_be_aligned() {
    let impacts = [Text, Behavior, Breaking].map(|impact| format!("{impact:9}|"));
    assert_eq!(impacts, ["text     |", "behavior |", "breaking |"]);
    let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major];
    let words = bumps.map(|bump| format!("{bump:>6}"));
    assert_eq!(words, ["  none", " patch", " minor", " major"]);
}
