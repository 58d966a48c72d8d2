//! What adapters hand over beside the status: every header, and whether the request is idempotent.
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

use adapters::{Driven, Job, Setup, Time, adapters};
use retrospec::{Backoff, Outcome, Policy, Reason, RetryBehavior, StatusTable, milliseconds};
use retrospec_client::{RetryOptions, RunWith, retry};
use retrospec_test_server::{Reply, Script, Server};

const STEPS: Backoff = Backoff::new(&[Duration::from_secs(1)]);

/// 429 goes by a header of its own, and 503 is for idempotent requests.
struct Table;

impl StatusTable for Table {
    const MAX_RETRIES: Option<u32> = Some(3);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 => RetryBehavior::RetryAfter,
            503 => RetryBehavior::Backoff(&STEPS),
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }

    fn behavior(outcome: &Outcome<'_>) -> Result<RetryBehavior, Reason> {
        match outcome.code() {
            Some(503) if !outcome.is_idempotent() => Err(Reason::NotIdempotent),
            _ => Ok(Self::listed(outcome)),
        }
    }

    fn server_wait(outcome: &Outcome<'_>) -> Result<Duration, Reason> {
        let value = outcome.header("retry-after-ms");
        milliseconds(value.ok_or(Reason::NoRetryAfter)?)
    }
}

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

#[test]
fn a_foreign_header_reaches_the_table() {
    let busy = || Reply::status(429).header("Retry-After-MS", "2500");
    each("POST", busy, |name, driven| {
        assert_eq!(driven.waits, [Duration::from_millis(2_500)], "{name}");
        assert_eq!(driven.status, Some(202), "{name}");
    });
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
    assert_eq!(finished.stop.retries, 1);
}
