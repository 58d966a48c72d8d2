//! The schedules: read one by one, then computed and checked against `max_retries`.

use std::collections::HashSet;
use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic, mismatch};
use crate::document::{Node, Scalar, Style, Value};
use crate::duration::{self, human};
use crate::lower::bounds::{MaxElapsed, MaxRetries, max_retries};
use crate::lower::fields::{Fields, entries, unwrapped};
use crate::lower::keys::{INITIAL, MULTIPLIER, SCHEDULE, WAITS, missing_key};
use crate::lower::names::{TAKEN_WORDS, YAML_1_1_BOOLEANS, is_keyword, is_name};
use crate::lower::report::Report;
use crate::lower::values::{
    as_plain, durations, invalid, is_digits, positive_duration, word, wrong_kind,
};
use crate::lower::waits::{
    Computed, Documented, Formula, check_documented_waits, check_formula, check_length,
};
use crate::model::{Assumed, Jitter, Schedule, ScheduleKind};
use crate::source::Span;

/// Names whose constants every generated crate has.
const TAKEN: [&str; 1] = ["max_retries"];

/// The keys of a formula and those of a list.
const FORMULA_KEYS: [&str; 4] = ["initial", "multiplier", "max", "documented_waits"];
const LIST_KEYS: [&str; 2] = ["waits", "repeat"];

/// The schedules of `backoff:`.
#[derive(Default)]
pub(crate) struct Definitions<'a>(Vec<Definition<'a>>);

struct Definition<'a> {
    name: &'a str,
    span: Span,
    /// `None` if there was an error. The name is known anyway.
    waits: Option<Waits>,
    jitter: Jitter,
    max_retries: Option<MaxRetries>,
    assumed: Vec<Assumed>,
}

enum Waits {
    Formula(Formula),
    List { waits: Vec<Duration>, repeat: bool },
}

/// Reads every schedule. A schedule with an error keeps its name.
pub(crate) fn definitions<'a>(node: &'a Node, report: &mut Report) -> Option<Definitions<'a>> {
    let schedules = entries(node, "a map of schedules", report)?;
    let names: HashSet<&str> = schedules.iter().map(|(name, ..)| *name).collect();
    let mut definitions = Vec::new();
    for (name, key, value) in schedules {
        check_name(name, key.span, &names, report);
        definitions.push(definition(name, key.span, value, report));
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

    /// Computes the waits of the used schedules, up to `max_retries`.
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
    let own = definition.max_retries;
    check_limit(own, max_retries, report);
    let max_retries = own.unwrap_or(max_retries);
    let waits = definition.waits?;
    let documented = documented(&waits, &definition.assumed);
    let (kind, mut computed) = match waits {
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
    if let Some(retries) = own.and_then(|own| own.retries) {
        computed.end_after(retries as usize);
    }
    Some(Schedule {
        name: definition.name.to_owned(),
        kind,
        waits: computed.waits,
        documented,
        repeat_last: computed.repeat_last,
        max_retries: own.and_then(|own| own.retries),
        jitter: definition.jitter,
        assumed: definition.assumed,
    })
}

/// Returns the waits that the source lists.
fn documented(waits: &Waits, assumed: &[Assumed]) -> Vec<Duration> {
    let is_assumed = |key| Assumed::has(assumed, &[key]);
    match waits {
        Waits::List { waits, .. } if !is_assumed("waits") => waits.clone(),
        Waits::Formula(Formula {
            documented: Some(documented),
            ..
        }) if !is_assumed("documented_waits") => {
            documented.waits.iter().map(|(wait, _)| *wait).collect()
        }
        Waits::List { .. } | Waits::Formula(_) => Vec::new(),
    }
}

/// Checks that a schedule ends no later than the table's retries.
fn check_limit(own: Option<MaxRetries>, max_retries: MaxRetries, report: &mut Report) {
    if let Some(own) = own
        && let (Some(retries), Some(most)) = (own.retries, max_retries.retries)
        && retries > most
    {
        report.push(
            Diagnostic::new(Code::ScheduleLimit, own.span, format!("{retries} retries"))
                .label(max_retries.span, format!("{most} retries at most"))
                .help(format!("write at most {most}, or remove the key")),
        );
    }
}

/// Warns about a schedule whose first wait is longer than `max_elapsed`.
fn check_start(schedule: &Schedule, span: Span, max_elapsed: MaxElapsed, report: &mut Report) {
    let first = *schedule.waits.first().expect("a schedule has a wait");
    let (shortest, _) = schedule.jitter.range(first);
    if shortest > max_elapsed.elapsed {
        report.push(
            Diagnostic::new(
                Code::LateSchedule,
                span,
                format!("the first wait is {}", human(first)),
            )
            .message(format!(
                "schedule `{}` never leads to a retry",
                schedule.name
            ))
            .label(max_elapsed.span, "no retry starts later than this")
            .help("raise `max_elapsed`, shorten the first wait, or write `never` in the rows"),
        );
    }
}

fn unused(definition: &Definition) -> Diagnostic {
    Diagnostic::new(Code::UnusedSchedule, definition.span, "never used")
        .message(format!("unused schedule `{}`", definition.name))
        .help("use it in a row, or remove it")
}

fn check_name(name: &str, span: Span, all: &HashSet<&str>, report: &mut Report) {
    let mut refuse = |label: &str, help: String| {
        report.push(
            Diagnostic::new(Code::ScheduleName, span, label)
                .message(format!("invalid schedule name `{name}`"))
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
            "expected a lower-case letter, then lower-case letters, digits or `_`",
            help,
        );
    } else if TAKEN_WORDS.contains(&name.replace('_', "-").as_str()) {
        refuse(
            "a word of the spec language",
            format!("write `{name}_schedule`"),
        );
    } else if TAKEN.contains(&name) {
        refuse(
            "the generated crate has a constant with this name",
            format!("write `{name}_schedule`"),
        );
    } else if YAML_1_1_BOOLEANS.contains(&name) {
        refuse("a boolean in YAML 1.1", format!("write `{name}_schedule`"));
    } else if is_keyword(name) {
        refuse("a Rust keyword", format!("write `{name}_schedule`"));
    } else if let Some(other) = clash {
        refuse(
            "its constants clash with those of another schedule",
            format!("rename this one or `{other}`"),
        );
    }
}

/// Reads a schedule. Its values may be assumed one by one, or all together.
fn definition<'a>(name: &'a str, span: Span, node: &Node, report: &mut Report) -> Definition<'a> {
    let mut definition = Definition {
        name,
        span,
        waits: None,
        jitter: Jitter::None,
        max_retries: None,
        assumed: Vec::new(),
    };
    let mut whole = Vec::new();
    let node = unwrapped(name, node, &mut whole, report);
    if let Some(fields) = Fields::read(node, &SCHEDULE, report) {
        definition.waits = waits(&fields, report);
        definition.jitter = fields
            .value("jitter", jitter, report)
            .unwrap_or(Jitter::None);
        definition.max_retries = fields.value("max_retries", limit, report);
        definition.assumed = match whole[..] {
            [] => fields.assumed().to_vec(),
            _ => fields.all_assumed(),
        };
    }
    definition
}

/// Reads the retry after which a schedule ends.
fn limit(node: &Node, report: &mut Report) -> Option<MaxRetries> {
    let limit = max_retries(node, report)?;
    if limit.retries.is_none() {
        report.push(
            Diagnostic::new(Code::MaxRetries, node.span, "no limit")
                .message(mismatch("a number of retries", "`unlimited`"))
                .help("write a number such as `4`, or remove the key"),
        );
        return None;
    }
    Some(limit)
}

fn waits(fields: &Fields, report: &mut Report) -> Option<Waits> {
    let formula_key = FORMULA_KEYS.iter().find_map(|key| fields.entry(key));
    let list_key = LIST_KEYS.iter().find_map(|key| fields.entry(key));
    match (formula_key, list_key) {
        (Some((formula, _)), Some((list, _))) => {
            report.push(
                Diagnostic::new(Code::ScheduleKind, list.span, "makes the schedule a list")
                    .label(formula.span, "makes it a formula")
                    .help("keep `initial` and `multiplier`, or `waits`"),
            );
            None
        }
        (None, Some(_)) => list(fields, report),
        (Some(_), None) => formula(fields, report).map(Waits::Formula),
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
                    "no waits",
                )
                .help("add a formula, as in `initial: 8s` and `multiplier: 2`, or a list, as in `waits: [1s, 5s]`"),
            );
            None
        }
    }
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
            Diagnostic::new(Code::InitialOverMax, first.span, "the first wait")
                .label(longest.span, "the longest wait")
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
            Diagnostic::new(Code::DocumentedWaits, node.span, "empty list")
                .message(mismatch("a list of waits", "an empty list"))
                .help("list the waits of the source, or remove `documented_waits`"),
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
        report.push(wrong_kind(node, "`last`").help("write `repeat: last`, or remove the key"));
    }
    let Some(node) = fields.get("waits") else {
        if fields.lacks("waits") {
            report.push(missing_key(&WAITS, fields.span, "a list of waits"));
        }
        return None;
    };
    let waits: Vec<Duration> = durations(node, report)?
        .into_iter()
        .map(|(wait, _)| wait)
        .collect();
    let Some(last) = waits.last() else {
        report.push(
            Diagnostic::new(Code::ScheduleKind, node.span, "empty list")
                .message(mismatch("a list of waits", "an empty list"))
                .help("write the waits, as in `[1s, 5s]`"),
        );
        return None;
    };
    if repeat.is_some() && last.is_zero() {
        report.push(
            Diagnostic::new(Code::Duration, node.span, "the last wait is zero")
                .message("a wait of zero cannot repeat forever")
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
    let scalar = word(node, "a multiplier", report)?;
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
            Ok(number) if number >= 4_294_967.296 => "write at most 4294967.295".to_owned(),
            _ => "write a number such as `2` or `1.5`".to_owned(),
        });
        report.push(
            invalid(
                Code::Multiplier,
                "a multiplier",
                scalar,
                node.span,
                "expected 1 or more, with at most 3 decimals",
            )
            .help(help),
        );
    }
    found
}

/// Parses a jitter: a word, a percentage, or a time that is added.
#[must_use]
pub fn parse_jitter(text: &str) -> Option<Jitter> {
    let percent = |text: &str| {
        let digits = text.strip_suffix('%').filter(|digits| is_digits(digits))?;
        digits.parse().ok().filter(|percent| *percent <= 100)
    };
    match text {
        "none" => return Some(Jitter::None),
        "full" => return Some(Jitter::Full),
        "equal" => return Some(Jitter::Equal),
        _ => {}
    }
    let side = text.strip_prefix(['-', '+']);
    let percent = percent(side.unwrap_or(text));
    match (percent, side.and(text.chars().next())) {
        (Some(percent), Some('-')) => return Some(Jitter::Down(percent)),
        (Some(percent), Some(_)) => return Some(Jitter::Up(percent)),
        (Some(percent), None) => return Some(Jitter::Percent(percent)),
        (None, _) => {}
    }
    let added = duration::parse(text.strip_prefix('+')?).ok()?;
    let millis = u32::try_from(added.as_millis()).ok()?;
    Some(Jitter::Added(millis)).filter(|_| millis > 0)
}

fn jitter(node: &Node, report: &mut Report) -> Option<Jitter> {
    let scalar = word(node, "a jitter", report)?;
    let text = &scalar.text;
    if let Some(jitter) = parse_jitter(text) {
        return Some(jitter);
    }
    let side = text.strip_prefix(['-', '+']);
    let unsigned = side.unwrap_or(text);
    let help = match text
        .trim_start_matches('\u{b1}')
        .trim_end_matches([' ', '%'])
    {
        fraction
            if fraction.starts_with("0.") && is_digits(&fraction[2..]) && fraction.len() == 4 =>
        {
            let percent = fraction[2..].trim_start_matches('0');
            format!("write `{percent:0>1}%`")
        }
        number if is_digits(number) && number.parse().is_ok_and(|n: u8| n <= 100) => {
            format!("write `{number}%`")
        }
        number if is_digits(number) => "write `100%` or less".to_owned(),
        signed if side.is_some() && is_digits(&signed[1..]) => {
            let number: u8 = signed[1..].parse().unwrap_or(u8::MAX).min(100);
            format!("write `{}{number}%`", &text[..1])
        }
        _ if text.starts_with('-') && duration::parse(unsigned).is_ok() => {
            "write a percentage, as in `-25%`: a wait cannot be shortened by a time".to_owned()
        }
        _ if duration::parse(unsigned).is_ok_and(|added| added.as_millis() > u32::MAX.into()) => {
            "write at most `+49d`".to_owned()
        }
        _ if duration::parse(text).is_ok_and(|added| !added.is_zero()) => {
            format!("write `+{text}`")
        }
        _ => "write `20%`, for example, to make waits up to a fifth shorter or longer".to_owned(),
    };
    report.push(
        invalid(
            Code::Jitter,
            "a jitter",
            scalar,
            node.span,
            "expected `none`, `full`, `equal`, a percentage as `20%`, `-25%` or `+25%`, or a time as `+1s`",
        )
        .help(help),
    );
    None
}
