use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use retrospec::{Attempt, Next, Outcome, StatusTable, Stop};

use crate::Retrying;
use crate::observe::observe;

/// What was decided after one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The status code; `None` where no response came, or where the attempt failed otherwise.
    pub code: Option<u16>,
    /// The table's name for it.
    pub name: Option<&'static str>,
    /// What follows.
    pub answer: Answer,
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The request is sent again, after a wait.
    Retry {
        /// The number of the retry, from 1.
        retry: u32,
        /// How long to wait first.
        wait: Duration,
    },
    /// It is not.
    Stop(Stop),
}

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

    fn complete<'a>(&self, outcome: Outcome<'a>) -> Outcome<'a> {
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

/// Asks the engine, and lets everyone see what it says.
pub(crate) fn decide<P: Retrying>(
    retrying: &P,
    clock: &mut Clock,
    attempt: Attempt<P::Table>,
    outcome: Outcome<'_>,
    can_resend: bool,
) -> Next<P::Table> {
    let code = outcome.code();
    let next = match attempt.next(clock.complete(outcome)) {
        Next::Retry(wait) if !can_resend => Next::Stop(wait.cannot_resend()),
        next => next,
    };
    let answer = match &next {
        Next::Retry(wait) => {
            clock.waited = clock.waited.saturating_add(wait.duration());
            Answer::Retry {
                retry: wait.retry(),
                wait: wait.duration(),
            }
        }
        Next::Stop(stop) => Answer::Stop(*stop),
    };
    let decision = Decision {
        code,
        name: code.and_then(P::Table::name),
        answer,
    };
    observe(&decision);
    retrying.decided(&decision);
    next
}
