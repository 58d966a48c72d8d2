//! The schedules: read one by one, then computed and checked against what the rows need.

use std::collections::HashSet;
use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Style, Value};
use crate::duration::human;
use crate::lower::bounds::{MaxElapsed, MaxRetries};
use crate::lower::fields::{Fields, entries};
use crate::lower::keys::{INITIAL, MULTIPLIER, SCHEDULE, WAITS, missing_key};
use crate::lower::names::{WORDS, YAML_1_1_BOOLEANS, is_keyword, is_name};
use crate::lower::report::Report;
use crate::lower::values::{as_plain, durations, is_digits, positive_duration, word};
use crate::lower::waits::{
    Computed, Documented, Formula, check_documented_waits, check_formula, check_length,
};
use crate::model::{Jitter, Schedule, ScheduleKind};
use crate::source::Span;

/// Names whose constants a generated crate has already.
const TAKEN: [&str; 1] = ["max_retries"];

/// What makes a schedule a formula, and what makes it a list.
const FORMULA_KEYS: [&str; 4] = ["initial", "multiplier", "max", "documented_waits"];
const LIST_KEYS: [&str; 2] = ["waits", "repeat"];

/// What `backoff:` holds.
#[derive(Default)]
pub(crate) struct Definitions<'a>(Vec<Definition<'a>>);

struct Definition<'a> {
    name: &'a str,
    span: Span,
    /// `None` if there was an error; the name is known all the same.
    waits: Option<Waits>,
    jitter: Jitter,
}

enum Waits {
    Formula(Formula),
    List { waits: Vec<Duration>, repeat: bool },
}

/// Reads every schedule; one with an error keeps its name.
pub(crate) fn definitions<'a>(node: &'a Node, report: &mut Report) -> Option<Definitions<'a>> {
    let schedules = entries(node, "a map of schedules", report)?;
    let names: HashSet<&str> = schedules.iter().map(|(name, ..)| *name).collect();
    let mut definitions = Vec::new();
    for (name, key, value) in schedules {
        check_name(name, key.span, &names, report);
        let (waits, jitter) = definition(value, report);
        definitions.push(Definition {
            name,
            span: key.span,
            waits,
            jitter: jitter.unwrap_or(Jitter::None),
        });
    }
    Some(Definitions(definitions))
}

impl Definitions<'_> {
    pub(crate) fn names(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|schedule| schedule.name.to_owned())
            .collect()
    }

    /// Computes the schedules in use as far as `max_retries` goes.
    pub(crate) fn resolve(
        self,
        max_retries: Option<MaxRetries>,
        max_elapsed: Option<MaxElapsed>,
        is_unused: impl Fn(&str) -> bool,
        report: &mut Report,
    ) -> Vec<Schedule> {
        let mut schedules = Vec::new();
        for definition in self.0 {
            if is_unused(definition.name) {
                report.push(unused(&definition));
            } else if let Some(max_retries) = max_retries {
                let span = definition.span;
                let schedule = schedule(definition, max_retries, report);
                if let (Some(schedule), Some(max_elapsed)) = (&schedule, max_elapsed) {
                    check_start(schedule, span, max_elapsed, report);
                }
                schedules.extend(schedule);
            }
        }
        schedules.sort_by(|a, b| a.name.cmp(&b.name));
        schedules
    }
}

fn schedule(
    definition: Definition,
    max_retries: MaxRetries,
    report: &mut Report,
) -> Option<Schedule> {
    let (kind, computed) = match definition.waits? {
        Waits::List { waits, repeat } => {
            let computed = Computed {
                waits,
                repeat_last: repeat,
            };
            (ScheduleKind::List, computed)
        }
        Waits::Formula(formula) => {
            let computed = check_formula(&formula, definition.span, max_retries, report)?;
            check_documented_waits(&formula, &computed, max_retries, report);
            let kind = ScheduleKind::Formula {
                multiplier: formula.multiplier,
                max: formula.max,
            };
            (kind, computed)
        }
    };
    check_length(&computed, definition.span, max_retries, report);
    Some(Schedule {
        name: definition.name.to_owned(),
        kind,
        waits: computed.waits,
        repeat_last: computed.repeat_last,
        jitter: definition.jitter,
    })
}

/// Warns of a schedule whose first wait is longer than the time there is.
fn check_start(schedule: &Schedule, span: Span, max_elapsed: MaxElapsed, report: &mut Report) {
    let first = *schedule.waits.first().expect("a schedule has a wait");
    let (shortest, _) = schedule.jitter.range(first);
    if shortest > max_elapsed.elapsed {
        report.push(
            Diagnostic::new(
                Code::LateSchedule,
                span,
                format!("its first wait is {}", human(first)),
            )
            .message(format!(
                "the schedule `{}` never leads to a retry",
                schedule.name
            ))
            .label(max_elapsed.span, "no retry starts later than this")
            .help("raise `max_elapsed`, shorten the first wait, or write `never` in the rows"),
        );
    }
}

fn unused(definition: &Definition) -> Diagnostic {
    Diagnostic::new(Code::UnusedSchedule, definition.span, "no row names it")
        .message(format!("the schedule `{}` is never used", definition.name))
        .help("name it in a row, or leave it out")
}

fn check_name(name: &str, span: Span, all: &HashSet<&str>, report: &mut Report) {
    let mut refuse = |label: &str, help: String| {
        report.push(
            Diagnostic::new(Code::ScheduleName, span, label)
                .message(format!("`{name}` cannot be the name of a schedule"))
                .help(help),
        );
    };
    // `NAME` and `NAME_WAITS` are the constants.
    let clash = name
        .strip_suffix("_waits")
        .filter(|other| all.contains(other));
    if !is_name(name) {
        let likely = name.to_lowercase().replace(['-', ' '], "_");
        let help = match likely.as_str() {
            likely if is_name(likely) => format!("write `{likely}`"),
            _ => "write a name such as `exponential`".to_owned(),
        };
        refuse(
            "a lower-case letter, then lower-case letters, digits and `_` are wanted",
            help,
        );
    } else if WORDS.contains(&name.replace('_', "-").as_str()) || name == "unlimited" {
        refuse(
            "it is a word of the language",
            format!("write `{name}_schedule`"),
        );
    } else if TAKEN.contains(&name) {
        refuse(
            "the generated crate has a constant of this name",
            format!("write `{name}_schedule`"),
        );
    } else if YAML_1_1_BOOLEANS.contains(&name) {
        refuse(
            "YAML 1.1 reads it as a boolean",
            format!("write `{name}_schedule`"),
        );
    } else if is_keyword(name) {
        refuse(
            "it is a keyword of Rust",
            format!("write `{name}_schedule`"),
        );
    } else if let Some(other) = clash {
        refuse(
            "its constants have the names of another schedule's",
            format!("rename this one or `{other}`"),
        );
    }
}

fn definition(node: &Node, report: &mut Report) -> (Option<Waits>, Option<Jitter>) {
    let Some(fields) = Fields::read(node, &SCHEDULE, report) else {
        return (None, None);
    };
    let jitter = fields.value("jitter", jitter, report);
    let formula_key = FORMULA_KEYS.iter().find_map(|key| fields.entry(key));
    let list_key = LIST_KEYS.iter().find_map(|key| fields.entry(key));
    let waits = match (formula_key, list_key) {
        (Some((formula, _)), Some((list, _))) => {
            report.push(
                Diagnostic::new(Code::ScheduleKind, list.span, "this makes it a list")
                    .label(formula.span, "and this a formula")
                    .help("keep `initial` and `multiplier`, or `waits`"),
            );
            None
        }
        (None, Some(_)) => list(&fields, report),
        (Some(_), None) => formula(&fields, report).map(Waits::Formula),
        (None, None)
            if FORMULA_KEYS
                .iter()
                .chain(&LIST_KEYS)
                .any(|key| fields.misspells(key)) =>
        {
            None
        }
        (None, None) => {
            report.push(
                Diagnostic::new(
                    Code::ScheduleKind,
                    fields.span,
                    "this schedule has no waits",
                )
                .help("add `initial: 8s` and `multiplier: 2`, say, or `waits: [1s, 5s]`"),
            );
            None
        }
    };
    (waits, jitter)
}

fn formula(fields: &Fields, report: &mut Report) -> Option<Formula> {
    for key in [INITIAL, MULTIPLIER] {
        if fields.lacks(key.name) {
            report.push(missing_key(&key, fields.span, "a formula"));
        }
    }
    let initial = fields.value("initial", positive_duration, report);
    let multiplier = fields.value("multiplier", multiplier, report);
    let max = fields.value("max", positive_duration, report);
    if let (Some((first, initial)), Some((longest, max))) = (
        fields.get("initial").zip(initial),
        fields.get("max").zip(max),
    ) && initial > max
    {
        report.push(
            Diagnostic::new(Code::InitialOverMax, first.span, "the first")
                .label(longest.span, "the longest")
                .help("raise `max` or lower `initial`"),
        );
        return None;
    }
    let documented = fields.value("documented_waits", documented_waits, report);
    Some(Formula {
        initial: initial?,
        multiplier: multiplier?,
        max,
        documented,
    })
}

fn documented_waits(node: &Node, report: &mut Report) -> Option<Documented> {
    let waits = durations(node, report)?;
    if waits.is_empty() {
        report.push(
            Diagnostic::new(Code::DocumentedWaits, node.span, "this list is empty")
                .message("no waits are documented")
                .help("write the source's waits, or leave `documented_waits` out"),
        );
        return None;
    }
    Some(Documented {
        waits,
        span: node.span,
    })
}

fn list(fields: &Fields, report: &mut Report) -> Option<Waits> {
    let repeat = fields.get("repeat");
    if let Some(node) = repeat
        && !matches!(&node.value, Value::Scalar(Scalar { text, .. }) if text == "last")
    {
        report.push(
            Diagnostic::new(Code::WrongKind, node.span, "this value")
                .message("only the last wait of a list can repeat")
                .help("write `repeat: last`, or leave it out"),
        );
    }
    let Some(node) = fields.get("waits") else {
        if fields.lacks("waits") {
            report.push(missing_key(&WAITS, fields.span, "a list"));
        }
        return None;
    };
    let waits: Vec<Duration> = durations(node, report)?
        .into_iter()
        .map(|(wait, _)| wait)
        .collect();
    let Some(last) = waits.last() else {
        report.push(
            Diagnostic::new(Code::ScheduleKind, node.span, "this list is empty")
                .help("write the waits, as in `[1s, 5s]`"),
        );
        return None;
    };
    if repeat.is_some() && last.is_zero() {
        report.push(
            Diagnostic::new(Code::Duration, node.span, "the last of these")
                .message("a wait of zero cannot go on for ever")
                .help("end the list with a longer wait"),
        );
    }
    Some(Waits::List {
        waits,
        repeat: repeat.is_some(),
    })
}

/// Returns a multiplier in thousandths.
fn multiplier(node: &Node, report: &mut Report) -> Option<u32> {
    let scalar = word(node, "a number", report)?;
    let text = &scalar.text;
    let thousandths = || {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = is_digits(whole) && is_digits(decimals) && decimals.len() <= 3;
        let decimals = format!("{decimals:0<3}");
        let whole = whole.parse::<u32>().ok().filter(|_| is_number)?;
        whole
            .checked_mul(1_000)?
            .checked_add(decimals.parse().ok()?)
    };
    let number = thousandths().filter(|number| *number >= 1_000);
    let found = number.filter(|_| scalar.style == Style::Plain);
    if found.is_none() {
        let help = as_plain(scalar).filter(|_| number.is_some());
        let help = help.unwrap_or_else(|| match text.parse::<f64>() {
            Ok(number) if number >= 4_294_967.296 => "write 4294967.295 at most".to_owned(),
            _ => "write it as in `2` or `1.5`".to_owned(),
        });
        report.push(
            Diagnostic::new(
                Code::Multiplier,
                node.span,
                "1 or more, with at most 3 decimals",
            )
            .message(format!("`{text}` is not a multiplier"))
            .help(help),
        );
    }
    found
}

fn jitter(node: &Node, report: &mut Report) -> Option<Jitter> {
    let text = &word(node, "a jitter", report)?.text;
    let percent = || {
        let digits = text.strip_suffix('%').filter(|digits| is_digits(digits))?;
        digits.parse().ok().filter(|percent| *percent <= 100)
    };
    match (text.as_str(), percent()) {
        ("none", _) => Some(Jitter::None),
        ("full", _) => Some(Jitter::Full),
        ("equal", _) => Some(Jitter::Equal),
        (_, Some(percent)) => Some(Jitter::Percent(percent)),
        _ => {
            let help = match text
                .trim_start_matches('\u{b1}')
                .trim_end_matches([' ', '%'])
            {
                fraction
                    if fraction.starts_with("0.")
                        && is_digits(&fraction[2..])
                        && fraction.len() == 4 =>
                {
                    let percent = fraction[2..].trim_start_matches('0');
                    format!("write `{percent:0>1}%`")
                }
                number if is_digits(number) && number.parse().is_ok_and(|n: u8| n <= 100) => {
                    format!("write `{number}%`")
                }
                number if is_digits(number) => "write `100%` at most".to_owned(),
                _ => {
                    "write `20%`, say, for a wait that may be a fifth shorter or longer".to_owned()
                }
            };
            report.push(
                Diagnostic::new(
                    Code::Jitter,
                    node.span,
                    "`none`, `full`, `equal`, or `0%` to `100%`",
                )
                .message(format!("`{text}` is not a jitter"))
                .help(help),
            );
            None
        }
    }
}
