//! A table on a terminal, to the letter.

use std::time::Duration;

use super::show;
use crate::model::{
    Action, Assumed, Behavior, Class, ClassRow, Jitter, Model, Row, Schedule, ScheduleKind,
    ShouldRetry, Source, WaitForm, WaitHeader,
};

/// No rows, no bounds, no schedules.
fn bare() -> Model {
    Model {
        api: "Example".to_owned(),
        crate_name: None,
        version: semver::Version::new(0, 1, 0),
        license: None,
        sources: vec![Source {
            title: "Errors".to_owned(),
            url: "https://example.com/errors".to_owned(),
            read: "2026-11-22".to_owned(),
        }],
        max_retries: None,
        max_elapsed: None,
        schedules: Vec::new(),
        rows: Vec::new(),
        classes: Vec::new(),
        unlisted: Action::Never.into(),
        connect: Action::RetryAfter.into(),
        transport: Action::RetryAfter.into(),
        wait_headers: vec![WaitHeader::retry_after()],
        max_retry_after: None,
        retry_after_jitter: None,
        should_retry: None,
        assumed: Vec::new(),
        assumed_values: Vec::new(),
    }
}

fn row(code: u16, name: &str, retry: Action) -> Row {
    Row {
        code,
        name: name.to_owned(),
        variant: String::new(),
        description: "not shown".to_owned(),
        retry: retry.into(),
        errors: Vec::new(),
        assumed: Vec::new(),
    }
}

fn class(class: u16, name: &str, retry: Action) -> ClassRow {
    ClassRow {
        class: Class(class),
        name: name.to_owned(),
        description: "not shown".to_owned(),
        retry: retry.into(),
        errors: Vec::new(),
        assumed: Vec::new(),
    }
}

fn schedule(seconds: impl IntoIterator<Item = u64>, repeat_last: bool, jitter: Jitter) -> Schedule {
    Schedule {
        name: "slow".to_owned(),
        kind: ScheduleKind::List,
        waits: seconds.into_iter().map(Duration::from_secs).collect(),
        documented: Vec::new(),
        repeat_last,
        max_retries: None,
        jitter,
        assumed: Vec::new(),
    }
}

/// The line of the one schedule.
fn waits(schedule: Schedule) -> String {
    let text = show(&Model {
        schedules: vec![schedule],
        ..bare()
    });
    text.lines().last().unwrap().to_owned()
}

#[test]
fn a_table_without_rows_says_what_holds() {
    assert_eq!(
        show(&bare()),
        "\
code         name  retry
any other          never
no response        Retry-After

retries at most: unlimited
"
    );
}

#[test]
fn rows_stand_in_columns_above_bounds_and_waits() {
    let slow = || "slow".to_owned();
    let model = Model {
        max_retries: Some(3),
        max_elapsed: Some(Duration::from_secs(90)),
        schedules: vec![
            schedule([1, 60], false, Jitter::None),
            Schedule {
                name: "quick".to_owned(),
                ..schedule([0], true, Jitter::Equal)
            },
        ],
        rows: vec![
            row(200, "OK", Action::Never),
            row(
                429,
                "Too Many Requests",
                Action::RetryAfterOrBackoff(slow()),
            ),
        ],
        classes: vec![
            class(4, "", Action::RetryAfter),
            class(5, "Störung", Action::Backoff(slow())),
        ],
        connect: Action::Backoff("quick".to_owned()).into(),
        transport: Action::Backoff("quick".to_owned()).into(),
        ..bare()
    };
    assert_eq!(
        show(&model),
        "\
code         name               retry
200          OK                 never
429          Too Many Requests  Retry-After, else slow
4XX                             Retry-After
5XX          Störung            slow
any other                       never
no response                     quick

retries at most: 3
none later than: 1 min 30 s
slow: 1 s, 1 min
quick: 0 s and on (jitter: equal)
"
    );
}

#[test]
fn a_column_is_as_wide_as_its_longest_name() {
    let model = Model {
        rows: vec![row(503, "überlastet", Action::Never)],
        ..bare()
    };
    assert!(show(&model).starts_with(
        "\
code         name        retry
503          überlastet  never
"
    ));
}

#[test]
fn the_first_eight_waits_and_the_last_are_shown() {
    for (number, expected) in [
        (7, "slow: 1 s, 2 s, 3 s, 4 s, 5 s, 6 s, 7 s"),
        (8, "slow: 1 s, 2 s, 3 s, 4 s, 5 s, 6 s, 7 s, 8 s"),
        (9, "slow: 1 s, 2 s, 3 s, 4 s, 5 s, 6 s, 7 s, 8 s, ... 9 s"),
        (20, "slow: 1 s, 2 s, 3 s, 4 s, 5 s, 6 s, 7 s, 8 s, ... 20 s"),
    ] {
        assert_eq!(waits(schedule(1..=number, false, Jitter::None)), expected);
    }
}

#[test]
fn repeats_and_jitter_follow_the_waits() {
    for (repeat_last, jitter, expected) in [
        (false, Jitter::None, "slow: 1 s, 2 s"),
        (true, Jitter::None, "slow: 1 s, 2 s and on"),
        (false, Jitter::Full, "slow: 1 s, 2 s (jitter: full)"),
        (
            true,
            Jitter::Percent(20),
            "slow: 1 s, 2 s and on (jitter: 20%)",
        ),
    ] {
        assert_eq!(waits(schedule([1, 2], repeat_last, jitter)), expected);
    }
    let long = schedule(1..=9, true, Jitter::Equal);
    assert!(waits(long).ends_with("8 s, ... 9 s and on (jitter: equal)"));
}

#[test]
fn conditions_and_assumptions_are_shown() {
    let slow = || Action::Backoff("slow".to_owned());
    let assumed = |key: &str| {
        let (key, value) = (key.to_owned(), String::new());
        vec![Assumed { key, value }]
    };
    let reset = WaitHeader {
        name: "X-Reset".to_owned(),
        form: WaitForm::UnixSeconds,
        only_if: vec![("X-Left".to_owned(), "0".to_owned())],
    };
    let model = Model {
        schedules: vec![Schedule {
            assumed: assumed("waits"),
            ..schedule([1], true, Jitter::Added(1_500))
        }],
        rows: vec![Row {
            errors: vec![("quota".to_owned(), Action::Never.into())],
            assumed: assumed("retry"),
            ..row(429, "Too Many Requests", Action::RetryAfter)
        }],
        unlisted: Behavior {
            if_idempotent: true,
            action: slow(),
        },
        connect: slow().into(),
        transport: Action::Never.into(),
        wait_headers: vec![WaitHeader::retry_after(), reset],
        max_retry_after: Some(Duration::from_mins(2)),
        retry_after_jitter: Some(20),
        should_retry: Some(ShouldRetry {
            header: "X-Retry".to_owned(),
            cases: vec![("false".to_owned(), Action::Never.into())],
        }),
        assumed_values: assumed("transport.other"),
        ..bare()
    };
    assert_eq!(
        show(&model),
        "\
code         name               retry
429          Too Many Requests  server's wait (assumed); quota: never
any other                       if idempotent, slow
never sent                      slow
no response                     never (assumed)

retries at most: unlimited
before the rows: X-Retry: false is never
server's wait: Retry-After, else X-Reset in unix-seconds if X-Left is 0
server's wait at most: 2 min
server's wait spread by: +20%
slow: 1 s and on (jitter: +1500ms) (assumed: waits)
"
    );
}
