//! A table that has been checked: plain data, in a fixed order, without a place in a file.
//!
//! Its structs are `non_exhaustive`, so only this crate makes a model. Its enums are not: whoever reads a model
//! must handle all of it.

use std::fmt::{self, Write as _};
use std::iter;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::duration::{human, one_unit};

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
    /// What the table was transcribed from: one page or more.
    pub sources: Vec<Source>,
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
    /// What holds if no part of the request was sent.
    pub connect: Behavior,
    /// What holds if no response came to a request that may have arrived.
    pub transport: Behavior,
    /// The headers by which the server asks for a wait: the first with a valid value counts. Never empty.
    pub wait_headers: Vec<WaitHeader>,
    /// The longest wait that the server may ask for.
    pub max_retry_after: Option<Duration>,
    /// How far the server's wait is spread upward, in percent of it.
    pub retry_after_jitter: Option<u8>,
    /// The header that decides before the rows do.
    pub should_retry: Option<ShouldRetry>,
    /// What the source does not say and the transcription decided, in sentences.
    pub assumed: Vec<String>,
    /// The values that the source does not state, of keys that belong to no row and no schedule.
    pub assumed_values: Vec<Assumed>,
}

/// A value that the source does not state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// Its key, as `max_retries` or `errors.quota`.
    pub key: String,
    /// The value as the spec has it, on one line.
    pub value: String,
}

impl Assumed {
    /// Returns the mark of a value that the source does not state, or nothing if none of `keys` is in `values`.
    pub(crate) fn mark(values: &[Self], keys: &[&str]) -> &'static str {
        if Self::has(values, keys) {
            " (assumed)"
        } else {
            ""
        }
    }

    /// Returns whether one of `keys` is in `values`.
    #[must_use]
    pub fn has(values: &[Self], keys: &[&str]) -> bool {
        values
            .iter()
            .any(|value| keys.contains(&value.key.as_str()))
    }

    /// Returns the values with `place` before their keys.
    pub(crate) fn below(place: &impl fmt::Display, values: &[Self]) -> Vec<Self> {
        let at = |value: &Self| Self {
            key: format!("{place}.{}", value.key),
            value: value.value.clone(),
        };
        values.iter().map(at).collect()
    }
}

/// A header by which the server asks for a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitHeader {
    /// Its name, as the spec writes it.
    pub name: String,
    /// How it gives the wait.
    pub form: WaitForm,
    /// The headers that must have a certain value for it to count.
    pub only_if: Vec<(String, String)>,
}

/// How a header gives a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitForm {
    /// In seconds, or as an HTTP-date.
    RetryAfter,
    /// In seconds.
    Seconds,
    /// In milliseconds.
    Milliseconds,
    /// As the seconds since 1970 at which it ends.
    UnixSeconds,
}

/// A header that decides before the rows do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShouldRetry {
    /// Its name, as the spec writes it.
    pub header: String,
    /// What holds for each of its values.
    pub cases: Vec<(String, Behavior)>,
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
    /// 100 to 999.
    pub code: u16,
    /// The source's name for it.
    pub name: String,
    /// The enum's variant.
    pub variant: String,
    /// What it means; may be empty.
    pub description: String,
    /// What to do.
    pub retry: Behavior,
    /// The exceptions, by the error code in the body of the response.
    pub errors: Vec<(String, Behavior)>,
    /// The values that the source does not state.
    pub assumed: Vec<Assumed>,
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
    /// The exceptions, by the error code in the body of the response.
    pub errors: Vec<(String, Behavior)>,
    /// The values that the source does not state.
    pub assumed: Vec<Assumed>,
}

/// What a row says about sending a request again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Behavior {
    /// Whether it holds for idempotent requests only. Others are not sent again.
    pub if_idempotent: bool,
    /// What to do.
    pub action: Action,
}

/// What to do after a response. The text is the name of a schedule of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Not to retry.
    Never,
    /// To wait as long as the server asks.
    RetryAfter,
    /// To wait by the schedule.
    Backoff(String),
    /// To wait as long as the server asks, else by the schedule.
    RetryAfterOrBackoff(String),
    /// Not known yet. Only a draft has it, and only a comparison reads drafts.
    Undecided,
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
    /// Those that the source lists.
    pub documented: Vec<Duration>,
    /// Whether the last wait goes on.
    pub repeat_last: bool,
    /// The retry of the request after which it ends, if that is below the table's own limit.
    pub max_retries: Option<u32>,
    /// How the waits are spread.
    pub jitter: Jitter,
    /// The values that the source does not state.
    pub assumed: Vec<Assumed>,
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
    /// By this percentage, 0 to 100, down.
    Down(u8),
    /// By this percentage, 0 to 100, up.
    Up(u8),
    /// From 0 to this many milliseconds, added.
    Added(u32),
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

    /// Returns whether the server asks for a wait by `Retry-After` alone, as RFC 9110 defines it.
    #[must_use]
    pub fn has_only_retry_after(&self) -> bool {
        match &self.wait_headers[..] {
            [header] => {
                header.name.eq_ignore_ascii_case(WaitHeader::RETRY_AFTER)
                    && header.form == WaitForm::RetryAfter
                    && header.only_if.is_empty()
            }
            _ => false,
        }
    }

    /// Returns whether one line says what holds without a response, whatever the cause: the behaviors are the same,
    /// and both or neither are assumed.
    #[must_use]
    pub fn has_one_transport(&self) -> bool {
        let is_assumed = |key| Assumed::has(&self.assumed_values, &[key]);
        self.connect == self.transport
            && is_assumed("transport.connect") == is_assumed("transport.other")
    }

    /// Returns all behaviors: of the rows, their exceptions, and what holds without a row.
    pub fn behaviors(&self) -> impl Iterator<Item = &Behavior> {
        let rows = self.rows.iter().map(|row| (&row.retry, &row.errors));
        let classes = self.classes.iter().map(|row| (&row.retry, &row.errors));
        let listed = rows.chain(classes).flat_map(|(retry, errors)| {
            iter::once(retry).chain(errors.iter().map(|(_, retry)| retry))
        });
        let cases = self.should_retry.iter().flat_map(|header| &header.cases);
        listed.chain(cases.map(|(_, retry)| retry)).chain([
            &self.unlisted,
            &self.connect,
            &self.transport,
        ])
    }

    /// Returns whether a behavior is undecided.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.behaviors()
            .any(|behavior| behavior.action == Action::Undecided)
    }

    /// Returns the values that the source does not state, each with its place from the top of the spec.
    #[must_use]
    pub fn all_assumed(&self) -> Vec<Assumed> {
        let rows = self
            .rows
            .iter()
            .map(|row| Assumed::below(&row.code, &row.assumed));
        let classes = self
            .classes
            .iter()
            .map(|row| Assumed::below(&row.class, &row.assumed));
        let schedules = self.schedules.iter().map(|schedule| {
            Assumed::below(&format!("backoff.{}", schedule.name), &schedule.assumed)
        });
        let mut all = self.assumed_values.clone();
        all.extend(rows.chain(classes).chain(schedules).flatten());
        all
    }

    /// Returns whether a row has an exception for the error code.
    #[must_use]
    pub fn knows_error(&self, error: &str) -> bool {
        let rows = self.rows.iter().map(|row| &row.errors);
        let mut all = rows
            .chain(self.classes.iter().map(|row| &row.errors))
            .flatten();
        all.any(|(code, _)| code == error)
    }

    /// Returns the exceptions by error code that hold for `code`: its row's, else its class's.
    pub(crate) fn errors(&self, code: u16) -> &[(String, Behavior)] {
        let class = || Some(&self.class(Class::of(code))?.errors);
        let errors = self.row(code).map(|row| &row.errors).or_else(class);
        errors.map_or(&[], Vec::as_slice)
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

impl Action {
    /// Returns the schedule it names.
    #[must_use]
    pub fn schedule(&self) -> Option<&str> {
        match self {
            Self::Never | Self::RetryAfter | Self::Undecided => None,
            Self::Backoff(name) | Self::RetryAfterOrBackoff(name) => Some(name),
        }
    }

    /// Returns whether it goes by what the server asks for.
    #[must_use]
    pub fn asks_server(&self) -> bool {
        match self {
            Self::Never | Self::Backoff(_) | Self::Undecided => false,
            Self::RetryAfter | Self::RetryAfterOrBackoff(_) => true,
        }
    }
}

/// Holds for every request.
impl From<Action> for Behavior {
    fn from(action: Action) -> Self {
        Self {
            if_idempotent: false,
            action,
        }
    }
}

impl WaitHeader {
    pub(crate) const RETRY_AFTER: &str = "Retry-After";

    /// Returns what holds for a table that names no header.
    #[must_use]
    pub fn retry_after() -> Self {
        Self {
            name: Self::RETRY_AFTER.to_owned(),
            form: WaitForm::RetryAfter,
            only_if: Vec::new(),
        }
    }
}

impl WaitForm {
    /// All forms.
    pub const ALL: [Self; 4] = [
        Self::RetryAfter,
        Self::Seconds,
        Self::Milliseconds,
        Self::UnixSeconds,
    ];

    /// Returns the word for it in a spec.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RetryAfter => "retry-after",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::UnixSeconds => "unix-seconds",
        }
    }
}

impl Schedule {
    /// Returns the waits on one line, as in `5 s, 7.5 s and on (jitter: 50%)`.
    pub(crate) fn short(&self) -> String {
        const SHOWN: usize = 8;

        let waits = self.waits.iter().take(SHOWN);
        let mut waits: Vec<String> = waits.map(|wait| human(*wait)).collect();
        if let (Some(last), true) = (self.waits.last(), self.waits.len() > SHOWN) {
            waits.push(format!("... {}", human(*last)));
        }
        let mut text = waits.join(", ");
        if self.repeat_last {
            text.push_str(" and on");
        }
        if self.jitter != Jitter::None {
            let _ = write!(text, " (jitter: {})", self.jitter);
        }
        text
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
            Self::Down(p) => (percent(100 - u32::from(p)), wait),
            Self::Up(p) => (wait, percent(100 + u32::from(p))),
            Self::Added(millis) => {
                let added = Duration::from_millis(millis.into());
                (wait, wait.saturating_add(added))
            }
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
        match (&self.action, self.if_idempotent) {
            (action, false) => action.fmt(f),
            (Action::RetryAfterOrBackoff(name), true) => {
                write!(f, "[if-idempotent, retry-after, {name}]")
            }
            (action, true) => write!(f, "[if-idempotent, {action}]"),
        }
    }
}

/// As a spec says it.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::RetryAfter => f.write_str("retry-after"),
            Self::Backoff(name) => f.write_str(name),
            Self::RetryAfterOrBackoff(name) => write!(f, "[retry-after, {name}]"),
            Self::Undecided => f.write_str("undecided"),
        }
    }
}

/// As in `Retry-After` and `X-RateLimit-Reset in unix-seconds if X-RateLimit-Remaining is 0`.
impl fmt::Display for WaitHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.form != WaitForm::RetryAfter {
            write!(f, " in {}", self.form.word())?;
        }
        for (n, (name, value)) in self.only_if.iter().enumerate() {
            let word = if n == 0 { "if" } else { "and" };
            write!(f, " {word} {name} is {value}")?;
        }
        Ok(())
    }
}

/// As in `X-Should-Retry: true is exponential, false is never`.
impl fmt::Display for ShouldRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.header)?;
        for (n, (value, retry)) in self.cases.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            write!(f, "{comma} {value} is {retry}")?;
        }
        Ok(())
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
            Self::Down(percent) => write!(f, "-{percent}%"),
            Self::Up(percent) => write!(f, "+{percent}%"),
            Self::Added(millis) => {
                let longest = Duration::from_millis((*millis).into());
                write!(f, "+{}", one_unit(longest))
            }
        }
    }
}
