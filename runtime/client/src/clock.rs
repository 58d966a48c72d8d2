//! The time and random numbers, which the engine does not have.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use retrospec::Outcome;

/// Supplies the time and random numbers, which the engine does not have.
pub(crate) struct Clock {
    started: Instant,
    /// The sum of the waits, which need not be slept in real time.
    waited: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            waited: Duration::ZERO,
        }
    }

    /// Counts a wait before it is slept.
    pub(crate) fn wait(&mut self, wait: Duration) {
        self.waited = self.waited.saturating_add(wait);
    }

    pub(crate) fn complete<'a>(&self, outcome: Outcome<'a>) -> Outcome<'a> {
        let outcome = outcome
            .elapsed(self.started.elapsed().max(self.waited))
            .random(random());
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
