//! A table as a person reads it on a terminal.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::duration::human;
use crate::model::{Behavior, Jitter, Model, Schedule};

/// Returns the rows, the bounds and the waits.
#[must_use]
pub fn show(model: &Model) -> String {
    let mut rows: Vec<[String; 3]> = vec![["code".into(), "name".into(), "retry".into()]];
    for row in &model.rows {
        rows.push([row.code.to_string(), row.name.clone(), behavior(&row.retry)]);
    }
    for row in &model.classes {
        rows.push([
            row.class.to_string(),
            row.name.clone(),
            behavior(&row.retry),
        ]);
    }
    rows.push(["any other".into(), String::new(), behavior(&model.unlisted)]);
    rows.push([
        "no response".into(),
        String::new(),
        behavior(&model.transport),
    ]);

    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    let mut text = String::new();
    for [code, name, retry] in &rows {
        let _ = writeln!(text, "{code:first$}  {name:second$}  {retry}");
    }
    text.push('\n');
    let retries = model
        .max_retries
        .map_or_else(|| "unlimited".to_owned(), |retries| retries.to_string());
    let _ = writeln!(text, "retries at most: {retries}");
    if let Some(elapsed) = model.max_elapsed {
        let _ = writeln!(text, "none later than: {}", human(elapsed));
    }
    for schedule in &model.schedules {
        let _ = writeln!(text, "{}: {}", schedule.name, waits(schedule));
    }
    text
}

fn behavior(behavior: &Behavior) -> String {
    match behavior {
        Behavior::Never => "never".to_owned(),
        Behavior::RetryAfter => "Retry-After".to_owned(),
        Behavior::Backoff(name) => name.clone(),
        Behavior::RetryAfterOrBackoff(name) => format!("Retry-After, else {name}"),
    }
}

fn waits(schedule: &Schedule) -> String {
    const SHOWN: usize = 8;

    let mut waits: Vec<String> = schedule
        .waits
        .iter()
        .take(SHOWN)
        .map(|wait| human(*wait))
        .collect();
    if let (Some(last), true) = (schedule.waits.last(), schedule.waits.len() > SHOWN) {
        waits.push(format!("... {}", human(*last)));
    }
    let mut text = waits.join(", ");
    if schedule.repeat_last {
        text.push_str(" and on");
    }
    if schedule.jitter != Jitter::None {
        let _ = write!(text, " (jitter: {})", schedule.jitter);
    }
    text
}
