//! Every adapter against a real server on loopback: each documented code × each kind of header × always
//! failing, and failing a few times before a success. The clock is virtual, the sockets are not.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;

use std::time::Duration;

use adapters::{ADAPTERS, Driven, Job};
use memfault_status::{Status, policy};
use retrospec::{Reason, Stop};
use retrospec_test_server::{Answer, Script, Server};
use retrospec_tests::Facts;

const BODY: &[u8] = b"chunk\0of\xffbytes";
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A header, and the wait in seconds, or the reason, where the row goes by it. The three forms of a date
/// are 45 seconds after [`DATE`].
const HEADERS: [(Option<&str>, Result<u64, Reason>); 7] = [
    (None, Err(Reason::NoRetryAfter)),
    (Some("30"), Ok(30)),
    (Some("Sun, 06 Nov 1994 08:50:22 GMT"), Ok(45)),
    (Some("Sunday, 06-Nov-94 08:50:22 GMT"), Ok(45)),
    (Some("Sun Nov  6 08:50:22 1994"), Ok(45)),
    (Some("2.5"), Err(Reason::InvalidRetryAfter)),
    (
        Some("99999999999"),
        Err(Reason::RetryAfterTooLong(Duration::from_secs(
            99_999_999_999,
        ))),
    ),
];

/// What the page says of a code that comes `failures` times before a 202, or for ever.
fn expected(
    facts: &Facts,
    code: u16,
    asked: Result<u64, Reason>,
    failures: Option<usize>,
) -> (u16, Vec<Duration>, Reason) {
    let mut waits = Vec::new();
    loop {
        let retries = waits.len();
        if failures == Some(retries) {
            return (202, waits, Reason::NotRetried);
        }
        let wait = match (facts.action(code), asked) {
            ("never", _) => Err(Reason::NotRetried),
            ("header", Err(Reason::RetryAfterTooLong(_)) | Ok(_)) if retries == 5 => {
                Err(Reason::MaxRetries)
            }
            ("header", asked) => asked.map(Duration::from_secs),
            ("backoff", _) => facts.wait(retries + 1).ok_or(Reason::MaxRetries),
            (other, _) => panic!("{other}"),
        };
        match wait {
            Ok(wait) => waits.push(wait),
            Err(reason) => return (code, waits, reason),
        }
    }
}

fn answer(code: u16, header: Option<&str>) -> Answer {
    let answer = Answer::status(code).header("date", DATE);
    match header {
        Some(value) => answer.header("RETRY-after", value),
        None => answer,
    }
}

fn script(code: u16, header: Option<&str>, failures: Option<usize>) -> Script {
    let fails = || answer(code, header);
    match failures {
        None => Script::new(fails()),
        Some(failures) => (1..failures)
            .fold(Script::new(fails()), |script, _| script.then(fails()))
            .then(Answer::status(202)),
    }
}

fn conforms(adapter: &str) {
    let (_, drive) = *ADAPTERS.iter().find(|(name, _)| *name == adapter).unwrap();
    let facts = Facts::memfault();
    let mut cells = 0;
    for code in Status::ALL.map(Status::code) {
        for (header, asked) in HEADERS {
            for failures in [None, Some(1), Some(3)] {
                let cell = format!("{adapter}: {code} with {header:?}, {failures:?} times");
                let server = Server::start(script(code, header, failures));
                let found = drive(Job {
                    method: "POST",
                    url: &server.url("/api/v0/chunks/TESTSERIAL"),
                    body: BODY,
                    policy: policy(),
                    idempotent_only: false,
                });
                let (status, waits, reason) = expected(&facts, code, asked, failures);
                let stop = Stop {
                    reason,
                    retries: waits.len().try_into().unwrap(),
                    waited: waits.iter().sum(),
                };
                let attempts = waits.len() + 1;
                let status = Some(status);
                assert_eq!(
                    found,
                    Driven {
                        status,
                        waits,
                        stop
                    },
                    "{cell}"
                );

                let requests = server.requests();
                assert_eq!(requests.len(), attempts, "{cell}");
                for request in &requests {
                    let sent = (request.method.as_str(), &request.body[..]);
                    assert_eq!(sent, ("POST", BODY), "{cell}");
                }
                cells += 1;
            }
        }
    }
    println!("{adapter}: {cells} of {cells} cells as documented");
    assert_eq!(cells, 13 * 7 * 3);
}

#[test]
fn ureq_conforms() {
    conforms("ureq");
}

#[test]
fn reqwest_blocking_conforms() {
    conforms("reqwest (blocking)");
}

#[test]
fn reqwest_conforms() {
    conforms("reqwest");
}

#[test]
fn reqwest_middleware_conforms() {
    conforms("reqwest-middleware");
}

#[test]
fn tower_over_reqwest_conforms() {
    conforms("tower over reqwest");
}

#[test]
fn tower_over_hyper_util_conforms() {
    conforms("tower over hyper-util");
}
