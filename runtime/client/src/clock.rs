//! The time and random numbers, which the engine does not have.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use retrospec::{Outcome, Policy, StatusTable};

/// The time since the first attempt, if a bound of the policy counts it. With it, the sum of the waits, which need not
/// be slept in real time.
pub(crate) struct Clock(Option<(Instant, Duration)>);

impl Clock {
    pub(crate) fn start<T: StatusTable>(policy: &Policy<T>) -> Self {
        let counts = policy.has_max_elapsed();
        Self(counts.then(|| (Instant::now(), Duration::ZERO)))
    }

    /// Counts a wait before it is slept.
    pub(crate) fn wait(&mut self, wait: Duration) {
        if let Some((_, waited)) = &mut self.0 {
            *waited = waited.saturating_add(wait);
        }
    }

    /// Adds what a retry may need.
    pub(crate) fn complete<'a>(&self, outcome: Outcome<'a>) -> Outcome<'a> {
        let outcome = outcome.random(random());
        let outcome = match self.0 {
            Some((started, waited)) => outcome.elapsed(started.elapsed().max(waited)),
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
