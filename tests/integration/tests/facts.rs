//! The generated crates against the facts of their pages: every status code, header and retry
//! number.

use std::fmt::Debug;
use std::time::Duration;

use retrospec::{Attempt, Next, Outcome, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_test_support::{Action, Facts};

/// 1994-11-06 08:49:37 UTC, and 45 seconds later.
const NOW: u64 = 784_111_777;
const LATER: &str = "Sun, 06 Nov 1994 08:50:22 GMT";

/// A header, and the wait in milliseconds, or the reason, that it leads to if the row goes by it alone.
const HEADERS: [(Option<&str>, Result<u64, Reason>); 9] = [
    (None, Err(Reason::NoRetryAfter)),
    (Some(""), Err(Reason::InvalidRetryAfter)),
    (Some("0"), Ok(0)),
    (Some("30"), Ok(30_000)),
    (Some(LATER), Ok(45_000)),
    (Some("Mon, 6 Nov 1994 08:50:22 UTC"), Ok(45_000)),
    (Some("2.5"), Ok(2_500)),
    (Some("-1"), Err(Reason::InvalidRetryAfter)),
    (Some("soon"), Err(Reason::InvalidRetryAfter)),
];

/// Returns the attempt after `retries` retries that took no time.
fn after<T: StatusTable>(retries: usize) -> Attempt<T> {
    let first = Policy::<T>::new().first_attempt();
    (0..retries).fold(first, |attempt, _| {
        match attempt.next(Outcome::status(503).elapsed(Duration::ZERO)) {
            Next::Retry(wait) => wait.into_attempt(),
            Next::Stop(stop) => panic!("{stop}"),
        }
    })
}

fn decision<T: StatusTable>(attempt: Attempt<T>, outcome: Outcome<'_>) -> Result<Duration, Reason> {
    match attempt.next(outcome.now(NOW).elapsed(Duration::ZERO)) {
        Next::Retry(wait) => Ok(wait.duration()),
        Next::Stop(stop) => Err(stop.reason),
    }
}

/// What a crate does by a row, in the words of a file of facts.
fn action(behavior: RetryBehavior) -> Action {
    match behavior {
        RetryBehavior::DoNotRetry => Action::Never,
        RetryBehavior::RetryAfter => Action::Header,
        RetryBehavior::Backoff(_) => Action::Backoff,
        RetryBehavior::RetryAfterOrBackoff(_) => Action::HeaderOrBackoff,
    }
}

/// Returns a line for each run of codes whose row is one thing in the crate and another in the facts.
fn differing_rows<T: StatusTable>(facts: &Facts) -> Vec<String> {
    let said = |name: Option<&str>, action: Action| match name {
        Some(name) => format!("`{name}`, {}", action.word()),
        None => format!("no row, so {}", action.word()),
    };
    let mut runs: Vec<(u16, u16, String)> = Vec::new();
    for code in 0..=u16::MAX {
        let theirs = said(facts.name(code), facts.action(code));
        let ours = said(T::name(code), action(T::retry_behavior(code)));
        if ours == theirs {
            continue;
        }
        let text = format!("the crate has {ours}; the facts have {theirs}");
        match runs.last_mut() {
            Some((_, last, same)) if *last + 1 == code && *same == text => *last = code,
            _ => runs.push((code, code, text)),
        }
    }
    let lines = runs.into_iter().map(|(first, last, text)| match first {
        first if first == last => format!("{first}: {text}"),
        first => format!("{first} to {last}: {text}"),
    });
    let without_response = [
        ("not sent", T::CONNECT, facts.connect()),
        ("no response", T::TRANSPORT, facts.transport()),
    ];
    let without_response = without_response
        .into_iter()
        .filter_map(|(what, ours, theirs)| {
            let [ours, theirs] = [action(ours), theirs].map(Action::word);
            (ours != theirs)
                .then(|| format!("{what}: the crate has {ours}; the facts have {theirs}"))
        });
    lines.chain(without_response).collect()
}

/// Returns a line for each bound, and for each wait of a schedule, that differs.
fn differing_numbers<T: StatusTable>(facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |what: String, ours: &dyn Debug, theirs: &dyn Debug| {
        let [ours, theirs] = [ours, theirs].map(|value| format!("{value:?}"));
        if ours != theirs {
            lines.push(format!(
                "{what}: the crate has {ours}; the facts have {theirs}"
            ));
        }
    };
    compare("retries".to_owned(), &T::MAX_RETRIES, &facts.retries);
    compare("elapsed".to_owned(), &T::MAX_ELAPSED, &facts.elapsed);
    let schedule = (0..=u16::MAX).find_map(|code| match T::retry_behavior(code) {
        RetryBehavior::Backoff(schedule) | RetryBehavior::RetryAfterOrBackoff(schedule) => {
            Some(schedule)
        }
        _ => None,
    });
    let schedule = schedule.expect("a row with a schedule");
    for retry in 1..=facts.waits.len() + 1 {
        let ours = schedule.wait(u32::try_from(retry).unwrap());
        compare(format!("wait {retry}"), &ours, &facts.wait(retry));
    }
    lines
}

/// Fails with all that differs at once, and with what to do about it.
fn rows_agree<T: StatusTable>(spec: &str, facts: &Facts) {
    let lines = [differing_rows::<T>(facts), differing_numbers::<T>(facts)].concat();
    assert!(
        lines.is_empty(),
        "{spec} and {} disagree:\n  {}\nRead the source again and correct the file that is wrong. A row of \
         facts is `CODE | NAME | ACTION`; ACTION is one of {}.",
        facts.file,
        lines.join("\n  "),
        Action::ALL.map(Action::word).join(", ")
    );
}

fn decisions_match<T: StatusTable>(spec: &str, facts: &Facts) {
    rows_agree::<T>(spec, facts);
    // One past the last: an attempt after all retries, or after all waits that differ.
    let last = facts
        .retries
        .map_or(facts.waits.len() + 1, |max| max as usize);
    for code in 0..=u16::MAX {
        let action = facts.action(code);
        for (header, asked) in HEADERS {
            let asked = asked.map(Duration::from_millis);
            for retries in 0..=last {
                let outcome = Outcome::status(code).retry_after(header.map(str::as_bytes));
                assert_eq!(
                    decision(after::<T>(retries), outcome),
                    facts.decision(action, asked, retries),
                    "{code} with {header:?} after {retries} retries"
                );
            }
        }
    }
    for retries in 0..=last {
        for (outcome, action) in [
            (Outcome::no_response(), facts.transport()),
            (Outcome::not_sent(), facts.connect()),
        ] {
            assert_eq!(
                decision(after::<T>(retries), outcome),
                facts.decision(action, Err(Reason::NoRetryAfter), retries),
                "{outcome:?} after {retries} retries"
            );
        }
    }
}

#[test]
fn memfault() {
    decisions_match::<memfault_status::Status>("spec/memfault.yaml", &Facts::memfault());
}

#[test]
fn otlp() {
    decisions_match::<otlp_status::Status>("spec/otlp.yaml", &Facts::otlp());
}

#[test]
fn prometheus_remote_write() {
    decisions_match::<prometheus_remote_write_status::Status>(
        "spec/prometheus-remote-write.yaml",
        &Facts::prometheus_remote_write(),
    );
}

#[test]
fn the_tests_own_table() {
    decisions_match::<example_status::Status>("tests/table/spec.yaml", &Facts::example());
}

#[test]
fn otlp_spreads_waits_by_half() {
    for (n, wait) in (0..).zip(Facts::otlp().waits) {
        let spread = |random| {
            decision(
                after::<otlp_status::Status>(n),
                Outcome::status(503).random(random),
            )
            .unwrap()
        };
        assert_eq!(spread(0), wait / 2);
        assert_eq!(spread(u32::MAX), wait + wait / 2);
    }
}

#[test]
fn memfault_formula_matches_page() {
    for (n, wait) in (1..).zip(memfault_status::EXPONENTIAL_WAITS) {
        assert_eq!(wait.as_secs(), 1 << (3 * n), "2^(3n)");
    }
}
