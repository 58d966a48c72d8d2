//! What was decided after one attempt, as plain data.

use std::fmt;
use std::time::Duration;

use retrospec::{SavedWait, Stop};

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
