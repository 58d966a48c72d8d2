//! Tables that go by more than the status: other headers, error codes, idempotency, unsent requests.

use std::time::Duration;

use retrospec::{
    Backoff, Headers, Next, Outcome, Policy, Reason, RetryBehavior, SavedWait, StatusTable,
    milliseconds, seconds, unix_seconds,
};

const SECOND: Duration = Duration::from_secs(1);
const STEPS: Backoff = Backoff::new(&[SECOND]);
const LONG: Backoff = Backoff::new(&[Duration::from_secs(60)]);

/// A table as a generator would write it.
struct Table;

impl StatusTable for Table {
    const MAX_RETRIES: Option<u32> = Some(3);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;
    const CONNECT: RetryBehavior = RetryBehavior::Backoff(&STEPS);
    const CONDITIONAL: &'static [RetryBehavior] = &[RetryBehavior::Backoff(&LONG)];
    const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 => RetryBehavior::RetryAfterOrBackoff(&STEPS),
            503 => RetryBehavior::Backoff(&STEPS),
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }

    fn behavior(outcome: &Outcome<'_>) -> Result<RetryBehavior, Reason> {
        match outcome.header("x-should-retry") {
            Some(b"true") => return Ok(RetryBehavior::Backoff(&LONG)),
            Some(b"false") => return Ok(RetryBehavior::DoNotRetry),
            _ => {}
        }
        match (outcome.code(), outcome.error_code()) {
            (Some(429), Some("insufficient_quota")) => Ok(RetryBehavior::DoNotRetry),
            (Some(503), _) if !outcome.is_idempotent() => Err(Reason::NotIdempotent),
            _ => Ok(Self::listed(outcome)),
        }
    }

    fn server_wait(outcome: &Outcome<'_>) -> Result<Duration, Reason> {
        let value = outcome.header("retry-after-ms");
        milliseconds(value.ok_or(Reason::NoRetryAfter)?)
    }
}

fn decide(outcome: Outcome<'_>) -> Result<Duration, Reason> {
    match Policy::<Table>::new().first_attempt().next(outcome) {
        Next::Retry(wait) => Ok(wait.duration()),
        Next::Stop(stop) => Err(stop.reason),
    }
}

#[test]
fn unsent_requests_go_by_connect() {
    assert_eq!(decide(Outcome::not_sent()), Ok(SECOND));
    assert_eq!(decide(Outcome::no_response()), Err(Reason::NotRetried));
    let never = Policy::<Table>::new().transport(RetryBehavior::DoNotRetry);
    let next = never.first_attempt().next(Outcome::not_sent());
    assert!(matches!(next, Next::Stop(_)), "the policy's own goes first");
}

#[test]
fn a_header_decides_before_the_rows() {
    let long = Ok(Duration::from_secs(60));
    for (value, code, expected) in [
        ("true", 404, long),
        ("false", 429, Err(Reason::NotRetried)),
        (" true\t", 404, long),
        ("maybe", 404, Err(Reason::NotRetried)),
    ] {
        let headers = [("X-Should-Retry", value)];
        let found = decide(Outcome::status(code).headers(&headers));
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn error_codes_tell_one_status_apart() {
    let throttled = Outcome::status(429);
    assert_eq!(decide(throttled), Ok(SECOND));
    let spent = throttled.error("insufficient_quota");
    assert_eq!(decide(spent), Err(Reason::NotRetried));
}

#[test]
fn a_request_not_known_idempotent_is_not() {
    let down = Outcome::status(503);
    assert_eq!(decide(down), Err(Reason::NotIdempotent));
    assert_eq!(decide(down.idempotent(true)), Ok(SECOND));
}

#[test]
fn the_tables_own_header_and_bound_hold() {
    for (value, expected) in [
        ("250", Ok(Duration::from_millis(250))),
        ("0", Ok(SECOND)),
        ("soon", Ok(SECOND)),
        ("120000", Ok(Duration::from_secs(120))),
        (
            "120001",
            Err(Reason::RetryAfterTooLong(Duration::from_millis(120_001))),
        ),
    ] {
        let headers = [("Retry-After-Ms", value)];
        let found = decide(Outcome::status(429).headers(&headers));
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn a_stored_wait_may_be_a_conditional_one() {
    let resumed = |seconds| {
        let saved = SavedWait {
            retry: 1,
            duration: Duration::from_secs(seconds),
            waited: Duration::ZERO,
            elapsed: Duration::ZERO,
        };
        let policy = Policy::<Table>::new().max_retry_after(5 * SECOND);
        policy.resume(saved, Duration::ZERO).duration()
    };
    assert_eq!(resumed(60), Duration::from_secs(60));
    assert_eq!(resumed(61), Duration::from_secs(60));
}

#[test]
fn headers_come_from_any_collection() {
    let mut map = std::collections::BTreeMap::new();
    map.insert("Retry-After".to_owned(), "1".to_owned());
    let lines = vec![("retry-after", "1"), ("Retry-After", "2")];
    for headers in [&map as &dyn Headers, &lines] {
        assert_eq!(headers.get("retry-after"), Some(&b"1"[..]));
        assert_eq!(headers.get("date"), None);
    }
    let handed_in = Outcome::status(429).retry_after(Some(b" 3 ")).headers(&map);
    assert_eq!(handed_in.header("retry-after"), Some(&b"3"[..]));
}

#[test]
fn headers_alone_are_enough() {
    let decide = |outcome: Outcome| match Policy::<Connecting>::new().first_attempt().next(outcome)
    {
        Next::Retry(wait) => Ok(wait.duration()),
        Next::Stop(stop) => Err(stop.reason),
    };
    let throttled = Outcome::status(429);
    assert_eq!(
        decide(throttled.headers(&[("Date", "")])),
        Err(Reason::NoRetryAfter)
    );
    assert_eq!(
        decide(throttled.headers(&[("Retry-After", " 7 ")])),
        Ok(7 * SECOND)
    );
    let headers = [
        ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:46 GMT"),
    ];
    let outcome = throttled.headers(&headers);
    assert_eq!(decide(outcome), Ok(9 * SECOND));
    // What is set by name goes first.
    assert_eq!(decide(outcome.retry_after(Some(b"8"))), Ok(8 * SECOND));
    let date = Some(&b"Sun, 06 Nov 1994 08:49:45 GMT"[..]);
    assert_eq!(decide(outcome.date(date)), Ok(SECOND));
}

#[test]
fn waits_are_read_in_each_unit() {
    let invalid = Err(Reason::InvalidRetryAfter);
    assert_eq!(seconds(b" 2.5"), Ok(Duration::from_millis(2_500)));
    assert_eq!(milliseconds(b"1.5"), Ok(Duration::from_micros(1_500)));
    for value in ["", "-1", "1e3", "Sun, 06 Nov 1994 08:49:37 GMT", "."] {
        assert_eq!(seconds(value.as_bytes()), invalid, "{value}");
        assert_eq!(milliseconds(value.as_bytes()), invalid, "{value}");
        assert_eq!(
            unix_seconds(value.as_bytes(), None, Some(1)),
            invalid,
            "{value}"
        );
    }
    // 1994-11-06 08:49:37 UTC, and ten seconds later.
    let date = Some(&b"Sun, 06 Nov 1994 08:49:37 GMT"[..]);
    let until = b"784111787";
    assert_eq!(unix_seconds(until, date, None), Ok(Duration::from_secs(10)));
    assert_eq!(
        unix_seconds(until, date, Some(1)),
        Ok(Duration::from_secs(10))
    );
    assert_eq!(unix_seconds(until, None, Some(784_111_786)), Ok(SECOND));
    assert_eq!(
        unix_seconds(until, None, Some(784_111_999)),
        Ok(Duration::ZERO)
    );
    assert_eq!(unix_seconds(until, None, None), Err(Reason::NoClock));
}

/// Without a response it is never retried, unless nothing was sent. A server's wait is spread by half.
struct Connecting;

impl StatusTable for Connecting {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;
    const CONNECT: RetryBehavior = RetryBehavior::Backoff(&LONG);
    const RETRY_AFTER_JITTER: u8 = 50;

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 => RetryBehavior::RetryAfter,
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

#[test]
fn a_stored_wait_may_be_that_of_connect() {
    let saved = SavedWait {
        retry: 1,
        duration: Duration::from_secs(61),
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    };
    let policy = Policy::<Connecting>::new().max_retry_after(SECOND);
    let resumed = policy.resume(saved, Duration::ZERO);
    assert_eq!(resumed.duration(), Duration::from_secs(60));
    let never = policy.transport(RetryBehavior::DoNotRetry);
    let resumed = never.resume(saved, Duration::ZERO);
    assert_eq!(resumed.duration(), Duration::from_millis(1_500));
}

#[test]
fn a_table_may_spread_the_servers_wait() {
    let busy = Outcome::status(429).retry_after(Some(b"10"));
    for (random, millis) in [(0, 10_000), (u32::MAX, 15_000)] {
        let attempt = Policy::<Connecting>::new().first_attempt();
        let Next::Retry(wait) = attempt.next(busy.random(random)) else {
            panic!("429 is retried");
        };
        assert_eq!(wait.duration(), Duration::from_millis(millis));
    }
}

/// An async program may hold an outcome while it waits.
#[test]
fn an_outcome_can_be_sent_and_shared() {
    fn check<T: Send + Sync>(_: T) {}
    check(Outcome::status(429).headers(&[("retry-after", "1")]));
}
