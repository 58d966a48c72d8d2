//! The time and random numbers, which the engine does not have.

use std::hash::{BuildHasher, RandomState};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use retrospec::{Outcome, Policy, StatusTable};

/// The time since the first attempt, if a bound of the policy counts it.
pub(crate) struct Clock(Option<Instant>);

impl Clock {
    pub(crate) fn start<T: StatusTable>(policy: &Policy<T>) -> Self {
        Self(policy.has_max_elapsed().then(Instant::now))
    }

    /// Adds what a retry may need.
    pub(crate) fn complete<'a>(&self, outcome: Outcome<'a>) -> Outcome<'a> {
        let outcome = outcome.random(random());
        let outcome = match self.0 {
            Some(started) => outcome.elapsed(started.elapsed()),
            None => outcome,
        };
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(now) => outcome.now(now.as_secs()),
            // A clock before 1970 was never set.
            Err(_) => outcome,
        }
    }
}

/// Returns a hash under keys that differ with every call.
fn random() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}
