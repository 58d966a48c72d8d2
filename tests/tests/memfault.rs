//! The generated crate for Memfault against the facts of its page: every status code, header and
//! retry number.

use std::time::Duration;

use memfault_status::{EXPONENTIAL, EXPONENTIAL_WAITS, MAX_RETRIES, Status, policy};
use retrospec::{Attempt, Next, Outcome, Reason};
use retrospec_tests::Facts;

/// 1994-11-06 08:49:37 UTC, and 45 seconds later.
const NOW: u64 = 784_111_777;
const LATER: &str = "Sun, 06 Nov 1994 08:50:22 GMT";

/// A header, and the wait or the reason it leads to where the row goes by it.
const HEADERS: [(Option<&str>, Result<u64, Reason>); 7] = [
    (None, Err(Reason::NoRetryAfter)),
    (Some(""), Err(Reason::InvalidRetryAfter)),
    (Some("0"), Ok(0)),
    (Some("30"), Ok(30)),
    (Some(LATER), Ok(45)),
    (Some("2.5"), Err(Reason::InvalidRetryAfter)),
    (Some("soon"), Err(Reason::InvalidRetryAfter)),
];

/// The attempt after so many retries.
fn after(retries: usize) -> Attempt<Status> {
    (0..retries).fold(policy().first_attempt(), |attempt, _| {
        match attempt.next(Outcome::status(503)) {
            Next::Retry(wait) => wait.into_attempt(),
            Next::Stop(stop) => panic!("{stop}"),
        }
    })
}

#[test]
fn every_decision_is_the_page_s() {
    let facts = Facts::memfault();
    let mut decisions = 0;
    for code in 0..=u16::MAX {
        let action = facts.row(code).map_or("never", |row| row.action);
        for (header, asked) in HEADERS {
            // One past the last: an attempt after five retries.
            for retries in 0..=facts.waits.len() {
                let last = retries == facts.waits.len();
                let expected = match action {
                    "never" => Err(Reason::NotRetried),
                    "header" if asked.is_ok() && last => Err(Reason::MaxRetries),
                    "header" => asked,
                    "backoff" => facts.waits.get(retries).copied().ok_or(Reason::MaxRetries),
                    other => panic!("{other}"),
                };
                let outcome = Outcome::status(code)
                    .retry_after(header.map(str::as_bytes))
                    .now(NOW);
                let found = match after(retries).next(outcome) {
                    Next::Retry(wait) => Ok(wait.duration()),
                    Next::Stop(stop) => Err(stop.reason),
                };
                assert_eq!(
                    found,
                    expected.map(Duration::from_secs),
                    "{code} with {header:?} after {retries} retries"
                );
                decisions += 1;
            }
        }
    }
    assert_eq!(decisions, 65_536 * 7 * 6);
}

#[test]
fn every_row_is_the_page_s() {
    let facts = Facts::memfault();
    let rows: Vec<_> = facts.rows.iter().map(|row| (row.code, row.name)).collect();
    let found = Status::ALL.map(|status| (status.code(), status.name()));
    assert_eq!(found[..], rows);
    for code in 0..=u16::MAX {
        let name = facts.row(code).map(|row| row.name);
        assert_eq!(Status::from_code(code).map(Status::name), name, "{code}");
        match Status::try_from(code) {
            Ok(status) => assert_eq!((u16::from(status), Some(status.name())), (code, name)),
            Err(undocumented) => {
                assert_eq!((undocumented.code(), None), (code, name));
                let message = format!("HTTP {code} is not in Memfault's table");
                assert_eq!(undocumented.to_string(), message);
            }
        }
    }
}

#[test]
fn the_waits_are_the_page_s() {
    let facts = Facts::memfault();
    let waits: Vec<_> = facts
        .waits
        .iter()
        .map(|secs| Duration::from_secs(*secs))
        .collect();
    assert_eq!(EXPONENTIAL_WAITS[..], waits);
    assert_eq!(MAX_RETRIES as usize, waits.len());
    for (n, wait) in (1..).zip(&waits) {
        assert_eq!(EXPONENTIAL.wait(n), Some(*wait));
        // The formula beside the page's table: 2^(3n).
        assert_eq!(wait.as_secs(), 1 << (3 * n));
    }
}

#[test]
fn status_codes_of_the_crate_http_convert() {
    for code in 100..=999 {
        let theirs = http::StatusCode::from_u16(code).unwrap();
        match Status::from_code(code) {
            Some(status) => {
                assert_eq!(http::StatusCode::from(status), theirs);
                assert_eq!(Status::try_from(theirs), Ok(status));
            }
            None => assert_eq!(Status::try_from(theirs).unwrap_err().code(), code),
        }
    }
}

#[test]
fn a_status_reads_well() {
    assert_eq!(Status::TooManyRequests.to_string(), "429 Too Many Requests");
}
