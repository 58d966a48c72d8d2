//! A table as a person reads it on a terminal.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::duration::human;
use crate::model::{Action, Assumed, Behavior, Model, WaitHeader};

/// Returns the rows, the bounds and the waits.
#[must_use]
pub fn show(model: &Model) -> String {
    let mut rows: Vec<[String; 3]> = vec![["code".into(), "name".into(), "retry".into()]];
    for row in &model.rows {
        let retry = row_behavior(model, &row.retry, &row.errors, &row.assumed);
        rows.push([row.code.to_string(), row.name.clone(), retry]);
    }
    for row in &model.classes {
        let retry = row_behavior(model, &row.retry, &row.errors, &row.assumed);
        rows.push([row.class.to_string(), row.name.clone(), retry]);
    }
    let mut other = |code: &str, retry: &Behavior, keys: &[&str]| {
        let retry = behavior(model, retry) + Assumed::mark(&model.assumed_values, keys);
        rows.push([code.to_owned(), String::new(), retry]);
    };
    other("any other", &model.unlisted, &["unlisted"]);
    if model.has_one_transport() {
        let keys = ["transport", "transport.connect"];
        other("no response", &model.transport, &keys);
    } else {
        let keys = ["transport", "transport.connect"];
        other("never sent", &model.connect, &keys);
        other(
            "no response",
            &model.transport,
            &["transport", "transport.other"],
        );
    }

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
    let assumed = |key| Assumed::mark(&model.assumed_values, &[key]);
    let _ = writeln!(text, "retries at most: {retries}{}", assumed("max_retries"));
    if let Some(elapsed) = model.max_elapsed {
        let _ = writeln!(
            text,
            "none later than: {}{}",
            human(elapsed),
            assumed("max_elapsed")
        );
    }
    if let Some(should_retry) = &model.should_retry {
        let _ = writeln!(
            text,
            "before the rows: {should_retry}{}",
            assumed("should_retry")
        );
    }
    if !model.has_only_retry_after() {
        let headers: Vec<String> = model
            .wait_headers
            .iter()
            .map(WaitHeader::to_string)
            .collect();
        let _ = writeln!(
            text,
            "server's wait: {}{}",
            headers.join(", else "),
            assumed("retry_after")
        );
    }
    if let Some(longest) = model.max_retry_after {
        let _ = writeln!(
            text,
            "server's wait at most: {}{}",
            human(longest),
            assumed("max_retry_after")
        );
    }
    if let Some(percent) = model.retry_after_jitter {
        let _ = writeln!(
            text,
            "server's wait spread by: +{percent}%{}",
            assumed("retry_after_jitter")
        );
    }
    for schedule in &model.schedules {
        let keys: Vec<&str> = schedule
            .assumed
            .iter()
            .map(|value| value.key.as_str())
            .collect();
        let assumed = match keys[..] {
            [] => String::new(),
            _ => format!(" (assumed: {})", keys.join(", ")),
        };
        let _ = writeln!(text, "{}: {}{assumed}", schedule.name, schedule.short());
    }
    text
}

fn row_behavior(
    model: &Model,
    retry: &Behavior,
    errors: &[(String, Behavior)],
    assumed: &[Assumed],
) -> String {
    let mut text = behavior(model, retry) + Assumed::mark(assumed, &["retry"]);
    for (error, retry) in errors {
        let key = format!("errors.{error}");
        let mark = Assumed::mark(assumed, &[&key]);
        let _ = write!(text, "; {error}: {}{mark}", behavior(model, retry));
    }
    text
}

fn behavior(model: &Model, behavior: &Behavior) -> String {
    let wait = if model.has_only_retry_after() {
        "Retry-After"
    } else {
        "server's wait"
    };
    let action = match &behavior.action {
        Action::Never | Action::Undecided => behavior.action.to_string(),
        Action::RetryAfter => wait.to_owned(),
        Action::Backoff(name) => name.clone(),
        Action::RetryAfterOrBackoff(name) => format!("{wait}, else {name}"),
    };
    if behavior.if_idempotent {
        format!("if idempotent, {action}")
    } else {
        action
    }
}
