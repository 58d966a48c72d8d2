//! The rules of the engine, each by its number in the crate's documentation.

use std::time::Duration;

use retrospec::{
    Attempt, Backoff, Jitter, Next, Outcome, Policy, Reason, RetryBehavior, SavedWait, StatusTable,
    Stop, Wait,
};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);

const WAITS: [Duration; 3] = [
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
];
const STEPS: Backoff = Backoff::new(&WAITS);
const STEADY: Backoff = Backoff::new(&[Duration::from_secs(100)]).repeat_last();
const SPREAD: Backoff = Backoff::new(&WAITS).jitter(Jitter::Full);

/// One code for each behavior, and 3 retries.
struct Table;

impl StatusTable for Table {
    const MAX_RETRIES: Option<u32> = Some(3);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 => RetryBehavior::RetryAfter,
            502 => RetryBehavior::Backoff(&SPREAD),
            503 => RetryBehavior::Backoff(&STEPS),
            504 => RetryBehavior::RetryAfterOrBackoff(&STEPS),
            599 => RetryBehavior::Backoff(&STEADY),
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

/// The same table without bounds.
struct Unlimited;

impl StatusTable for Unlimited {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = Some(DAY);
    const TRANSPORT: RetryBehavior = RetryBehavior::Backoff(&STEADY);

    fn retry_behavior(code: u16) -> RetryBehavior {
        Table::retry_behavior(code)
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

fn policy() -> Policy<Table> {
    Policy::new()
}

fn retry<T>(next: Next<T>) -> Wait<T> {
    match next {
        Next::Retry(wait) => wait,
        Next::Stop(stop) => panic!("{stop}"),
    }
}

fn stop<T>(next: Next<T>) -> Stop {
    match next {
        Next::Retry(wait) => panic!("{wait:?}"),
        Next::Stop(stop) => stop,
    }
}

fn first(outcome: Outcome<'_>) -> Next<Table> {
    policy().first_attempt().next(outcome)
}

/// Returns the attempt after this many retries by schedule.
fn after<T: StatusTable>(policy: Policy<T>, retries: u32) -> Attempt<T> {
    (0..retries).fold(policy.first_attempt(), |attempt, _| {
        retry(attempt.next(Outcome::status(503))).into_attempt()
    })
}

fn with_header(code: u16, value: &[u8]) -> Outcome<'_> {
    Outcome::status(code).retry_after(Some(value))
}

#[test]
fn rule_1_the_table_is_asked_for_the_code() {
    for code in 0..=u16::MAX {
        let stops = matches!(first(Outcome::status(code)), Next::Stop(_));
        assert_eq!(stops, !matches!(code, 502..=504 | 599), "{code}");
    }
}

#[test]
fn rule_2_never_stops_whatever_the_headers_say() {
    for value in ["30", "0", "", "soon", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let stop = stop(first(with_header(400, value.as_bytes()).now(0)));
        assert_eq!(stop.reason, Reason::NotRetried, "{value}");
    }
}

#[test]
fn rule_3_retry_after_needs_a_valid_header() {
    assert_eq!(
        retry(first(with_header(429, b"30"))).duration(),
        30 * SECOND
    );
    assert_eq!(
        retry(first(with_header(429, b"0"))).duration(),
        Duration::ZERO
    );
    for (value, reason) in [
        (None, Reason::NoRetryAfter),
        (Some(&b""[..]), Reason::InvalidRetryAfter),
        (Some(b"2.5s"), Reason::InvalidRetryAfter),
        (Some(b"Sun, 06 Nov 1994 08:49:37 GMT"), Reason::NoClock),
    ] {
        let stop = stop(first(Outcome::status(429).retry_after(value)));
        assert_eq!(stop.reason, reason);
    }
}

#[test]
fn rule_4_a_schedule_counts_all_retries() {
    let wait = retry(first(with_header(429, b"7")));
    let wait = retry(wait.into_attempt().next(with_header(503, b"7")));
    assert_eq!((wait.retry(), wait.duration()), (2, WAITS[1]));
    let wait = retry(wait.into_attempt().next(Outcome::status(503)));
    assert_eq!((wait.retry(), wait.duration()), (3, WAITS[2]));
}

#[test]
fn rule_5_the_schedule_replaces_no_header() {
    for (value, expected) in [
        (None, WAITS[0]),
        (Some(&b"7"[..]), 7 * SECOND),
        (Some(b"0"), WAITS[0]),
        (Some(b"soon"), WAITS[0]),
        (Some(b"Sun, 06 Nov 1994 08:49:37 GMT"), WAITS[0]),
    ] {
        let wait = retry(first(Outcome::status(504).retry_after(value)));
        assert_eq!(wait.duration(), expected, "{value:?}");
    }
    let past = with_header(504, b"Sun, 06 Nov 1994 08:49:37 GMT").now(1_000_000_000);
    assert_eq!(retry(first(past)).duration(), WAITS[0]);
    let ahead = with_header(504, b"Sun, 06 Nov 1994 08:49:37 GMT").now(784_111_770);
    assert_eq!(retry(first(ahead)).duration(), 7 * SECOND);
}

#[test]
fn rule_6_max_retries_counts_every_retry() {
    for code in [429, 502, 503, 504, 599] {
        let stop = stop(after(policy(), 3).next(with_header(code, b"1")));
        assert_eq!(
            (stop.reason, stop.retries),
            (Reason::MaxRetries, 3),
            "{code}"
        );
    }
    assert_eq!(
        stop(after(policy().max_retries(2), 2).next(Outcome::status(503))).retries,
        2
    );
    let never = policy().max_retries(0).first_attempt();
    assert_eq!(
        stop(never.next(Outcome::status(503))).reason,
        Reason::MaxRetries
    );
}

#[test]
fn rule_6_a_schedule_ends_before_more_retries() {
    let stop = stop(after(policy().max_retries(9), 3).next(Outcome::status(503)));
    assert_eq!(
        (stop.reason, stop.waited),
        (Reason::MaxRetries, 70 * SECOND)
    );
}

#[test]
fn rule_6_without_a_clock_the_waits_count() {
    let attempt = after(policy().max_elapsed(70 * SECOND), 2);
    assert_eq!(
        retry(attempt.next(Outcome::status(503))).duration(),
        WAITS[2]
    );
    let attempt = after(policy().max_elapsed(Duration::new(69, 999_999_999)), 2);
    assert_eq!(
        stop(attempt.next(Outcome::status(503))).reason,
        Reason::MaxElapsed
    );
}

#[test]
fn rule_6_max_elapsed_counts_what_is_handed_in() {
    let decide = |elapsed| {
        after(policy().max_elapsed(100 * SECOND), 1).next(Outcome::status(503).elapsed(elapsed))
    };
    assert_eq!(retry(decide(80 * SECOND)).duration(), WAITS[1]);
    assert_eq!(retry(decide(Duration::ZERO)).duration(), WAITS[1]);
    assert_eq!(stop(decide(81 * SECOND)).reason, Reason::MaxElapsed);
    assert_eq!(stop(decide(Duration::MAX)).reason, Reason::MaxElapsed);
}

#[test]
fn rule_6_a_clock_that_stops_counts_the_waits() {
    let next = |attempt: Attempt<Table>, elapsed: u64| {
        attempt.next(Outcome::status(503).elapsed(Duration::from_secs(elapsed)))
    };
    // Waits of 10, 20 and 40 s, of which the clock sees none.
    for (bound, stops) in [(70, false), (69, true)] {
        let policy = policy().max_elapsed(bound * SECOND);
        let second = retry(next(policy.first_attempt(), 0)).into_attempt();
        let third = retry(next(second, 0)).into_attempt();
        assert_eq!(matches!(next(third, 0), Next::Stop(_)), stops, "{bound} s");
    }
    // It runs during the attempts, for 5 s and for 3 s, and counts from the restart after the second wait.
    let wait = retry(next(policy().first_attempt(), 5));
    assert_eq!(wait.save().elapsed, 5 * SECOND);
    let wait = retry(next(wait.into_attempt(), 8));
    assert_eq!(wait.save().elapsed, 15 * SECOND);
    let resumed = policy().resume(wait.save(), 20 * SECOND);
    let wait = retry(next(resumed.into_attempt(), 1));
    assert_eq!(wait.save().elapsed, 36 * SECOND);
}

#[test]
fn rule_6_a_table_without_limit_goes_on() {
    let mut attempt = Policy::<Unlimited>::new().first_attempt();
    for n in 1..=DAY.as_secs() / 100 {
        let wait = retry(attempt.next(Outcome::no_response()));
        assert_eq!(u64::from(wait.retry()), n);
        attempt = wait.into_attempt();
    }
    assert_eq!(
        stop(attempt.next(Outcome::no_response())).reason,
        Reason::MaxElapsed
    );
}

#[test]
fn rule_6_the_largest_bounds_are_none() {
    let unbounded = policy().max_retries(u32::MAX).max_elapsed(Duration::MAX);
    assert!(!unbounded.has_max_elapsed());
    let last = SavedWait {
        retry: u32::MAX,
        duration: SECOND,
        waited: Duration::MAX,
        elapsed: Duration::MAX,
    };
    let attempt = unbounded.resume(last, Duration::MAX).into_attempt();
    let wait = retry(attempt.next(Outcome::status(599).elapsed(Duration::MAX)));
    assert_eq!(wait.duration(), 100 * SECOND);
}

#[test]
fn rule_6_a_clock_is_remembered() {
    let wait = |outcome: Outcome<'static>| {
        retry(
            policy()
                .max_elapsed(100 * SECOND)
                .first_attempt()
                .next(outcome),
        )
    };
    let at = Outcome::status(503).elapsed(71 * SECOND);
    // 71 s and a wait of 10 s leave 19 s, and the next wait is 20 s.
    let attempt = wait(at).into_attempt();
    assert_eq!(
        stop(attempt.next(Outcome::status(503))).reason,
        Reason::MaxElapsed
    );
    let attempt = wait(Outcome::status(503).elapsed(70 * SECOND)).into_attempt();
    let wait = retry(attempt.next(Outcome::status(503)));
    assert_eq!(wait.save().elapsed, 80 * SECOND);
}

#[test]
fn reasons_come_in_the_documented_order() {
    let last = || after(policy().max_elapsed(71 * SECOND), 3);
    let reason = |attempt: Attempt<Table>, code, value: &[u8]| {
        stop(attempt.next(with_header(code, value).elapsed(DAY))).reason
    };
    assert_eq!(reason(last(), 400, b"90000"), Reason::NotRetried);
    assert_eq!(reason(last(), 429, b"soon"), Reason::InvalidRetryAfter);
    assert_eq!(reason(last(), 429, b"90000"), Reason::MaxRetries);
    let second = || after(policy().max_elapsed(71 * SECOND), 1);
    let too_long = Reason::RetryAfterTooLong(Duration::from_secs(90_000));
    assert_eq!(reason(second(), 429, b"90000"), too_long);
    assert_eq!(reason(second(), 429, b"9"), Reason::MaxElapsed);
}

#[test]
fn rule_7_a_server_asks_for_a_day_at_most() {
    assert_eq!(retry(first(with_header(429, b"86400"))).duration(), DAY);
    for code in [429, 504] {
        let stop = stop(first(with_header(code, b"86401")));
        assert_eq!(stop.reason, Reason::RetryAfterTooLong(DAY + SECOND));
    }
    let short = || policy().max_retry_after(5 * SECOND).first_attempt();
    assert_eq!(
        retry(short().next(with_header(429, b"5"))).duration(),
        5 * SECOND
    );
    let asked = stop(short().next(with_header(429, b"6"))).reason;
    assert_eq!(asked, Reason::RetryAfterTooLong(6 * SECOND));
}

#[test]
fn rule_7_the_table_is_not_bounded() {
    let attempt = policy().max_retry_after(SECOND).first_attempt();
    assert_eq!(
        retry(attempt.next(Outcome::status(503))).duration(),
        WAITS[0]
    );
}

#[test]
fn rule_8_too_large_saturates() {
    for value in [
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ] {
        let stop = stop(first(with_header(429, value.as_bytes())));
        assert_eq!(
            stop.reason,
            Reason::RetryAfterTooLong(Duration::from_secs(u64::MAX)),
            "{value}"
        );
    }
}

#[test]
fn rule_9_no_response_goes_by_the_transport_row() {
    let decide = |outcome| Policy::<Unlimited>::new().first_attempt().next(outcome);
    assert_eq!(
        stop(first(Outcome::no_response())).reason,
        Reason::NotRetried
    );
    assert_eq!(
        retry(decide(Outcome::no_response())).duration(),
        100 * SECOND
    );
    assert_eq!(stop(decide(Outcome::failed())).reason, Reason::NotRetried);
    for outcome in [Outcome::no_response(), Outcome::not_sent()] {
        let set = policy().transport(RetryBehavior::Backoff(&STEPS));
        assert_eq!(
            retry(set.first_attempt().next(outcome)).duration(),
            WAITS[0]
        );
        assert_eq!(stop(first(outcome)).reason, Reason::NotRetried);
        assert_eq!(retry(decide(outcome)).duration(), 100 * SECOND);
    }
}

#[test]
fn rule_8_fractions_of_a_second_count() {
    for (value, millis) in [("2.0", 2_000), ("1.5", 1_500), (" 0.25\t", 250)] {
        let wait = retry(first(with_header(429, value.as_bytes())));
        assert_eq!(wait.duration(), Duration::from_millis(millis), "{value}");
    }
    // Less than a nanosecond comes to zero, so the schedule decides.
    let wait = retry(first(with_header(504, b"0.0000000009")));
    assert_eq!(wait.duration(), WAITS[0]);
    let wait = retry(first(with_header(504, b"0.000000001")));
    assert_eq!(wait.duration(), Duration::from_nanos(1));
}

#[test]
fn rule_10_a_wait_of_the_server_only_grows() {
    let spread = |percent, value: &'static [u8], random| {
        let attempt = policy().retry_after_jitter(percent).first_attempt();
        retry(attempt.next(with_header(429, value).random(random))).duration()
    };
    assert_eq!(spread(20, b"300", 0), 300 * SECOND);
    assert_eq!(spread(20, b"300", u32::MAX), 360 * SECOND);
    let half = spread(20, b"300", 1 << 31);
    assert!(
        half.abs_diff(330 * SECOND) < Duration::from_millis(1),
        "{half:?}"
    );
    assert_eq!(spread(0, b"300", u32::MAX), 300 * SECOND);
    assert_eq!(spread(255, b"300", u32::MAX), 600 * SECOND);
    // The server may ask for the whole day, and the jitter is on top.
    assert_eq!(spread(50, b"86400", u32::MAX), DAY * 3 / 2);
    let without = policy().retry_after_jitter(50).first_attempt();
    assert_eq!(
        retry(without.next(with_header(429, b"60"))).duration(),
        60 * SECOND
    );
}

#[test]
fn rule_11_a_spread_wait_is_kept() {
    let policy = policy().retry_after_jitter(50);
    let outcome = with_header(429, b"86400").random(u32::MAX);
    let saved = retry(policy.first_attempt().next(outcome)).save();
    assert_eq!(policy.resume(saved, Duration::ZERO).duration(), DAY * 3 / 2);
    let corrupted = SavedWait {
        duration: Duration::MAX,
        ..saved
    };
    assert_eq!(
        policy.resume(corrupted, Duration::ZERO).duration(),
        DAY * 3 / 2
    );
}

#[test]
fn rule_10_jitter_is_asked_for_and_needs_random() {
    let spread = |code, random| retry(first(Outcome::status(code).random(random))).duration();
    assert_eq!(retry(first(Outcome::status(502))).duration(), WAITS[0]);
    assert_eq!(spread(502, 0), Duration::ZERO);
    assert_eq!(spread(502, u32::MAX), WAITS[0]);
    assert_eq!(spread(503, 0), WAITS[0]);
    assert_eq!(
        retry(first(with_header(429, b"30").random(0))).duration(),
        30 * SECOND
    );
}

#[test]
fn rule_10_a_policy_overrides_the_jitter() {
    let spread = |jitter, code| {
        let attempt = policy().jitter(jitter).first_attempt();
        retry(attempt.next(Outcome::status(code).random(0))).duration()
    };
    assert_eq!(spread(Jitter::Percent(20), 503), 8 * SECOND);
    assert_eq!(spread(Jitter::Equal, 502), 5 * SECOND);
    assert_eq!(spread(Jitter::None, 502), WAITS[0]);
}

#[test]
fn rule_11_a_wait_goes_on_after_a_restart() {
    let wait = retry(after(policy(), 1).next(Outcome::status(503)));
    let saved = wait.save();
    assert_eq!(
        saved,
        SavedWait {
            retry: 2,
            duration: WAITS[1],
            waited: WAITS[0] + WAITS[1],
            elapsed: WAITS[0],
        }
    );
    for (passed, left) in [(0, 20), (5, 15), (20, 0), (21, 0), (u64::MAX, 0)] {
        let wait = policy().resume(saved, Duration::from_secs(passed));
        assert_eq!((wait.retry(), wait.duration()), (2, left * SECOND));
        let next = retry(wait.into_attempt().next(Outcome::status(503)));
        assert_eq!((next.retry(), next.duration()), (3, WAITS[2]));
        let stop = stop(next.into_attempt().next(Outcome::status(503)));
        assert_eq!(stop.waited, 70 * SECOND);
    }
}

#[test]
fn rule_11_the_time_before_the_restart_counts() {
    let limited = || policy().max_elapsed(100 * SECOND);
    let saved = retry(after(limited(), 1).next(Outcome::status(503))).save();
    let resumed = |passed: u64| {
        limited()
            .resume(saved, Duration::from_secs(passed))
            .into_attempt()
    };
    // 10 s before the wait and 20 s of it leave 70 s for the next, of 40 s, and 30 s to spare.
    assert!(matches!(
        resumed(5).next(Outcome::status(503)),
        Next::Retry(_)
    ));
    assert!(matches!(
        resumed(50).next(Outcome::status(503)),
        Next::Retry(_)
    ));
    assert_eq!(
        stop(resumed(51).next(Outcome::status(503))).reason,
        Reason::MaxElapsed
    );
    // A clock that began at the restart shows 55 s, of which 15 s are the rest of the wait.
    let at = |elapsed: u64| Outcome::status(503).elapsed(Duration::from_secs(elapsed));
    assert!(matches!(resumed(5).next(at(45)), Next::Retry(_)));
    assert_eq!(stop(resumed(5).next(at(46))).reason, Reason::MaxElapsed);
}

#[test]
fn rule_11_any_stored_values_are_safe() {
    let numbers = [0, 1, 2, 3, 4, u32::MAX];
    let durations = [Duration::ZERO, SECOND, DAY, 2 * DAY, Duration::MAX];
    for retry in numbers {
        for duration in durations {
            for waited in durations {
                for elapsed in durations {
                    let saved = SavedWait {
                        retry,
                        duration,
                        waited,
                        elapsed,
                    };
                    for passed in durations {
                        let wait = policy().resume(saved, passed);
                        assert!(wait.duration() <= DAY, "a server may ask for no more");
                        assert!(wait.retry() >= 1);
                        assert_eq!(
                            policy().resume(wait.save(), Duration::ZERO).save(),
                            wait.save()
                        );
                        let sent = wait.retry();
                        match wait.into_attempt().next(Outcome::status(503)) {
                            Next::Retry(wait) => assert_eq!(wait.retry(), sent + 1),
                            Next::Stop(stop) => assert!(sent >= 3, "{stop}"),
                        }
                    }
                }
            }
        }
    }
}

/// Covers every way in which a table can ask for a wait of 30 days.
#[test]
fn rule_11_a_stored_wait_is_kept() {
    const LONG: Duration = Duration::from_secs(30 * 86_400);
    const MONTH: Backoff = Backoff::new(&[LONG]).repeat_last();
    const SPREAD_MONTH: Backoff = MONTH.jitter(Jitter::Percent(10));

    struct One<const CODE: u16, const KIND: u8>;

    impl<const CODE: u16, const KIND: u8> StatusTable for One<CODE, KIND> {
        const MAX_RETRIES: Option<u32> = None;
        const MAX_ELAPSED: Option<Duration> = None;
        const TRANSPORT: RetryBehavior = match KIND {
            b't' => RetryBehavior::Backoff(&MONTH),
            _ => RetryBehavior::DoNotRetry,
        };

        fn retry_behavior(code: u16) -> RetryBehavior {
            match KIND {
                _ if code != CODE => RetryBehavior::DoNotRetry,
                b'h' => RetryBehavior::RetryAfter,
                b'e' => RetryBehavior::RetryAfterOrBackoff(&STEPS),
                b's' => RetryBehavior::Backoff(&MONTH),
                b'j' => RetryBehavior::Backoff(&SPREAD_MONTH),
                _ => RetryBehavior::DoNotRetry,
            }
        }

        fn name(_: u16) -> Option<&'static str> {
            None
        }
    }

    fn resumed<T: StatusTable>(duration: Duration) -> Duration {
        let saved = SavedWait {
            retry: 1,
            duration,
            waited: duration,
            elapsed: Duration::ZERO,
        };
        let policy = Policy::<T>::new().max_retry_after(LONG);
        policy.resume(saved, Duration::ZERO).duration()
    }

    let asked = Duration::MAX;
    for duration in [
        resumed::<One<100, b's'>>(asked),
        resumed::<One<429, b'h'>>(asked),
        resumed::<One<503, b'e'>>(asked),
        resumed::<One<599, b's'>>(asked),
        resumed::<One<0, b't'>>(asked),
    ] {
        assert_eq!(duration, LONG);
    }
    assert_eq!(resumed::<One<503, b'j'>>(asked), LONG + LONG / 10);
    assert_eq!(resumed::<One<503, b'n'>>(asked), Duration::ZERO);
}

#[test]
fn rule_11_the_number_of_a_retry_does_not_wrap() {
    let saved = SavedWait {
        retry: u32::MAX,
        duration: SECOND,
        waited: SECOND,
        elapsed: Duration::ZERO,
    };
    let wait = Policy::<Unlimited>::new().resume(saved, Duration::ZERO);
    let wait = retry(wait.into_attempt().next(Outcome::no_response()));
    assert_eq!(wait.retry(), u32::MAX);
}

/// A schedule's wait may be longer than a server's.
#[test]
fn rule_11_a_stored_wait_of_a_schedule_is_kept() {
    let policy = policy().max_retry_after(SECOND);
    let saved = retry(after(policy, 2).next(Outcome::status(503))).save();
    assert_eq!(policy.resume(saved, Duration::ZERO).duration(), WAITS[2]);
}

#[test]
fn a_wait_can_end_before_it_is_waited() {
    let wait = retry(after(policy(), 1).next(Outcome::status(503)));
    let reason = Reason::NotIdempotent;
    let expected = Stop {
        reason,
        retries: 1,
        waited: WAITS[0],
    };
    assert_eq!(wait.stop(reason), expected);
}

#[test]
fn sleeping_hands_over_the_duration() {
    let mut slept = None;
    let wait = retry(first(Outcome::status(503)));
    let attempt = wait.sleep(|duration| slept = Some(duration));
    assert_eq!((slept, attempt.retries()), (Some(WAITS[0]), 1));
}

#[test]
fn sleeping_can_be_awaited() {
    use std::future::{Future, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let mut slept = None;
    let wait = retry(first(Outcome::status(503)));
    let future = wait.sleep_async(|duration| {
        slept = Some(duration);
        ready(())
    });
    let Poll::Ready(attempt) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing is left to wait for");
    };
    assert_eq!((slept, attempt.retries()), (Some(WAITS[0]), 1));
}

#[test]
fn one_retry_is_singular() {
    let stop = stop(after(policy().max_retries(1), 1).next(Outcome::status(503)));
    assert_eq!(
        stop.to_string(),
        "stopped after 1 retry: it was retried as often as allowed"
    );
    let stop = self::stop(after(policy(), 1).next(Outcome::status(200)));
    assert_eq!(stop.to_string(), "not retried again after 1 retry");
}

#[test]
fn a_stop_reads_well() {
    let text = |outcome| stop(first(outcome)).to_string();
    assert_eq!(text(Outcome::status(400)), "not retried");
    assert_eq!(
        text(with_header(429, b"90000")),
        "stopped after 0 retries: Retry-After asks for 90000 s, which is too long"
    );
    assert_eq!(
        text(with_header(429, b"86400.25")),
        "stopped after 0 retries: Retry-After asks for 86400.250 s, which is too long"
    );
}

#[test]
fn an_outcome_tells_its_code() {
    assert_eq!(Outcome::status(503).code(), Some(503));
    assert_eq!(Outcome::no_response().code(), None);
    assert_eq!(Outcome::not_sent().code(), None);
    assert_eq!(Outcome::failed().code(), None);
}

/// The table itself has no `Debug`.
#[test]
fn attempt_wait_and_next_have_debug() {
    let attempt = policy().first_attempt();
    let text = format!("{attempt:?}");
    let expected = "Attempt { policy: Policy { table: rules::Table, max_retries: Some(3)";
    assert!(text.starts_with(expected), "{text}");
    let wait = retry(attempt.next(Outcome::status(503)));
    let text = format!("{wait:?}");
    assert!(text.starts_with("Wait { duration: 10s"), "{text}");
    assert!(text.contains("retries: 1"), "{text}");
    assert!(format!("{:?}", Next::Retry(wait)).starts_with("Retry(Wait {"));
    let stopped = policy().first_attempt().next(Outcome::status(200));
    assert!(format!("{stopped:?}").starts_with("Stop(Stop { reason: NotRetried"));
}

/// Moving the state is most of a decision's cost if it is not inlined.
#[cfg(target_pointer_width = "64")]
#[test]
fn the_state_is_small() {
    assert_eq!(size_of::<Policy<Table>>(), 32);
    assert_eq!(size_of::<Attempt<Table>>(), 64);
    assert_eq!(size_of::<Wait<Table>>(), 80);
    assert_eq!(size_of::<Next<Table>>(), 80);
}
