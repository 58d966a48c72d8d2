//! Every adapter against a real server on loopback: each documented code × each kind of header × always
//! failing, and failing a few times before a success. The clock is virtual, the sockets are not.
#![cfg(all(feature = "reqwest", feature = "reqwest-blocking", feature = "ureq"))]

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use memfault_status::{Status, policy};
use retrospec::{Reason, Stop};
use retrospec_client::{Answer as Decided, BlockingSendWith, Decision, Retry, RunWith, SendWith};
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

/// What came of a request: the status of the last response, the waits, and the end.
type Driven = (u16, Vec<Duration>, Stop);

fn waits(seen: &[Decision]) -> Vec<Duration> {
    seen.iter()
        .filter_map(|decision| match decision.answer {
            Decided::Retry { wait, .. } => Some(wait),
            Decided::Stop(_) => None,
        })
        .collect()
}

fn with_ureq(url: &str) -> Driven {
    let slept = RefCell::new(Vec::new());
    let request = http::Request::post(url).body(BODY).unwrap();
    let sleep = |wait| slept.borrow_mut().push(wait);
    let finished = ureq::agent().run_with_sleep(request, policy(), sleep);
    let status = finished.result.unwrap().status().as_u16();
    (status, slept.into_inner(), finished.stop)
}

fn with_reqwest_blocking(url: &str) -> Driven {
    let slept = RefCell::new(Vec::new());
    let request = reqwest::blocking::Client::new().post(url).body(BODY);
    let finished = request.send_with_sleep(policy(), |wait| slept.borrow_mut().push(wait));
    let status = finished.result.unwrap().status().as_u16();
    (status, slept.into_inner(), finished.stop)
}

/// Tokio's clock stands still but for the sleeps; the client has no timers of its own.
fn with_reqwest(url: &str) -> Driven {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let seen = Mutex::new(Vec::new());
        let watched =
            Retry::new(policy()).on_retry(|decision| seen.lock().unwrap().push(*decision));
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let start = tokio::time::Instant::now();
        let finished = client.post(url).body(BODY).send_with(&watched).await;
        let waits = waits(&seen.into_inner().unwrap());
        let slept: Duration = waits.iter().sum();
        assert!(
            start.elapsed().abs_diff(slept) < Duration::from_secs(1),
            "{slept:?}"
        );
        (
            finished.result.unwrap().status().as_u16(),
            waits,
            finished.stop,
        )
    })
}

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

fn conforms(adapter: &str, drive: fn(&str) -> Driven) {
    let facts = Facts::memfault();
    let mut cells = 0;
    for code in Status::ALL.map(Status::code) {
        for (header, asked) in HEADERS {
            for failures in [None, Some(1), Some(3)] {
                let server = Server::start(script(code, header, failures));
                let (status, waits, stop) = drive(&server.url("/api/v0/chunks/TESTSERIAL"));
                let cell = format!("{adapter}: {code} with {header:?}, {failures:?} times");
                let found = (status, waits, stop.reason);
                assert_eq!(found, expected(&facts, code, asked, failures), "{cell}");
                assert_eq!(stop.retries as usize, found.1.len(), "{cell}");
                assert_eq!(stop.waited, found.1.iter().sum(), "{cell}");

                let requests = server.requests();
                assert_eq!(requests.len(), found.1.len() + 1, "{cell}");
                for request in &requests {
                    assert_eq!(
                        (request.method.as_str(), &request.body[..]),
                        ("POST", BODY),
                        "{cell}"
                    );
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
    conforms("ureq", with_ureq);
}

#[test]
fn reqwest_blocking_conforms() {
    conforms("reqwest (blocking)", with_reqwest_blocking);
}

#[test]
fn reqwest_conforms() {
    conforms("reqwest", with_reqwest);
}
