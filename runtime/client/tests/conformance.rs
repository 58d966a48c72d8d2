//! Every adapter against a real server on loopback: each documented code × each kind of header × always
//! failing, and failing a few times before a success. The clock is virtual, the sockets are not.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters::{Adapter, Driven, Job, Setup, Time, adapters};
use retrospec::{Policy, Reason, StatusTable, Stop};
use retrospec_conformance::{End, Judgment, Reply, Script, Server, Verdict, judge, of_table};
use retrospec_test_support::Facts;

const BODY: &[u8] = b"chunk\0of\xffbytes";
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A header, and the wait in milliseconds, or the reason, if the row goes by it. The three forms of a date
/// are 45 seconds after [`DATE`].
const HEADERS: [(Option<&str>, Result<u64, Reason>); 9] = [
    (None, Err(Reason::NoRetryAfter)),
    (Some("30"), Ok(30_000)),
    (Some("Sun, 06 Nov 1994 08:50:22 GMT"), Ok(45_000)),
    (Some("Sunday, 06-Nov-94 08:50:22 GMT"), Ok(45_000)),
    (Some("Sun Nov  6 08:50:22 1994"), Ok(45_000)),
    (Some("1e3"), Err(Reason::InvalidRetryAfter)),
    (Some("2.5"), Ok(2500)),
    (
        Some("99999999999"),
        Err(Reason::RetryAfterTooLong(Duration::from_secs(
            99_999_999_999,
        ))),
    ),
    (
        Some("99999999999999999999"),
        Err(Reason::RetryAfterTooLong(Duration::from_secs(u64::MAX))),
    ),
];

/// Returns what the page says of a code that comes `failures` times before a 202, or always.
fn expected(
    facts: &Facts,
    code: u16,
    asked: Result<u64, Reason>,
    failures: Option<usize>,
) -> (u16, Vec<Duration>, Reason) {
    let asked = asked.map(Duration::from_millis);
    let mut waits = Vec::new();
    loop {
        if failures == Some(waits.len()) {
            return (202, waits, Reason::NotRetried);
        }
        match facts.decision(facts.action(code), asked, waits.len()) {
            Ok(wait) => waits.push(wait),
            Err(reason) => return (code, waits, reason),
        }
    }
}

fn answer(code: u16, header: Option<&str>) -> Reply {
    let answer = Reply::status(code).header("date", DATE);
    match header {
        Some(value) => answer.header("RETRY-after", value),
        None => answer,
    }
}

/// This answer `failures` times, or always, and then 202.
fn replies(code: u16, header: Option<&str>, failures: Option<usize>) -> Vec<Reply> {
    let answer = answer(code, header);
    match failures {
        Some(failures) => [vec![answer; failures], vec![Reply::status(202)]].concat(),
        None => vec![answer],
    }
}

/// Answers with each reply, the last forever, and notes at which time each request came.
fn script(replies: &[Reply], time: &Time) -> (Script, Arc<Mutex<Vec<Duration>>>) {
    let (time, came) = (time.clone(), Arc::new(Mutex::new(Vec::new())));
    let (notes, replies) = (came.clone(), replies.to_vec());
    let script = Script::routes(move |_| {
        let mut came = came.lock().unwrap();
        came.push(time.now());
        let reply = replies.get(came.len() - 1).or(replies.last());
        reply.unwrap().clone()
    });
    (script, notes)
}

/// Returns what the judge says of the requests, in the time of the client.
fn judged<T: StatusTable>(server: &Server, replies: &[Reply], came: &[Duration]) -> Judgment {
    let mut exchanges = server.exchanges();
    let start = exchanges[0].request.at;
    for (exchange, came) in exchanges.iter_mut().zip(came) {
        exchange.request.at = start + *came;
        exchange.answered = Some(exchange.request.at);
    }
    judge(
        &exchanges,
        replies,
        End::Ended,
        of_table(Policy::<T>::new()),
    )
}

/// Drives one cell, and returns the number of requests it took.
fn cell<T: StatusTable>(
    adapter: Adapter<T>,
    facts: &Facts,
    code: u16,
    header: usize,
    failures: Option<usize>,
) -> usize {
    let (header, asked) = HEADERS[header];
    let cell = format!("{code} with {header:?}, {failures:?} times");
    let time = Time::default();
    let replies = replies(code, header, failures);
    let (script, came) = script(&replies, &time);
    let server = Server::start(script);
    let found = adapter(&Job {
        time,
        setup: Setup::RECOMMENDED,
        method: "POST",
        url: &server.url("/api/v0/chunks/TESTSERIAL"),
        body: BODY,
        policy: Policy::new(),
        idempotent_only: false,
    });
    let (status, waits, reason) = expected(facts, code, asked, failures);
    let stop = Stop {
        reason,
        retries: waits.len().try_into().unwrap(),
        waited: waits.iter().sum(),
    };

    // As the server saw it; tokio's clock goes by milliseconds.
    let came = came.lock().unwrap();
    assert_eq!(came.len(), waits.len() + 1, "{cell}");
    let mut due = Duration::ZERO;
    for (n, came) in came.iter().enumerate() {
        let late = came.abs_diff(due);
        assert!(late < Duration::from_millis(50), "{cell}: {n} at {came:?}");
        due += waits.get(n).copied().unwrap_or_default();
    }
    let Judgment {
        verdict, detail, ..
    } = judged::<T>(&server, &replies, &came);
    assert_eq!((verdict, detail.as_str()), (Verdict::Ok, ""), "{cell}");
    for request in &server.requests() {
        let sent = (request.method.as_str(), &request.body[..]);
        assert_eq!(sent, ("POST", BODY), "{cell}");
    }
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
    came.len()
}

/// Prints how often each code was sent, with each header, if it always fails, and if the second or the fourth
/// request would succeed.
fn conforms_to<T: StatusTable>(name: &str, facts: &Facts) {
    let adapter = adapters::<T>()
        .into_iter()
        .find(|(named, _)| *named == name);
    let (_, adapter) = adapter.unwrap();
    let mut matrix = format!(
        "{name}, {}: requests, each at its documented time\n    ",
        facts.file
    );
    for (header, _) in HEADERS {
        let _ = write!(matrix, " {:>9.9}", header.unwrap_or("none"));
    }
    let mut cells = 0;
    for (code, _) in facts.exact_rows() {
        let _ = write!(matrix, "\n{code} ");
        for header in 0..HEADERS.len() {
            let [always, once, thrice] = [None, Some(1), Some(3)]
                .map(|failures| cell(adapter, facts, code, header, failures));
            let _ = write!(matrix, " {:>9}", format!("{always} {once} {thrice}"));
            cells += 3;
        }
    }
    println!("{matrix}\n{cells} cells");
}

/// Memfault's table, and one that has every behavior.
fn conforms(name: &str) {
    conforms_to::<memfault_status::Status>(name, &Facts::memfault());
    conforms_to::<example_status::Status>(name, &Facts::example());
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
fn reqwest_0_12_blocking_conforms() {
    conforms("reqwest 0.12 (blocking)");
}

#[test]
fn reqwest_0_12_conforms() {
    conforms("reqwest 0.12");
}

#[test]
fn tower_over_reqwest_0_12_conforms() {
    conforms("tower over reqwest 0.12");
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
