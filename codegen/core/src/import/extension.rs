//! Extensions about retries, such as `x-speakeasy-retries` and `x-basecamp-retry`. They are read by the names of
//! their keys. One that is not understood to its last key decides nothing: what is left unread may be a condition.

use std::fmt::Write as _;

use crate::document::{Node, Refusal, Value};
use crate::duration;
use crate::import::line::{flow, line};
use crate::import::references::References;
use crate::import::status::Status;
use crate::import::tree::{Fields, items, text};
use crate::import::words::{is_negated, words};

/// The most that is quoted of an extension, in characters.
const QUOTED: usize = 160;

/// What an extension says.
#[derive(Debug)]
pub(super) struct Extension {
    /// Its key.
    pub(super) key: String,
    /// The schedule that is named after it.
    pub(super) schedule: String,
    /// Its value, on one line.
    pub(super) text: String,
    /// Its key and its value, and what is not understood of it.
    pub(super) quoted: String,
    retries: Retries,
    /// What it says about requests that got no response, if it is understood.
    connection: Option<bool>,
    pub(super) waits: Waits,
}

/// What an extension retries.
#[derive(Debug, PartialEq, Eq)]
enum Retries {
    /// Nothing: it turns retries off.
    Off,
    /// These codes, in order, and no others.
    Codes(Vec<Status>),
    /// It says how, but not what.
    Unsaid,
    /// Not all of it is understood. It names these codes nevertheless, in order.
    Unclear(Vec<Status>),
}

/// What an extension says about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Retry,
    Never,
    /// Nothing that is understood.
    Unclear,
    Nothing,
}

/// The numbers of an extension. Times are in milliseconds, factors in thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Waits {
    pub(super) growth: Growth,
    pub(super) initial: Option<Number>,
    pub(super) max: Option<Number>,
    pub(super) elapsed: Option<Number>,
    pub(super) factor: Option<Number>,
    pub(super) retries: Option<Number>,
    /// The times whose unit is unknown, each with its key.
    pub(super) without_unit: Vec<String>,
}

/// How waits grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Growth {
    #[default]
    Unstated,
    Constant,
    Linear,
    /// Each wait is the one before times the factor.
    Exponential,
    /// The wait before retry n is the first one times n to the power of the factor.
    Power,
}

/// A number, and whether it is assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) is_assumed: bool,
}

impl Number {
    pub(super) const fn assumed(value: u64) -> Self {
        Self {
            value,
            is_assumed: true,
        }
    }

    const fn stated(value: u64) -> Self {
        Self {
            value,
            is_assumed: false,
        }
    }
}

/// Returns whether a key is an extension about retries.
pub(super) fn is_extension(key: &str) -> bool {
    let key = key.to_lowercase();
    let is_about = |word: &&str| key.contains(word);
    key.starts_with("x-") && ["retry", "retries", "retriable"].iter().any(is_about)
}

/// The extension whose times are milliseconds, and whose missing numbers its documentation has.
const SPEAKEASY: &str = "x-speakeasy-retries";

impl Extension {
    pub(super) fn read<'a>(
        key: &str,
        value: &'a Node,
        references: &References<'a>,
    ) -> Result<Self, Refusal> {
        let mut reader = Reader {
            is_speakeasy: key == SPEAKEASY,
            ..Reader::default()
        };
        let words = words(key);
        let is_plain = words
            .last()
            .is_some_and(|word| word.starts_with("retr") || word == "enabled");
        match &value.value {
            _ if is_negated(&words) => reader.unclear(key),
            Value::Map(_) => {
                reader.map(&references.fields(value, "an extension")?, true, references)?;
            }
            Value::Scalar(_) if is_plain && flag(value).is_some() => {
                reader.is_off = flag(value) == Some(false);
            }
            _ => reader.unclear(key),
        }
        let (key, schedule) = (line(key, QUOTED), schedule_name(key));
        let text = flow(value, QUOTED);
        let mut quoted = format!("{key}: {text}");
        if let Some(unclear) = &reader.unclear {
            let _ = write!(quoted, ": `{unclear}` is not understood");
        }
        Ok(Self {
            key,
            schedule,
            text,
            quoted,
            connection: reader.connection,
            waits: reader.waits(),
            retries: reader.retries(),
        })
    }

    /// Returns what it says about a code.
    pub(super) fn says(&self, status: Status) -> Says {
        match &self.retries {
            Retries::Off => Says::Never,
            Retries::Codes(codes) if status.is_in(codes) => Says::Retry,
            // A list of codes does not say what `default` is, nor the rest of a class.
            Retries::Codes(codes) if status != Status::Default && !status.is_partly_in(codes) => {
                Says::Never
            }
            Retries::Codes(_) | Retries::Unsaid => Says::Nothing,
            Retries::Unclear(_) => Says::Unclear,
        }
    }

    /// Returns what it says about the code in whose response it stands, which it need not list.
    pub(super) fn says_in_response(&self, status: Status) -> Says {
        match &self.retries {
            Retries::Unsaid if self.has_waits() => Says::Retry,
            _ => self.says(status),
        }
    }

    /// Returns what it says about requests that got no response.
    pub(super) fn says_of_connections(&self) -> Says {
        match (&self.retries, self.connection) {
            (Retries::Off, _) => Says::Never,
            (Retries::Unclear(_), _) => Says::Unclear,
            (_, None) => Says::Nothing,
            (_, Some(true)) => Says::Retry,
            (_, Some(false)) => Says::Never,
        }
    }

    /// Returns the codes that it names, in order.
    pub(super) fn codes(&self) -> &[Status] {
        match &self.retries {
            Retries::Codes(codes) | Retries::Unclear(codes) => codes,
            Retries::Off | Retries::Unsaid => &[],
        }
    }

    /// Returns whether a schedule can be drafted from it.
    pub(super) fn has_schedule(&self) -> bool {
        let is_about_retries =
            !self.codes().is_empty() || self.has_waits() || self.connection == Some(true);
        self.retries != Retries::Off && is_about_retries
    }

    /// Returns whether it has a number of a schedule.
    fn has_waits(&self) -> bool {
        self.waits != Waits::default()
    }
}

/// What is read of an extension so far.
#[derive(Default)]
struct Reader {
    is_speakeasy: bool,
    codes: Option<Vec<Status>>,
    is_off: bool,
    connection: Option<bool>,
    waits: Waits,
    /// The first key that is not understood.
    unclear: Option<String>,
}

impl Reader {
    fn unclear(&mut self, key: &str) {
        const LONGEST: usize = 40;

        self.unclear.get_or_insert_with(|| line(key, LONGEST));
    }

    fn retries(self) -> Retries {
        let is_off = self.is_off || self.waits.retries == Some(Number::stated(0));
        match (self.unclear, self.codes) {
            (Some(_), codes) => Retries::Unclear(codes.unwrap_or_default()),
            (None, _) if is_off => Retries::Off,
            (None, Some(codes)) => Retries::Codes(codes),
            (None, None) => Retries::Unsaid,
        }
    }

    /// Returns the numbers. If not all is understood, they are assumed.
    fn waits(&self) -> Waits {
        let mut waits = self.waits.clone();
        let is_understood = waits != Waits::default() || self.codes.is_some();
        if self.is_speakeasy && is_understood {
            waits.complete_speakeasy();
        }
        if self.unclear.is_some() {
            waits.retries = waits.retries.filter(|retries| retries.value > 0);
            let numbers = [
                &mut waits.initial,
                &mut waits.max,
                &mut waits.elapsed,
                &mut waits.factor,
                &mut waits.retries,
            ];
            for number in numbers.into_iter().flatten() {
                number.is_assumed = true;
            }
        }
        waits
    }

    /// Reads the fields of the extension, or of a map in it.
    fn map<'a>(
        &mut self,
        fields: &Fields<'a>,
        is_top: bool,
        references: &References<'a>,
    ) -> Result<(), Refusal> {
        for (key, value) in fields.iter() {
            let key = text(key).unwrap_or_default();
            let name: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            let name = name.to_lowercase();
            let is_container = matches!(name.as_str(), "backoff" | "policy" | "config" | "retry");
            if is_container && matches!(value.value, Value::Map(_)) {
                let inner = references.fields(value, "a map")?;
                self.map(&inner, false, references)?;
            } else if self.field(&name, key, value, is_top).is_none() {
                self.unclear(key);
            }
        }
        Ok(())
    }

    /// Reads a field, or returns `None` if it is not understood.
    fn field(&mut self, name: &str, key: &str, value: &Node, is_top: bool) -> Option<()> {
        match name {
            // Whatever they say, it does not change what is retried.
            "jitter" | "jitterfactor" | "description" | "summary" | "comment" | "title" => Some(()),
            "statuscodes"
            | "retrystatuscodes"
            | "retryablestatuscodes"
            | "httpstatuscodes"
            | "retryon"
            | "codes"
            | "statuses"
            | "status" => self.codes(value),
            "maxattempts" | "attempts" => {
                let retries = number(value)?.checked_sub(1)?;
                once(&mut self.waits.retries, Number::stated(retries))
            }
            "maxretries" | "retries" => {
                once(&mut self.waits.retries, Number::stated(number(value)?))
            }
            "strategy" if is_top && text(value)?.eq_ignore_ascii_case("none") => {
                self.is_off = true;
                Some(())
            }
            "strategy" | "backoff" | "backofftype" | "backoffstrategy" | "type" => {
                self.strategy(value)
            }
            "multiplier" | "factor" | "backoffmultiplier" | "backofffactor" | "backoffrate" => {
                let factor = thousandths(value).filter(|factor| factor.value >= 1_000)?;
                self.grow(Growth::Exponential)?;
                once(&mut self.waits.factor, factor)
            }
            "exponent" => {
                let exponent = thousandths(value).filter(|factor| factor.value <= 10_000)?;
                self.grow(Growth::Power)?;
                once(&mut self.waits.factor, exponent)
            }
            "retryconnectionerrors" => once(&mut self.connection, flag(value)?),
            "enabled" => {
                self.is_off |= !flag(value)?;
                Some(())
            }
            _ => self.time(name, key, value),
        }
    }

    fn codes(&mut self, value: &Node) -> Option<()> {
        // There are 900 codes, 9 classes and `default`.
        const MOST: usize = 910;

        let one = std::slice::from_ref(value);
        let listed = match &value.value {
            Value::List(_) => items(value),
            Value::Scalar(_) => one,
            Value::Null | Value::Map(_) => return None,
        };
        let read = listed.iter().take(MOST);
        let mut codes: Vec<Status> = read
            .filter_map(|code| Status::parse(text(code)?))
            .filter(|status| *status != Status::Default)
            .collect();
        let is_complete = codes.len() == listed.len();
        codes.sort_unstable();
        codes.dedup();
        once(&mut self.codes, codes)?;
        is_complete.then_some(())
    }

    fn strategy(&mut self, value: &Node) -> Option<()> {
        let words = words(text(value)?);
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !matches!(*word, "backoff" | "delay" | "interval"))
            .collect();
        match words[..] {
            [] => Some(()),
            ["exponential" | "exp"] => self.grow(Growth::Exponential),
            ["constant" | "fixed"] => self.grow(Growth::Constant),
            ["linear"] => self.grow(Growth::Linear),
            _ => None,
        }
    }

    fn grow(&mut self, growth: Growth) -> Option<()> {
        let stated = match self.waits.growth {
            Growth::Unstated => growth,
            stated => stated,
        };
        self.waits.growth = stated;
        (stated == growth).then_some(())
    }

    fn time(&mut self, name: &str, key: &str, value: &Node) -> Option<()> {
        const UNITS: [(&str, u32); 6] = [
            ("milliseconds", 1),
            ("millis", 1),
            ("ms", 1),
            ("seconds", 1_000),
            ("secs", 1_000),
            ("sec", 1_000),
        ];
        let unit = UNITS
            .iter()
            .find_map(|(unit, factor)| Some((name.strip_suffix(unit)?, Some(*factor))));
        let (name, unit) = unit.unwrap_or((name, None));
        let unit = unit.or(self.is_speakeasy.then_some(1));
        let slot = match name {
            "initialinterval" | "initialdelay" | "initialbackoff" | "basedelay" | "delay"
            | "interval" => &mut self.waits.initial,
            "maxinterval" | "maxdelay" | "maxbackoff" => &mut self.waits.max,
            "maxelapsedtime" | "maxelapsed" => &mut self.waits.elapsed,
            _ => return None,
        };
        let text = text(value)?;
        if let (None, Some(_)) = (unit, scaled(text, 1)) {
            let time = format!("{key}: {text}");
            self.waits.without_unit.push(line(&time, QUOTED));
            return Some(());
        }
        once(slot, millis(text, unit.unwrap_or(1))?)
    }
}

/// Sets a value, or returns `None` if another one is set already.
fn once<T: PartialEq>(slot: &mut Option<T>, value: T) -> Option<()> {
    let is_same = slot.as_ref().is_none_or(|first| *first == value);
    slot.get_or_insert(value);
    is_same.then_some(())
}

impl Waits {
    /// Adds what Speakeasy's documentation says of an extension that lacks it.
    fn complete_speakeasy(&mut self) {
        self.growth = Growth::Power;
        self.initial.get_or_insert(Number::assumed(500));
        self.max.get_or_insert(Number::assumed(60_000));
        self.elapsed.get_or_insert(Number::assumed(3_600_000));
        self.factor.get_or_insert(Number::assumed(1_500));
    }
}

/// Returns the name of a schedule for an extension: its key without `x-`.
fn schedule_name(key: &str) -> String {
    const LONGEST: usize = 48;

    let words = key[2..].split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut name = words.join("_").to_lowercase();
    name.truncate(LONGEST);
    let is_taken = matches!(name.as_str(), "retry_after" | "max_retries")
        || name.ends_with("_waits")
        || !name.starts_with(|first: char| first.is_ascii_lowercase());
    if is_taken {
        name = format!("schedule_{name}_");
    }
    name.trim_end_matches('_').to_owned()
}

fn flag(value: &Node) -> Option<bool> {
    text(value)?.to_lowercase().parse().ok()
}

/// Returns a number of retries or attempts that a table can have.
fn number(value: &Node) -> Option<u64> {
    text(value)?.parse().ok().filter(|number| *number <= 1_000)
}

/// Returns a factor that a table can have.
fn thousandths(value: &Node) -> Option<Number> {
    let (value, is_assumed) = scaled(text(value)?, 1_000)?;
    let number = Number { value, is_assumed };
    Some(number).filter(|number| number.value <= u32::MAX.into())
}

/// Returns a time: a number in a unit, or a string with a unit of its own.
fn millis(text: &str, factor: u32) -> Option<Number> {
    const LONGEST: u64 = 365 * 24 * 3_600_000;

    let number = match scaled(text, factor) {
        Some((value, is_assumed)) => Number { value, is_assumed },
        None => {
            let time = duration::parse(&duration::likely(text)?).ok()?;
            Number::stated(time.as_millis().try_into().ok()?)
        }
    };
    Some(number).filter(|number| (1..=LONGEST).contains(&number.value))
}

/// Returns a decimal number times `factor`, at most 2^53, and whether that was rounded.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is checked to be in range"
)]
fn scaled(text: &str, factor: u32) -> Option<(u64, bool)> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;

    let number: f64 = text.parse().ok()?;
    let scaled = number * f64::from(factor);
    let rounded = scaled.round();
    let is_in_range = (0.0..=LARGEST).contains(&rounded);
    is_in_range.then_some((rounded as u64, (scaled - rounded).abs() > 1e-6))
}
