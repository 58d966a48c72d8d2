//! The waits of a schedule, computed and checked against the source and `max_retries`.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic, mismatch};
use crate::duration::{decimal, one_unit};
use crate::lower::bounds::{LARGEST_MAX_RETRIES, MaxRetries};
use crate::lower::report::Report;
use crate::source::Span;

const NANOS_PER_SEC: u128 = 1_000_000_000;

/// A formula: each wait is the one before it times the multiplier.
pub(crate) struct Formula {
    pub(crate) initial: Duration,
    /// In thousandths.
    pub(crate) multiplier: u32,
    pub(crate) max: Option<Duration>,
    pub(crate) documented: Option<Documented>,
}

/// The waits that the source lists.
pub(crate) struct Documented {
    pub(crate) waits: Vec<(Duration, Span)>,
    pub(crate) span: Span,
}

/// The computed waits of a schedule.
pub(crate) struct Computed {
    pub(crate) waits: Vec<Duration>,
    pub(crate) repeat_last: bool,
}

/// Computes the waits of a formula, at most one for each retry.
pub(crate) fn check_formula(
    formula: &Formula,
    span: Span,
    max_retries: MaxRetries,
    report: &mut Report,
) -> Option<Computed> {
    let grows = formula.multiplier > 1_000;
    if max_retries.retries.is_none() && grows && formula.max.is_none() {
        report.push(
            Diagnostic::new(Code::EndlessSchedule, span, "the waits grow forever")
                .label(max_retries.span, "no limit")
                .help("add `max`, the longest wait, to the schedule"),
        );
        return None;
    }
    let max = formula.max.map_or(u128::MAX, |max| max.as_nanos());
    let mut wait = formula.initial.as_nanos().min(max);
    let mut waits = Vec::new();
    let mut n: u32 = 1;
    loop {
        let Some(duration) = from_nanos(wait) else {
            report.push(
                Diagnostic::new(
                    Code::Overflow,
                    span,
                    format!("wait {n} is longer than 2^64 seconds"),
                )
                .help("add `max`, the longest wait, or lower `max_retries`"),
            );
            return None;
        };
        waits.push(duration);
        if !grows || wait >= max {
            return Some(Computed {
                waits,
                repeat_last: true,
            });
        }
        if max_retries.retries == Some(n) {
            return Some(Computed {
                waits,
                repeat_last: false,
            });
        }
        if n == LARGEST_MAX_RETRIES {
            report.push(
                Diagnostic::new(
                    Code::EndlessSchedule,
                    span,
                    format!("does not reach `max` in {n} retries"),
                )
                .help("raise `initial` or `multiplier`, or lower `max`"),
            );
            return None;
        }
        wait = next(wait, formula.multiplier, max);
        n += 1;
    }
}

/// Returns the next wait, rounded half up. A wait is below 2^94 and the multiplier below 2^32.
fn next(wait: u128, multiplier: u32, max: u128) -> u128 {
    ((wait * u128::from(multiplier) + 500) / 1_000).min(max)
}

fn from_nanos(nanos: u128) -> Option<Duration> {
    let secs = u64::try_from(nanos / NANOS_PER_SEC).ok()?;
    let nanos = u32::try_from(nanos % NANOS_PER_SEC).ok()?;
    Some(Duration::new(secs, nanos))
}

pub(crate) fn check_documented_waits(
    formula: &Formula,
    computed: &Computed,
    max_retries: MaxRetries,
    report: &mut Report,
) {
    let Some(documented) = &formula.documented else {
        return;
    };
    if let Some(diagnostic) = disagreement(formula, computed, documented) {
        report.push(diagnostic);
    }
    if let Some(retries) = max_retries.retries
        && documented.waits.len() != retries as usize
    {
        report.push(
            Diagnostic::new(
                Code::DocumentedWaits,
                documented.span,
                format!("{} waits", documented.waits.len()),
            )
            .message(mismatch(
                &format!("{retries} documented waits"),
                &documented.waits.len().to_string(),
            ))
            .label(max_retries.span, format!("{retries} retries"))
            .help("write one wait for each retry, or remove `documented_waits`"),
        );
    }
}

/// Returns one diagnostic for all waits that differ from the formula. They have one cause.
fn disagreement(
    formula: &Formula,
    computed: &Computed,
    documented: &Documented,
) -> Option<Diagnostic> {
    let waits = (1..).zip(&documented.waits);
    let mut wrong = waits.filter_map(|(n, (wait, span))| {
        let expected = computed.wait(n)?;
        (*wait != expected).then_some((n, *wait, *span, expected))
    });
    let (n, wait, span, expected) = wrong.next()?;
    let diagnostic = Diagnostic::new(
        Code::DocumentedWaits,
        span,
        format!("the formula gives {} for wait {n}", one_unit(expected)),
    )
    .message(format!(
        "wait {n} is documented as {} and computed as {}",
        one_unit(wait),
        one_unit(expected)
    ));
    let diagnostic = wrong.fold(diagnostic, |diagnostic, (n, _, span, expected)| {
        let label = format!("and {} for wait {n}", one_unit(expected));
        diagnostic.label(span, label)
    });
    Some(
        diagnostic.help(match fitting_multiplier(formula, documented) {
            Some(multiplier) => format!(
                "`multiplier: {}` gives all documented waits: compare it with the source",
                decimal(multiplier)
            ),
            None => {
                "compare `documented_waits`, `initial` and `multiplier` with the source".to_owned()
            }
        }),
    )
}

/// Returns the multiplier, in thousandths, that gives every documented wait.
fn fitting_multiplier(formula: &Formula, documented: &Documented) -> Option<u32> {
    let [(first, _), (second, _), ..] = documented.waits[..] else {
        return None;
    };
    let thousandths = (second.as_nanos() * 1_000).checked_div(first.as_nanos())?;
    let multiplier = u32::try_from(thousandths).ok().filter(|m| *m >= 1_000)?;
    let max = formula.max.map_or(u128::MAX, |max| max.as_nanos());
    let mut wait = formula.initial.as_nanos();
    documented
        .waits
        .iter()
        .all(|(documented, _)| {
            let fits = documented.as_nanos() == wait;
            wait = next(wait, multiplier, max);
            fits
        })
        .then_some(multiplier)
}

/// Checks that a schedule has a wait for every retry.
pub(crate) fn check_length(
    computed: &Computed,
    span: Span,
    max_retries: MaxRetries,
    report: &mut Report,
) {
    if computed.repeat_last {
        return;
    }
    let len = computed.waits.len();
    match max_retries.retries {
        Some(retries) if len < retries as usize => report.push(
            Diagnostic::new(Code::ShortSchedule, span, format!("{len} waits"))
                .message(mismatch(&format!("{retries} waits"), &len.to_string()))
                .label(max_retries.span, format!("{retries} retries"))
                .help(format!(
                    "lower `max_retries` to {len}, add waits, or add `repeat: last`"
                )),
        ),
        None => report.push(
            Diagnostic::new(
                Code::EndlessSchedule,
                span,
                format!("{len} waits, then none"),
            )
            .message("the schedule ends but the retries do not")
            .label(max_retries.span, "no limit")
            .help("add `repeat: last` to the schedule"),
        ),
        Some(_) => {}
    }
}

impl Computed {
    /// Ends the schedule after this many retries.
    pub(crate) fn end_after(&mut self, retries: usize) {
        if let (Some(last), true) = (self.waits.last().copied(), self.repeat_last) {
            self.waits.resize(retries.max(self.waits.len()), last);
        }
        self.waits.truncate(retries);
        self.repeat_last = false;
    }

    /// Returns the wait before retry `n`, counted from 1.
    fn wait(&self, n: usize) -> Option<Duration> {
        let last = self.waits.last().filter(|_| self.repeat_last);
        self.waits.get(n - 1).or(last).copied()
    }
}
