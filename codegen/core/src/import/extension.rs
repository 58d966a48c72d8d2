//! Extensions about retries, such as `x-speakeasy-retries` and `x-basecamp-retry`. They are read by the names of
//! their keys; what is not understood is quoted.

use crate::document::{Node, Value};
use crate::duration;
use crate::import::line::line;
use crate::import::status::Status;
use crate::import::tree::{entries, items, text};

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
    /// The codes that are retried, in order, if it lists them.
    pub(super) codes: Option<Vec<Status>>,
    /// Whether `codes` has everything that it lists.
    pub(super) is_complete: bool,
    /// Whether it turns retries off.
    pub(super) is_off: bool,
    /// Whether a request that got no response is retried.
    pub(super) connection: Option<bool>,
    pub(super) waits: Waits,
}

/// What an extension says about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Retry,
    Never,
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
    pub(super) retries: Option<u32>,
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

/// A number, and whether it or its unit is assumed.
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
}

/// Returns whether a key is an extension about retries.
pub(super) fn is_extension(key: &str) -> bool {
    let key = key.to_lowercase();
    key.starts_with("x-") && (key.contains("retry") || key.contains("retries"))
}

/// The extension whose times are milliseconds, and whose missing numbers its documentation has.
const SPEAKEASY: &str = "x-speakeasy-retries";

impl Extension {
    pub(super) fn read(key: &str, value: &Node) -> Self {
        let mut read = Self {
            key: line(key, QUOTED),
            schedule: schedule_name(key),
            text: line(&value.flow(), QUOTED),
            codes: None,
            is_complete: true,
            is_off: text(value).is_some_and(|text| text.eq_ignore_ascii_case("false")),
            connection: None,
            waits: Waits::default(),
        };
        for (key, value) in entries(value) {
            read.field(key, value);
            for (key, value) in entries(value) {
                read.field(key, value);
            }
        }
        read.is_off |= read.waits.retries == Some(0);
        if key == SPEAKEASY {
            read.waits.complete_speakeasy();
        }
        read
    }

    /// Returns what it says about a response of its operation.
    pub(super) fn says(&self, status: Status) -> Says {
        if self.is_off {
            return Says::Never;
        }
        match &self.codes {
            Some(codes) if status.is_in(codes) => Says::Retry,
            // A list of codes does not say what `default` is.
            Some(_) if self.is_complete && status != Status::Default => Says::Never,
            _ => Says::Nothing,
        }
    }

    /// Returns whether it has a number of a schedule.
    pub(super) fn has_waits(&self) -> bool {
        self.waits != Waits::default()
    }

    fn field(&mut self, key: &Node, value: &Node) {
        let Some(key) = text(key) else { return };
        let name: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_lowercase();
        match name.as_str() {
            "statuscodes"
            | "retrystatuscodes"
            | "retryablestatuscodes"
            | "httpstatuscodes"
            | "retryon"
            | "codes"
            | "statuses"
            | "status" => self.codes(value),
            "maxattempts" | "attempts" => {
                let attempts = number(value).filter(|attempts| *attempts > 0);
                self.waits.retries = attempts.map(|attempts| attempts - 1);
            }
            "maxretries" | "retries" => self.waits.retries = number(value),
            "strategy" | "backoff" | "backofftype" | "backoffstrategy" | "type" => {
                self.strategy(value);
            }
            "multiplier" | "factor" | "backoffmultiplier" | "backofffactor" | "backoffrate" => {
                self.waits.factor = thousandths(value).filter(|factor| factor.value >= 1_000);
                self.waits.growth = Growth::Exponential;
            }
            "exponent" => {
                self.waits.factor = thousandths(value).filter(|factor| factor.value <= 10_000);
                self.waits.growth = Growth::Power;
            }
            "retryconnectionerrors" => self.connection = flag(value),
            "disabled" => self.is_off |= flag(value) == Some(true),
            "enabled" => self.is_off |= flag(value) == Some(false),
            _ => self.time(&name, value),
        }
    }

    fn codes(&mut self, value: &Node) {
        let one = std::slice::from_ref(value);
        let listed = match &value.value {
            Value::List(_) => items(value),
            Value::Scalar(_) => one,
            _ => return,
        };
        let mut codes: Vec<Status> = listed
            .iter()
            .filter_map(|code| Status::parse(text(code)?))
            .collect();
        self.is_complete = codes.len() == listed.len();
        codes.sort_unstable();
        codes.dedup();
        self.codes = Some(codes).filter(|codes| self.is_complete || !codes.is_empty());
    }

    fn strategy(&mut self, value: &Node) {
        let Some(word) = text(value) else { return };
        let word = word.to_lowercase();
        if word == "none" {
            self.is_off = true;
        } else if word.contains("exp") && self.waits.growth == Growth::Unstated {
            self.waits.growth = Growth::Exponential;
        } else if word.contains("const") || word.contains("fixed") {
            self.waits.growth = Growth::Constant;
        } else if word.contains("linear") {
            self.waits.growth = Growth::Linear;
        }
    }

    fn time(&mut self, name: &str, value: &Node) {
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
            .find_map(|(unit, factor)| Some((name.strip_suffix(unit)?, *factor)));
        let is_assumed = unit.is_none() && self.key != SPEAKEASY;
        let (name, factor) = unit.unwrap_or((name, 1));
        let field = match name {
            "initialinterval" | "initialdelay" | "initialbackoff" | "basedelay" | "delay"
            | "interval" => &mut self.waits.initial,
            "maxinterval" | "maxdelay" | "maxbackoff" => &mut self.waits.max,
            "maxelapsedtime" | "maxelapsed" => &mut self.waits.elapsed,
            _ => return,
        };
        *field = millis(value, factor, is_assumed);
    }
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
fn number(value: &Node) -> Option<u32> {
    text(value)?.parse().ok().filter(|number| *number <= 1_000)
}

fn thousandths(value: &Node) -> Option<Number> {
    let (value, is_assumed) = scaled(text(value)?, 1_000)?;
    Some(Number { value, is_assumed })
}

/// Returns a time: a number in a unit, or text with a unit of its own.
fn millis(value: &Node, factor: u32, is_assumed: bool) -> Option<Number> {
    const LONGEST: u64 = 365 * 24 * 3_600_000;

    let text = text(value)?;
    let number = match scaled(text, factor) {
        Some((value, is_rounded)) => Number {
            value,
            is_assumed: is_assumed || is_rounded,
        },
        None => {
            let time = duration::parse(&duration::likely(text)?).ok()?;
            let value = time.as_millis().try_into().ok()?;
            let is_assumed = false;
            Number { value, is_assumed }
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
