//! A table that changes one row and hands on the others.

use std::time::Duration;

use example_status::Status;
use retrospec::{Next, Outcome, Policy, Reason, RetryBehavior, StatusTable};

/// The example's table, but 503 is not retried.
struct Impatient;

impl StatusTable for Impatient {
    const MAX_RETRIES: Option<u32> = Status::MAX_RETRIES;
    const MAX_ELAPSED: Option<Duration> = Status::MAX_ELAPSED;
    const TRANSPORT: RetryBehavior = Status::TRANSPORT;

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            503 => RetryBehavior::DoNotRetry,
            other => example_status::retry_behavior(other),
        }
    }

    fn name(code: u16) -> Option<&'static str> {
        <Status as StatusTable>::name(code)
    }
}

fn main() {
    let next = |code| Policy::<Impatient>::new().first_attempt().next(Outcome::status(code));
    assert!(matches!(next(503), Next::Stop(stop) if stop.reason == Reason::NotRetried));
    assert!(matches!(next(504), Next::Retry(wait) if wait.duration() == Duration::from_secs(8)));
}
