//! An attempt belongs to its table.

use std::time::Duration;

use example_status::Status;
use retrospec::{Attempt, Policy, RetryBehavior, StatusTable};

struct Other;

impl StatusTable for Other {
    const MAX_RETRIES: Option<u32> = Some(1);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(_: u16) -> RetryBehavior {
        RetryBehavior::DoNotRetry
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

fn upload(_: Attempt<Status>) {}

fn main() {
    upload(Policy::<Other>::new().first_attempt());
}
