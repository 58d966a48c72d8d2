//! What the engine does not have: the time, and random numbers.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use retrospec::Outcome;

/// Supplies what the engine does not have: the time, and random numbers.
pub(crate) struct Clock {
    started: Instant,
    /// What was asked of the sleep, which need not be real.
    waited: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            waited: Duration::ZERO,
        }
    }

    /// A wait that is asked of the sleep.
    pub(crate) fn wait(&mut self, wait: Duration) {
        self.waited = self.waited.saturating_add(wait);
    }

    pub(crate) fn complete<'a>(&self, outcome: Outcome<'a>) -> Outcome<'a> {
        let outcome = outcome
            .elapsed(self.started.elapsed().max(self.waited))
            .random(random());
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(now) => outcome.now(now.as_secs()),
            // A clock that shows a year before 1970 is not set.
            Err(_) => outcome,
        }
    }
}

/// The hash of nothing, under keys that differ with every call.
fn random() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}
