//! The generated crates against the facts of their pages: every status code, header and retry
//! number.

use std::time::Duration;

use retrospec::{Attempt, Next, Outcome, Policy, Reason, StatusTable};
use retrospec_test_support::Facts;

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

/// The attempt after so many retries, in no time.
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

/// What the page says, for an action and the wait that a header asks for.
fn expected(
    facts: &Facts,
    action: &str,
    asked: Result<Duration, Reason>,
    retries: usize,
) -> Result<Duration, Reason> {
    let allowed = facts.retries.is_none_or(|max| retries < max as usize);
    let within = |wait: Result<Duration, Reason>| match wait {
        Ok(_) if !allowed => Err(Reason::MaxRetries),
        wait => wait,
    };
    let backoff = || within(facts.wait(retries + 1).ok_or(Reason::MaxRetries));
    match (action, asked) {
        ("never", _) => Err(Reason::NotRetried),
        ("header", asked) => within(asked),
        ("header-or-backoff", Ok(asked)) if !asked.is_zero() => within(Ok(asked)),
        ("header-or-backoff" | "backoff", _) => backoff(),
        (other, _) => panic!("{other}"),
    }
}

fn every_decision_is_the_page_s<T: StatusTable>(facts: &Facts) {
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
                    expected(facts, action, asked, retries),
                    "{code} with {header:?} after {retries} retries"
                );
            }
        }
    }
    for retries in 0..=last {
        for outcome in [Outcome::no_response(), Outcome::not_sent()] {
            assert_eq!(
                decision(after::<T>(retries), outcome),
                expected(facts, facts.transport(), Err(Reason::NoRetryAfter), retries),
                "{outcome:?} after {retries} retries"
            );
        }
    }
    assert_eq!(T::MAX_RETRIES, facts.retries);
    assert_eq!(T::MAX_ELAPSED, facts.elapsed);
    let names = (0..=u16::MAX).filter_map(|code| Some((code, T::name(code)?)));
    assert_eq!(names.collect::<Vec<_>>(), facts.exact_rows());
}

#[test]
fn memfault() {
    every_decision_is_the_page_s::<memfault_status::Status>(&Facts::memfault());
}

#[test]
fn otlp() {
    every_decision_is_the_page_s::<otlp_status::Status>(&Facts::otlp());
}

#[test]
fn prometheus_remote_write() {
    every_decision_is_the_page_s::<prometheus_remote_write_status::Status>(
        &Facts::prometheus_remote_write(),
    );
}

#[test]
fn otlp_s_waits_are_spread_by_half() {
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
fn memfault_s_formula_is_the_page_s() {
    for (n, wait) in (1..).zip(memfault_status::EXPONENTIAL_WAITS) {
        assert_eq!(wait.as_secs(), 1 << (3 * n), "2^(3n)");
    }
}
