//! The drivers, blocking and async, without a network: what they do with a sequence of results.

mod common;

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{ACCEPTED, Response, UNAVAILABLE, Unreachable};
use example_status::{EXPONENTIAL_WAITS, Status, policy};
use retrospec::{Jitter, Next, Outcome, Policy, Reason, RetryBehavior, SavedWait, StatusTable};
use retrospec_client::{
    Answer, Attempted, Decision, Finished, Resumed, RetryOptions, SharedPolicy, Start, retry,
    retry_async,
};

const SECOND: Duration = Duration::from_secs(1);

/// Drives through the results, the last again and again, and notes every sleep.
fn drive<R: Attempted + Copy>(results: &[R]) -> (Finished<R>, Vec<Duration>) {
    let mut slept = Vec::new();
    let operation = |n: u32| results[(n as usize).min(results.len() - 1)];
    let finished = retry(policy(), operation, |wait| slept.push(wait));
    (finished, slept)
}

#[test]
fn a_success_is_the_only_attempt() {
    let (finished, slept) = drive(&[ACCEPTED]);
    assert_eq!((finished.result, finished.stop.retries), (ACCEPTED, 0));
    assert_eq!(slept, []);
}

#[test]
fn the_documented_waits_are_slept() {
    let (finished, slept) = drive(&[UNAVAILABLE]);
    assert_eq!(slept, EXPONENTIAL_WAITS);
    assert_eq!(finished.result, UNAVAILABLE);
    assert_eq!(
        (finished.stop.reason, finished.stop.retries),
        (Reason::MaxRetries, 5)
    );

    let (finished, slept) = drive(&[UNAVAILABLE, Response(504, None), ACCEPTED]);
    assert_eq!(slept, EXPONENTIAL_WAITS[..2]);
    assert_eq!((finished.result, finished.stop.retries), (ACCEPTED, 2));
}

#[test]
fn errors_come_back_as_they_are() {
    let results = [Ok(UNAVAILABLE), Err(Unreachable)];
    let (finished, slept) = drive(&results);
    assert_eq!(finished.result, Err(Unreachable));
    assert_eq!(
        (finished.stop.reason, slept),
        (Reason::NotRetried, vec![8 * SECOND])
    );
}

#[test]
fn a_date_counts_from_the_clock_of_the_driver() {
    let (finished, slept) = drive(&[Response(429, Some("Sun, 06 Nov 1994 08:49:37 GMT"))]);
    assert_eq!((finished.stop.retries, slept), (5, vec![Duration::ZERO; 5]));
    let (finished, _) = drive(&[Response(429, Some("Fri, 31 Dec 9999 23:59:59 GMT"))]);
    let Reason::RetryAfterTooLong(asked) = finished.stop.reason else {
        panic!("{}", finished.stop);
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let until = Duration::from_secs(253_402_300_799 - now);
    assert!(until.abs_diff(asked) <= 5 * SECOND, "{asked:?}");
}

#[test]
fn jitter_is_drawn_anew_for_each_wait() {
    let policy = policy().jitter(Jitter::Full);
    let waits = RefCell::new(Vec::new());
    for _ in 0..64 {
        let finished = retry(
            policy,
            |_| UNAVAILABLE,
            |wait| waits.borrow_mut().push(wait),
        );
        assert_eq!(finished.stop.retries, 5);
    }
    let waits = waits.into_inner();
    for (n, documented) in EXPONENTIAL_WAITS.iter().enumerate() {
        let mut drawn: Vec<Duration> = waits.iter().skip(n).step_by(5).copied().collect();
        assert!(drawn.iter().all(|wait| wait <= documented));
        // 64 draws from 2^32: two that agree are a sign of a bad generator.
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn.len(), 64, "before retry {}", n + 1);
        let low = drawn.iter().filter(|wait| **wait < *documented / 2).count();
        assert!((8..=56).contains(&low), "{low} of 64 in the lower half");
    }
}

/// The sleeps take no time, and count all the same.
#[test]
fn the_time_limit_counts_the_sleeps() {
    let policy = policy().max_elapsed(Duration::from_mins(5));
    let slept = RefCell::new(Vec::new());
    let finished = retry(
        policy,
        |_| UNAVAILABLE,
        |wait| slept.borrow_mut().push(wait),
    );
    assert_eq!(finished.stop.reason, Reason::MaxElapsed);
    // The next one would start after 8 s, 64 s and 512 s.
    assert_eq!(*slept.borrow(), EXPONENTIAL_WAITS[..2]);
}

#[test]
fn the_time_limit_counts_what_attempts_take() {
    let policy = policy().max_elapsed(8 * SECOND + Duration::from_millis(20));
    let slow = |_| {
        std::thread::sleep(Duration::from_millis(30));
        UNAVAILABLE
    };
    let finished = retry(policy, slow, |_| {});
    assert_eq!(
        (finished.stop.reason, finished.stop.retries),
        (Reason::MaxElapsed, 0)
    );
}

#[test]
fn a_hook_sees_every_decision() {
    let seen = Mutex::new(Vec::new());
    let watched = RetryOptions::new(policy())
        .on_decision(|decision: &Decision| seen.lock().unwrap().push(*decision));
    let results = [
        Ok(UNAVAILABLE),
        Ok(Response(429, Some("7"))),
        Err(Unreachable),
    ];
    let finished = retry(watched, |n| results[n as usize], |_| {});
    let seen = seen.into_inner().unwrap();
    assert_eq!(
        seen.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "503 Service Unavailable: retry 1 in 8s",
            "429 Too Many Requests: retry 2 in 7s",
            "no status: not retried again after 2 retries",
        ]
    );
    // The time between two attempts is real, and short.
    let seen = seen.into_iter().map(|decision| {
        let wait = match decision.answer {
            Answer::Retry(wait) => Ok((wait.retry, wait.duration, wait.elapsed.as_secs())),
            Answer::Stop(stop) => Err(stop),
        };
        (decision.code, decision.name, wait)
    });
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            (
                Some(503),
                Some("Service Unavailable"),
                Ok((1, 8 * SECOND, 0))
            ),
            (Some(429), Some("Too Many Requests"), Ok((2, 7 * SECOND, 8))),
            (None, None, Err(finished.stop)),
        ]
    );
}

/// A response may hold a connection.
#[test]
fn a_result_is_dropped_before_the_wait() {
    struct Held<'a>(&'a Cell<u32>);

    impl Attempted for Held<'_> {
        fn outcome(&self) -> retrospec::Outcome<'_> {
            retrospec::Outcome::status(503)
        }
    }

    impl Drop for Held<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    let held = Cell::new(0);
    let make = |_| {
        held.set(held.get() + 1);
        Held(&held)
    };
    let finished = retry(policy(), make, |_| assert_eq!(held.get(), 0));
    assert_eq!((finished.stop.retries, held.get()), (5, 1));
    drop(finished);

    let finished = smol::block_on(retry_async(
        policy(),
        |n| ready(make(n)),
        |_| {
            assert_eq!(held.get(), 0);
            ready(())
        },
    ));
    assert_eq!((finished.stop.retries, held.get()), (5, 1));
}

/// Ten hours by tokio's clock, which stands still but for the sleeps.
#[tokio::test(start_paused = true)]
async fn the_async_driver_can_be_spawned_on_tokio() {
    let start = tokio::time::Instant::now();
    let driven = retry_async(policy(), |_| async { UNAVAILABLE }, tokio::time::sleep);
    let finished = tokio::spawn(driven).await.unwrap();
    assert_eq!((finished.result, finished.stop.retries), (UNAVAILABLE, 5));
    let total: Duration = EXPONENTIAL_WAITS.iter().sum();
    assert_eq!(start.elapsed().as_secs(), total.as_secs());
}

#[test]
fn the_async_driver_runs_on_smol() {
    let short = policy().transport(RetryBehavior::RetryAfter).max_retries(2);
    let results = [Ok(Response(429, Some("0"))), Ok(ACCEPTED)];
    let finished = smol::block_on(retry_async(
        short,
        |n| async move { results[n as usize] as Result<Response, Unreachable> },
        smol::Timer::after,
    ));
    assert_eq!((finished.result, finished.stop.retries), (Ok(ACCEPTED), 1));
}

/// Dropped while it waits, or while it sends, it does neither any more.
#[tokio::test(start_paused = true)]
async fn a_dropped_driver_does_nothing_more() {
    let attempts = Cell::new(0);
    let send = |_| {
        attempts.set(attempts.get() + 1);
        ready(UNAVAILABLE)
    };
    let driven = retry_async(policy(), send, tokio::time::sleep);
    let ended = tokio::time::timeout(9 * SECOND, driven).await;
    assert!(ended.is_err());
    assert_eq!(attempts.get(), 2);
    tokio::time::sleep(Duration::from_hours(24)).await;
    assert_eq!(attempts.get(), 2);

    let sends = Cell::new(0);
    let never = |_| {
        sends.set(sends.get() + 1);
        pending::<Response>()
    };
    let driven = retry_async(policy(), never, tokio::time::sleep);
    assert!(tokio::time::timeout(SECOND, driven).await.is_err());
    assert_eq!(sends.get(), 1);
}

/// The rest of the wait is slept first; what was before it counts.
#[test]
fn a_resumed_request_goes_on_where_it_was() {
    let saved = SavedWait {
        retry: 3,
        duration: 512 * SECOND,
        waited: 584 * SECOND,
        elapsed: 80 * SECOND,
    };
    let mut slept = Vec::new();
    let mut numbers = Vec::new();
    let note = |n| {
        numbers.push(n);
        UNAVAILABLE
    };
    let resumed = Resumed::new(policy(), saved, 500 * SECOND);
    let finished = retry(resumed, note, |wait| slept.push(wait));
    assert_eq!(
        (finished.stop.reason, finished.stop.retries),
        (Reason::MaxRetries, 5)
    );
    assert_eq!(slept, [12 * SECOND, 4096 * SECOND, 32_768 * SECOND]);
    assert_eq!(numbers, [3, 4, 5]);
    assert_eq!(finished.stop.waited, 37_448 * SECOND);

    // 80 s before it, 500 s that passed, 12 s that were left: 592 s, and 4096 more are too many.
    let bounded = policy().max_elapsed(4687 * SECOND);
    let resumed = Resumed::new(bounded, saved, 500 * SECOND);
    let driven = retry_async(resumed, |_| ready(UNAVAILABLE), |_| ready(()));
    let finished = smol::block_on(driven);
    assert_eq!(
        (finished.stop.reason, finished.stop.retries),
        (Reason::MaxElapsed, 3)
    );
}

/// The result is held through such a wait, and comes back.
#[test]
fn a_blocking_sleep_can_end_the_request() {
    let mut slept = Vec::new();
    let sleep = |wait| {
        slept.push(wait);
        if slept.len() == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let finished = retry(policy(), |_| UNAVAILABLE, sleep);
    assert_eq!(finished.result, UNAVAILABLE);
    let stop = finished.stop;
    assert_eq!((stop.reason, stop.retries), (Reason::Canceled, 2));
    assert_eq!(stop.waited, EXPONENTIAL_WAITS[..2].iter().sum());
    assert_eq!(slept, EXPONENTIAL_WAITS[..3]);
}

#[test]
fn an_async_sleep_can_end_the_request() {
    let sleep = |wait| {
        ready(if wait > 8 * SECOND {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    };
    let finished = smol::block_on(retry_async(policy(), |_| ready(UNAVAILABLE), sleep));
    assert_eq!(finished.result, UNAVAILABLE);
    let stop = finished.stop;
    assert_eq!(
        (stop.reason, stop.retries, stop.waited),
        (Reason::Canceled, 1, 8 * SECOND)
    );
}

/// There is no result yet that could come back.
#[test]
fn a_resumed_wait_that_ends_makes_one_attempt() {
    let saved = SavedWait {
        retry: 1,
        duration: 8 * SECOND,
        waited: 8 * SECOND,
        elapsed: Duration::ZERO,
    };
    let mut slept = Vec::new();
    let resumed = Resumed::new(policy(), saved, Duration::ZERO);
    let finished = retry(
        resumed,
        |_| UNAVAILABLE,
        |wait| {
            slept.push(wait);
            ControlFlow::Break(())
        },
    );
    let stop = finished.stop;
    assert_eq!((stop.reason, stop.retries), (Reason::Canceled, 1));
    assert_eq!(slept, [8 * SECOND]);
}

/// Example's table for idempotent requests only.
struct IfIdempotent;

impl StatusTable for IfIdempotent {
    const MAX_RETRIES: Option<u32> = Some(2);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(code: u16) -> RetryBehavior {
        <Status as StatusTable>::retry_behavior(code)
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }

    fn behavior(outcome: &Outcome<'_>) -> Result<RetryBehavior, Reason> {
        outcome.if_idempotent(Self::listed(outcome))
    }
}

/// A result that knows whether its request is idempotent.
struct Known(u16, bool);

impl Attempted for Known {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::status(self.0).idempotent(self.1)
    }
}

#[test]
fn a_driver_decides_as_the_engine_does() {
    let policy = Policy::<IfIdempotent>::new();
    for code in 100..1000 {
        for is_idempotent in [false, true] {
            let engine = match policy
                .first_attempt()
                .next(Known(code, is_idempotent).outcome())
            {
                Next::Retry(_) => None,
                Next::Stop(stop) => Some(stop.reason),
            };
            let seen = OnceLock::new();
            let options = RetryOptions::new(policy).on_decision(|decision| {
                seen.get_or_init(|| decision.answer);
            });
            let _ = retry(options, |_| Known(code, is_idempotent), |_| {});
            let driver = match seen.get().unwrap() {
                Answer::Retry(_) => None,
                Answer::Stop(stop) => Some(stop.reason),
            };
            assert_eq!(driver, engine, "{code}, {is_idempotent}");
        }
    }
}

/// One bound, and the future can be spawned.
#[tokio::test(start_paused = true)]
async fn a_generic_wrapper_can_be_spawned() {
    async fn send(policy: impl Start) -> Finished<Response> {
        retry_async(policy, |_| async { UNAVAILABLE }, tokio::time::sleep).await
    }

    let options = RetryOptions::new(policy()).on_decision(|_| {});
    let shared: SharedPolicy<Status> = Arc::new(options);
    for sending in [tokio::spawn(send(policy())), tokio::spawn(send(shared))] {
        assert_eq!(sending.await.unwrap().stop.retries, 5);
    }
}

#[test]
fn waits_are_shown_to_the_millisecond() {
    for (nanos, shown) in [
        (8_123_456_789, "8.123s"),
        (8_123_500_000, "8.124s"),
        (8_999_500_000, "9s"),
        (20_499_999, "20ms"),
        (400_000, "0ns"),
    ] {
        let wait = SavedWait {
            retry: 1,
            duration: Duration::from_nanos(nanos),
            waited: Duration::ZERO,
            elapsed: Duration::ZERO,
        };
        let mut decision = decision_on(UNAVAILABLE);
        decision.answer = Answer::Retry(wait);
        let expected = format!("503 Service Unavailable: retry 1 in {shown}");
        assert_eq!(decision.to_string(), expected);
    }
}

/// The first decision on a response.
fn decision_on(response: Response) -> Decision {
    let seen = OnceLock::new();
    let watched = RetryOptions::new(policy().max_retries(1)).on_decision(|decision: &Decision| {
        seen.get_or_init(|| *decision);
    });
    let _ = retry(watched, |_| response, |_| {});
    *seen.get().unwrap()
}

#[test]
fn what_a_request_goes_by_can_be_looked_at() {
    let text = format!("{:?}", RetryOptions::new(policy()).idempotent_only());
    assert!(text.starts_with("RetryOptions { policy: Policy"), "{text}");
    assert!(text.contains("idempotent_only: true"), "{text}");
}
