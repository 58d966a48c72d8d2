//! All of a table is there at compile time.

use std::time::Duration;

use example_status::{policy, retry_behavior, Status, EXPONENTIAL, EXPONENTIAL_WAITS, MAX_RETRIES};
use retrospec::{Attempt, Backoff, Policy, RetryBehavior};

const BAD_GATEWAY: Status = Status::of::<502>();
const SCHEDULE: &Backoff = Status::backoff_of::<503>();
const CODES: [u16; Status::ALL.len()] = {
    let mut codes = [0; Status::ALL.len()];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = Status::ALL[index].code();
        index += 1;
    }
    codes
};
const LONGEST: Option<Duration> = EXPONENTIAL.wait(MAX_RETRIES);

static POLICY: Policy<Status> = policy().max_retries(3).max_elapsed(Duration::from_secs(600));
static NAME: &str = BAD_GATEWAY.name();
static FOUND: Option<Status> = Status::from_code(429);

const fn first() -> Attempt<Status> {
    POLICY_COPY.first_attempt()
}
const POLICY_COPY: Policy<Status> = policy();

const _: () = assert!(matches!(retry_behavior(503), RetryBehavior::Backoff(_)));
const _: () = assert!(matches!(Status::TooManyRequests.retry_behavior(), RetryBehavior::RetryAfter));

fn main() {
    assert_eq!(NAME, "Bad Gateway");
    assert_eq!(SCHEDULE, &EXPONENTIAL);
    assert_eq!(LONGEST, EXPONENTIAL_WAITS.last().copied());
    assert_eq!(CODES[0], 200);
    assert_eq!(FOUND, Some(Status::TooManyRequests));
    assert_eq!(POLICY.first_attempt().retries(), first().retries());
}
