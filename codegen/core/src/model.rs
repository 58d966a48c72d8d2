//! A table that has been checked: plain data, in a fixed order, without a place in a file.
//!
//! Its structs are `non_exhaustive`, so only this crate makes a model. Its enums are not: whoever reads a model
//! must handle all of it.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The table an API documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Model {
    /// Whose API it is.
    pub api: String,
    /// The generated crate's name, if the spec gives one.
    pub crate_name: Option<String>,
    /// The generated crate's version.
    pub version: semver::Version,
    /// The generated crate's license, as an SPDX expression; without one, the crate cannot be published.
    pub license: Option<String>,
    /// What the table was transcribed from.
    pub source: Source,
    /// How often one request may be sent again; `None` is without limit.
    pub max_retries: Option<u32>,
    /// How long after the first attempt the last retry may start.
    pub max_elapsed: Option<Duration>,
    /// The schedules, by name.
    pub schedules: Vec<Schedule>,
    /// The exact rows, by code.
    pub rows: Vec<Row>,
    /// The class rows, by class.
    pub classes: Vec<ClassRow>,
    /// What holds for a code that no row covers.
    pub unlisted: Behavior,
    /// What holds if no response came.
    pub transport: Behavior,
    /// What the source does not say and the transcription decided.
    pub assumed: Vec<String>,
}

/// The page that a table was transcribed from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day it was read, as `2026-11-22`.
    pub read: String,
}

/// A row for one status code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// 100 to 599.
    pub code: u16,
    /// The source's name for it.
    pub name: String,
    /// The enum's variant.
    pub variant: String,
    /// What it means; may be empty.
    pub description: String,
    /// What to do.
    pub retry: Behavior,
}

/// The hundred codes that begin with the same digit, as `5XX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(
    /// The digit.
    pub u16,
);

/// A row for the codes of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassRow {
    /// Which codes.
    pub class: Class,
    /// The source's name for it; may be empty.
    pub name: String,
    /// What it means; may be empty.
    pub description: String,
    /// What to do.
    pub retry: Behavior,
}

/// What a row says about sending a request again. The text is the name of a schedule of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Behavior {
    /// Not at all.
    Never,
    /// As `Retry-After` says.
    RetryAfter,
    /// By the schedule.
    Backoff(String),
    /// As `Retry-After` says, else by the schedule.
    RetryAfterOrBackoff(String),
}

/// A schedule of waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// The name rows use.
    pub name: String,
    /// How the spec gives it.
    pub kind: ScheduleKind,
    /// The waits before retry 1, 2, ...: no more than it takes; never empty.
    pub waits: Vec<Duration>,
    /// Whether the last wait goes on.
    pub repeat_last: bool,
    /// How the waits are spread.
    pub jitter: Jitter,
}

/// How a spec gives a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleKind {
    /// Each wait is the one before times the multiplier.
    Formula {
        /// In thousandths.
        multiplier: u32,
        /// The longest wait.
        max: Option<Duration>,
    },
    /// One by one.
    List,
}

/// How a wait is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// From zero to the wait.
    Full,
    /// From half the wait to the wait.
    Equal,
    /// By this percentage, 0 to 100, up or down.
    Percent(u8),
}

impl Model {
    /// Returns the row for `code`, or `None` if the table has no exact one.
    #[must_use]
    pub fn row(&self, code: u16) -> Option<&Row> {
        self.rows.iter().find(|row| row.code == code)
    }

    /// Returns the row for `class`, or `None` if the table has none.
    #[must_use]
    pub fn class(&self, class: Class) -> Option<&ClassRow> {
        self.classes.iter().find(|row| row.class == class)
    }

    /// Returns what holds for `code`: what its row says, else its class's row, else `unlisted`.
    #[must_use]
    pub fn decision(&self, code: u16) -> &Behavior {
        let row = self.row(code).map(|row| &row.retry);
        let class = || Some(&self.class(Class::of(code))?.retry);
        row.or_else(class).unwrap_or(&self.unlisted)
    }

    /// Returns the schedule called `name`, or `None` if the table has none.
    #[must_use]
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }
}

impl Class {
    /// Returns the class of `code`.
    #[must_use]
    pub const fn of(code: u16) -> Self {
        Self(code / 100)
    }

    /// Returns its codes.
    #[must_use]
    pub const fn codes(self) -> RangeInclusive<u16> {
        let first = self.0.saturating_mul(100);
        first..=first.saturating_add(99)
    }
}

impl Behavior {
    /// Returns the schedule it names.
    #[must_use]
    pub fn schedule(&self) -> Option<&str> {
        match self {
            Self::Never | Self::RetryAfter => None,
            Self::Backoff(name) | Self::RetryAfterOrBackoff(name) => Some(name),
        }
    }
}

impl Jitter {
    /// Returns the shortest and the longest wait that comes of `wait`, at most `Duration::MAX`.
    #[must_use]
    pub fn range(self, wait: Duration) -> (Duration, Duration) {
        let percent = |percent: u32| {
            let nanos = wait.as_nanos() * u128::from(percent) / 100;
            Duration::from_nanos_u128(nanos.min(Duration::MAX.as_nanos()))
        };
        match self {
            Self::None => (wait, wait),
            Self::Full => (Duration::ZERO, wait),
            Self::Equal => (percent(50), wait),
            Self::Percent(p) => (percent(100 - u32::from(p)), percent(100 + u32::from(p))),
        }
    }
}

/// As a spec says it.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}XX", self.0)
    }
}

/// As a spec says it.
impl fmt::Display for Behavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::RetryAfter => f.write_str("retry-after"),
            Self::Backoff(name) => f.write_str(name),
            Self::RetryAfterOrBackoff(name) => write!(f, "[retry-after, {name}]"),
        }
    }
}

/// As a spec says it.
impl fmt::Display for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Full => f.write_str("full"),
            Self::Equal => f.write_str("equal"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}
