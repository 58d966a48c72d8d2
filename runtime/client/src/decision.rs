use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use retrospec::{Attempt, Next, Outcome, Reason, SavedWait, StatusTable, Stop, Wait};

use crate::RetryPolicy;
use crate::observe::observe;

/// What was decided after one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The status code; `None` if no response came, or if the attempt failed otherwise.
    pub code: Option<u16>,
    /// The table's name for it.
    pub name: Option<&'static str>,
    /// What follows.
    pub answer: Answer,
}

/// As in `429 Too Many Requests: retry 1 in 30s`, the wait to the millisecond.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.name) {
            (Some(code), Some(name)) => write!(f, "{code} {name}: ")?,
            (Some(code), None) => write!(f, "{code}: ")?,
            (None, _) => f.write_str("no status: ")?,
        }
        match self.answer {
            Answer::Retry(SavedWait {
                retry, duration, ..
            }) => write!(f, "retry {retry} in {:?}", rounded(duration)),
            Answer::Stop(stop) => stop.fmt(f),
        }
    }
}

/// Returns a wait to the millisecond, as people read it.
pub(crate) fn rounded(wait: Duration) -> Duration {
    const MILLISECOND: u32 = 1_000_000;
    let beyond = wait.subsec_nanos() % MILLISECOND;
    if beyond < MILLISECOND / 2 {
        wait.saturating_sub(Duration::from_nanos(beyond.into()))
    } else {
        wait.saturating_add(Duration::from_nanos((MILLISECOND - beyond).into()))
    }
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The request is sent again, after this wait. It can be stored, for a program that may not run as
    /// long: see [`Resumed`](crate::Resumed).
    Retry(SavedWait),
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

    /// A wait that is asked of the sleep.
    pub(crate) fn wait(&mut self, wait: Duration) {
        self.waited = self.waited.saturating_add(wait);
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

/// Asks the engine, and lets everyone see what it says. If the request should be sent again, `again` is asked
/// for what to send, or why it cannot be.
pub(crate) fn decide<P: RetryPolicy, Q>(
    policy: &P,
    clock: &mut Clock,
    attempt: Attempt<P::Table>,
    outcome: Outcome<'_>,
    again: impl FnOnce() -> Result<Q, Reason>,
) -> Result<(Wait<P::Table>, Q), Stop> {
    let code = outcome.code();
    let next = match attempt.next(clock.complete(outcome)) {
        Next::Retry(wait) => match again() {
            Ok(again) => Ok((wait, again)),
            Err(reason) => Err(wait.stop(reason)),
        },
        Next::Stop(stop) => Err(stop),
    };
    let answer = match &next {
        Ok((wait, _)) => {
            clock.wait(wait.duration());
            Answer::Retry(wait.save())
        }
        Err(stop) => Answer::Stop(*stop),
    };
    let decision = Decision {
        code,
        name: code.and_then(P::Table::name),
        answer,
    };
    observe(&decision);
    policy.on_decision(&decision);
    next
}
