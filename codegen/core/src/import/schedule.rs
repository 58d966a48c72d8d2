//! The schedules and bounds of a draft, from the numbers of extensions.

use std::time::Duration;

use crate::duration::{decimal, one_unit};
use crate::import::collect::{Collected, Form, Schedules};
use crate::import::decide::share;
use crate::import::extension::{Growth, Number, Waits};

/// A schedule as a draft has it.
pub(super) struct Drafted {
    pub(super) name: String,
    pub(super) comments: Vec<String>,
    pub(super) conflicts: usize,
    /// Its keys and values.
    pub(super) lines: Vec<String>,
    /// What is assumed of it, as a sentence.
    pub(super) assumed: Option<String>,
    /// The number of retries, if the document has or implies one.
    retries: Option<Number>,
    elapsed: Option<Number>,
    /// The first wait and the factor, in thousandths, of a formula without a longest wait.
    grows_from: Option<(u64, u32)>,
}

/// The bounds of a table, as a draft has them.
pub(super) struct Bounds {
    pub(super) max_retries: String,
    pub(super) max_elapsed: Option<String>,
}

/// The number of retries of a table whose document has none.
const RETRIES: u64 = 3;

/// How many other forms of a schedule a comment shows.
const SHOWN: usize = 3;

/// The most waits that a draft lists. The last one goes on.
const LISTED: u64 = 30;

/// Returns the schedules, and the bounds that fit them. `has_bare_header` if a row is retried without a schedule.
pub(super) fn draft(collected: &Collected, has_bare_header: bool) -> (Vec<Drafted>, Bounds) {
    let operations = collected.operations.len();
    let mut drafted: Vec<Drafted> = collected
        .schedules
        .iter()
        .map(|(name, schedules)| schedule(name, schedules, operations))
        .collect();
    // The bounds of a table hold for all its operations and rows.
    let holds_for_all = collected.scheduled == operations && !has_bare_header;
    let one = |numbers: Vec<Option<Number>>| {
        let is_stated = holds_for_all && numbers.iter().all(Option::is_some);
        let stated: Vec<Number> = numbers.into_iter().flatten().collect();
        let largest = stated.iter().max_by_key(|number| number.value).copied()?;
        let agree = stated.iter().all(|number| *number == largest);
        Some(Number {
            is_assumed: largest.is_assumed || !is_stated || !agree,
            ..largest
        })
    };
    let retries = one(drafted.iter().map(|drafted| drafted.retries).collect());
    let retries = retries.unwrap_or(Number::assumed(RETRIES));
    let elapsed = one(drafted.iter().map(|drafted| drafted.elapsed).collect());
    for schedule in &mut drafted {
        schedule.fit(retries);
    }
    let bounds = Bounds {
        max_retries: written(retries.value.to_string(), retries.is_assumed),
        max_elapsed: elapsed.map(time),
    };
    (drafted, bounds)
}

fn schedule(name: &str, schedules: &Schedules, operations: usize) -> Drafted {
    let mut forms: Vec<&Form> = schedules.forms.iter().collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.operations));
    let shown = |form: &Form| {
        let of = share(form.operations, operations, "operation");
        let (key, text) = (&form.extension.key, &form.extension.text);
        format!("{key} of {of}, {}: {text}", form.pointer)
    };
    let first = forms[0];
    let mut comments = vec![shown(first)];
    for other in forms.iter().skip(1).take(SHOWN) {
        comments.push(format!("conflict: {}", shown(other)));
    }
    if let Some(more @ 1..) = forms.len().checked_sub(SHOWN + 1) {
        comments.push(format!("conflict: {more} more forms"));
    }
    let conflicts = comments.len() - 1;
    let without_unit = &first.waits.without_unit;
    if !without_unit.is_empty() {
        let times = without_unit.join(", ");
        comments.push(format!("left out, because the unit is unknown: {times}"));
    }
    let mut waits = first.waits.clone();
    for other in &forms {
        waits.compare(&other.waits);
    }
    let stated = || forms.iter().map(|form| form.waits.retries);
    let retries = stated().flatten().next().map(|retries| Number {
        is_assumed: retries.is_assumed || stated().any(|other| other != Some(retries)),
        ..retries
    });
    let mut drafted = Drafted {
        name: name.to_owned(),
        conflicts,
        comments,
        lines: Vec::new(),
        assumed: None,
        retries,
        elapsed: waits.elapsed,
        grows_from: None,
    };
    drafted.write(&waits);
    drafted
}

impl Waits {
    /// Marks the numbers that differ between operations.
    fn compare(&mut self, other: &Self) {
        let compare = |own: &mut Option<Number>, other: Option<Number>| {
            if let Some(own) = own
                && other.is_none_or(|other| other.value != own.value)
            {
                own.is_assumed = true;
            }
        };
        compare(&mut self.initial, other.initial);
        compare(&mut self.max, other.max);
        compare(&mut self.elapsed, other.elapsed);
        compare(&mut self.factor, other.factor);
    }
}

impl Drafted {
    fn write(&mut self, waits: &Waits) {
        const FACTOR: Number = Number::assumed(2_000);

        let mut initial = waits.initial.unwrap_or(Number::assumed(1_000));
        let mut max = waits.max;
        if let Some(longest) = max.filter(|max| max.value < initial.value) {
            // What is stated beats what is assumed.
            if longest.is_assumed {
                max = None;
            } else {
                initial = Number::assumed(longest.value);
            }
        }
        match waits.growth {
            Growth::Linear | Growth::Power => self.write_list(waits, initial, max),
            Growth::Constant => {
                self.lines.push(format!("initial: {}", time(initial)));
                self.lines.push("multiplier: 1".to_owned());
            }
            Growth::Exponential | Growth::Unstated => {
                let factor = waits.factor.unwrap_or(FACTOR);
                let number = u32::try_from(factor.value).unwrap_or(u32::MAX);
                self.lines.push(format!("initial: {}", time(initial)));
                let multiplier = written(decimal(number), factor.is_assumed);
                self.lines.push(format!("multiplier: {multiplier}"));
                match max {
                    Some(max) => self.lines.push(format!("max: {}", time(max))),
                    None => self.grows_from = Some((initial.value, number)),
                }
            }
        }
    }

    /// Writes the waits one by one: no formula of the language gives them.
    fn write_list(&mut self, waits: &Waits, initial: Number, max: Option<Number>) {
        let exponent = match waits.growth {
            Growth::Power => waits.factor.unwrap_or(Number::assumed(1_500)).value,
            _ => 1_000,
        };
        let wait = |n: u64| {
            let wait = power(initial.value, n, exponent);
            max.map_or(wait, |max| wait.min(max.value))
        };
        if self.retries.is_none() {
            self.retries = waits
                .elapsed
                .map(|elapsed| Number::assumed(fitting(wait, elapsed.value)));
        }
        let retries = self.retries.map_or(RETRIES, |retries| retries.value);
        let is_last =
            |n: u64| n == retries.min(LISTED) || max.is_some_and(|max| wait(n) == max.value);
        let last = (1..=LISTED).find(|n| is_last(*n)).unwrap_or(LISTED);
        let listed: Vec<String> = (1..=last).map(|n| millis(wait(n))).collect();
        self.lines
            .push(format!("waits: {{assumed: [{}]}}", listed.join(", ")));
        self.lines.push("repeat: {assumed: last}".to_owned());
        self.assumed = Some(match waits.growth {
            Growth::Power => format!(
                "The wait of `{}` before retry n is {} times n to the power of {}{}.",
                self.name,
                millis(initial.value),
                decimal(u32::try_from(exponent).unwrap_or(u32::MAX)),
                max.map_or_else(String::new, |max| format!(
                    ", at most {}",
                    millis(max.value)
                )),
            ),
            _ => format!(
                "The wait of `{}` before retry n is n times {}.",
                self.name,
                millis(initial.value)
            ),
        });
    }

    /// Fits it into a table with that number of retries: it may end before, and none of its waits overflows.
    fn fit(&mut self, most: Number) {
        const LONGEST: u64 = 3_600_000;

        if let Some((initial, factor)) = self.grows_from
            && !is_short(initial, factor, most.value)
        {
            let max = Number::assumed(initial.max(LONGEST));
            self.lines.push(format!("max: {}", time(max)));
        }
        if let Some(retries) = self.retries
            && (retries.value < most.value || most.is_assumed && !retries.is_assumed)
        {
            let limit = written(retries.value.to_string(), retries.is_assumed);
            self.lines.push(format!("max_retries: {limit}"));
        }
    }
}

/// Returns whether no wait of a formula is longer than a year.
fn is_short(initial: u64, factor: u32, retries: u64) -> bool {
    const LONGEST: u128 = 365 * 24 * 3_600_000;

    let mut wait = u128::from(initial);
    for _ in 1..retries {
        wait = wait * u128::from(factor) / 1_000;
        if wait > LONGEST {
            return false;
        }
    }
    true
}

/// Returns the number of retries that start within the time, 1 to 1000.
fn fitting(wait: impl Fn(u64) -> u64, elapsed: u64) -> u64 {
    let mut start = 0_u64;
    for n in 1..=1_000 {
        start = start.saturating_add(wait(n));
        if start > elapsed {
            return (n - 1).max(1);
        }
    }
    1_000
}

/// Returns `initial` times `n` to the power of thousandths, in whole milliseconds, at most a year.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "it is not negative, and bounded"
)]
fn power(initial: u64, n: u64, thousandths: u64) -> u64 {
    const LONGEST: f64 = 365.0 * 24.0 * 3_600_000.0;

    let exponent = thousandths as f64 / 1_000.0;
    let wait = initial as f64 * (n as f64).powf(exponent);
    wait.round().min(LONGEST) as u64
}

fn time(number: Number) -> String {
    written(millis(number.value), number.is_assumed)
}

fn millis(millis: u64) -> String {
    one_unit(Duration::from_millis(millis))
}

fn written(value: String, is_assumed: bool) -> String {
    if is_assumed {
        format!("{{assumed: {value}}}")
    } else {
        value
    }
}
