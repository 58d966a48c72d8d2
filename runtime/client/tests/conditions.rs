//! What adapters hand over beside the status: every header, and whether the request is idempotent.
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

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use adapters::{Driven, Job, Setup, Time, adapters};
use retrospec::{Outcome, Policy, Reason};
use retrospec_client::{Attempted, RetryOptions, RunWith, retry};
use retrospec_conformance::{Reply, Script, Server};

mod table {
    retrospec_macros::table!("tests/conditions.yaml");
}

use table::Status as Table;

/// Sends with each adapter to a server that replies so once, and then with 202.
fn each(method: &str, reply: impl Fn() -> Reply, check: impl Fn(&str, &Driven)) {
    for (name, adapter) in adapters::<Table>() {
        let server = Server::start(Script::new(reply()).then(Reply::status(202)));
        let driven = adapter(&Job {
            time: Time::default(),
            setup: Setup::RECOMMENDED,
            method,
            url: &server.url("/"),
            body: b"body",
            policy: Policy::new(),
            idempotent_only: false,
        });
        check(name, &driven);
    }
}

/// Headers of the first response, and the waits, or why there are none.
type Asked<'a> = (u16, &'a [(&'a str, &'a str)], Result<u64, Reason>);

#[test]
fn each_kind_of_header_reaches_the_table() {
    let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let reset = ("X-RateLimit-Reset", "784111822");
    let too_long = Reason::RetryAfterTooLong(Duration::from_secs(121));
    let cases: &[Asked<'_>] = &[
        (429, &[("Retry-After-MS", "2500")], Ok(2_500)),
        (429, &[("retry-after", "1.5")], Ok(1_500)),
        (
            429,
            &[("Retry-After-Ms", "soon"), ("Retry-After", "3")],
            Ok(3_000),
        ),
        (
            429,
            &[("Retry-After-Ms", "500"), ("Retry-After", "3")],
            Ok(500),
        ),
        (429, &[("X-Wait", "0.25")], Ok(250)),
        (
            429,
            &[date, ("X-RateLimit-Remaining", "0"), reset],
            Ok(45_000),
        ),
        (
            429,
            &[date, ("X-RateLimit-Remaining", "1"), reset],
            Err(Reason::NoRetryAfter),
        ),
        (429, &[("X-Wait", "soon")], Err(Reason::InvalidRetryAfter)),
        (429, &[("Retry-After", "121")], Err(too_long)),
        (429, &[("X-Should-Retry", "true")], Ok(1_000)),
        (400, &[("X-Should-Retry", "true")], Ok(1_000)),
        (400, &[("X-Should-Retry", "yes")], Err(Reason::NotRetried)),
        (
            429,
            &[("X-Should-Retry", "false"), ("X-Wait", "1")],
            Err(Reason::NotRetried),
        ),
    ];
    for (code, headers, expected) in cases {
        let reply = || {
            let add = |reply: Reply, (name, value): &(&str, &str)| reply.header(name, *value);
            headers.iter().fold(Reply::status(*code), add)
        };
        each("POST", reply, |name, driven| {
            let found = match driven.waits[..] {
                [] => Err(driven.stop.reason),
                _ => Ok(driven.waits.iter().sum()),
            };
            let expected = expected.map(Duration::from_millis);
            assert_eq!(found, expected, "{name}: {code} {headers:?}");
        });
    }
}

/// A status, and an error code that no adapter reads.
struct Answer(u16, &'static str);

impl Attempted for Answer {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::status(self.0).error(self.1)
    }
}

#[test]
fn drivers_take_error_codes_and_name_rows() {
    for (code, error, retries, name) in [
        (409, "locked", 3, Some("Conflict")),
        (409, "exists", 0, Some("Conflict")),
        (429, "locked", 0, Some("Too Many Requests")),
        (507, "", 3, Some("Server Error")),
        (404, "", 0, None),
    ] {
        let names = Mutex::new(Vec::new());
        let options = RetryOptions::new(Policy::<Table>::new()).idempotent(true);
        let options = options.on_decision(|decision| names.lock().unwrap().push(decision.name));
        let finished = retry(options, |_| Answer(code, error), |_| {});
        assert_eq!(finished.stop.retries, retries, "{code} {error}");
        assert_eq!(
            names.into_inner().unwrap(),
            vec![name; retries as usize + 1]
        );
    }
}

#[test]
fn a_request_never_sent_goes_by_connect() {
    let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
    let finished = retry(
        Policy::<Table>::new(),
        |_| Err::<Answer, _>(refused()),
        |_| {},
    );
    assert_eq!(finished.stop.retries, 3);
    let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
    let finished = retry(
        Policy::<Table>::new(),
        |_| Err::<Answer, _>(reset()),
        |_| {},
    );
    assert_eq!(finished.stop.retries, 0);
}

#[test]
fn the_method_says_what_is_idempotent() {
    let down = || Reply::status(503);
    each("PUT", down, |name, driven| {
        assert_eq!(driven.waits, [Duration::from_secs(1)], "{name}");
    });
    each("POST", down, |name, driven| {
        assert_eq!(driven.stop.reason, Reason::NotIdempotent, "{name}");
        assert_eq!(
            (driven.status, driven.stop.retries),
            (Some(503), 0),
            "{name}"
        );
    });
}

/// Returns why a POST to a server that is down ends, if the policy is told this and the request has this header.
fn end(told: Option<bool>, header: Option<&str>) -> Reason {
    let server = Server::start(Script::new(Reply::status(503)).then(Reply::status(202)));
    let mut request = http::Request::post(server.url("/"));
    if let Some(name) = header {
        request = request.header(name, "1");
    }
    let options = RetryOptions::new(Policy::<Table>::new());
    let options = match told {
        Some(idempotent) => options.idempotent(idempotent),
        None => options,
    };
    let request = request.body("body").unwrap();
    let finished = ureq::agent().run_with_sleep(request, options, |_| {});
    finished.stop.reason
}

#[test]
fn a_key_or_the_policy_makes_a_post_idempotent() {
    assert_eq!(end(None, None), Reason::NotIdempotent);
    assert_eq!(end(None, Some("X-Key")), Reason::NotIdempotent);
    assert_eq!(end(None, Some("Idempotency-Key")), Reason::NotRetried);
    assert_eq!(end(Some(true), None), Reason::NotRetried);
    assert_eq!(
        end(Some(false), Some("Idempotency-Key")),
        Reason::NotIdempotent
    );
}

#[test]
fn drivers_go_by_what_the_policy_is_told() {
    let down = || http::Response::builder().status(503).body(()).unwrap();
    let options = RetryOptions::new(Policy::<Table>::new());
    let finished = retry(options, |_| down(), |_| {});
    assert_eq!(finished.stop.reason, Reason::NotIdempotent);
    let finished = retry(options.idempotent(true), |_| down(), |_| {});
    assert_eq!(finished.stop.retries, 3);
}
