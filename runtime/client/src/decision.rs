//! The decision after one attempt, as plain data.

use std::fmt;
use std::time::Duration;

use retrospec::{SavedWait, Stop};

/// The decision after one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// The status code, or `None` if there was no response.
    pub code: Option<u16>,
    /// The table's name for the code.
    pub name: Option<&'static str>,
    /// What to do next.
    pub answer: Answer,
}

/// Formats as `429 Too Many Requests: retry 1 in 30s`, with the wait rounded to the millisecond.
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

/// Rounds a wait to the millisecond.
pub(crate) fn rounded(wait: Duration) -> Duration {
    const MILLISECOND: u32 = 1_000_000;
    let beyond = wait.subsec_nanos() % MILLISECOND;
    if beyond < MILLISECOND / 2 {
        wait.saturating_sub(Duration::from_nanos(beyond.into()))
    } else {
        wait.saturating_add(Duration::from_nanos((MILLISECOND - beyond).into()))
    }
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Send the request again, after this wait. It can be stored if the program may not run that long: see
    /// [`Resumed`](crate::Resumed).
    Retry(SavedWait),
    /// Do not send it again.
    Stop(Stop),
}
