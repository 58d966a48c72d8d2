//! `retrospec explain`: a table, or what a client goes through by one of its rows.

mod row;
mod timeline;

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use retrospec::Reason;
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::terminal::{Failure, print};
use retrospec_codegen::internal::{human, show};
use serde_json::{Value, json};

use crate::{Format, input};
use row::{Row, TRANSPORT, find};
use timeline::{Retry, Timeline, timeline};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// A status code, a class as `4XX`, or `transport` for no response at all; without one, the whole
    /// table.
    code: Option<String>,
    /// What the response's `Retry-After` says, every time.
    // A value that begins with a hyphen is one that servers send, too.
    #[arg(
        long,
        value_name = "VALUE",
        requires = "code",
        allow_hyphen_values = true
    )]
    retry_after: Option<OsString>,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Retries that are shown before the rest is summed up.
const SHOWN: usize = 12;

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let Some(code) = &arguments.code else {
        return print(&match arguments.format {
            Format::Text => show(&model),
            Format::Json => format!("{:#}\n", table(&model)),
        });
    };
    let row = find(&model, code)?;
    let retry_after = arguments.retry_after.as_deref();
    if code == TRANSPORT && retry_after.is_some() {
        let message = "without a response there is no Retry-After: leave --retry-after out";
        return Err(message.into());
    }
    let timeline = timeline(&model, &row, retry_after.map(OsStr::as_encoded_bytes));
    print(&match arguments.format {
        Format::Text => text(&row, &timeline),
        Format::Json => format!("{:#}\n", to_json(&row, &timeline)),
    })
}

fn text(row: &Row, timeline: &Timeline) -> String {
    let title = format!("{} {}", row.asked, row.name);
    let mut text = format!("{}: {}\n", title.trim_end(), row.behavior);
    if let Some(origin) = &row.origin {
        let _ = writeln!(text, "(by {origin})");
    }
    if !row.description.is_empty() {
        let _ = writeln!(text, "{}", row.description);
    }
    text.push('\n');
    let retry = |n: usize, retry: &Retry| {
        let mut what = format!("retry {n}, after {}", human(retry.wait));
        if let Some((shortest, longest)) = retry.range {
            let _ = write!(what, " ({} to {})", human(shortest), human(longest));
        }
        (format!("+{}", human(retry.at)), what)
    };
    let mut lines = vec![("0 s".to_owned(), "first attempt".to_owned())];
    let shown = timeline.retries.iter().take(SHOWN);
    lines.extend((1..).zip(shown).map(|(n, each)| retry(n, each)));
    let count = timeline.retries.len();
    if count > SHOWN {
        lines.push(("...".to_owned(), String::new()));
    }
    if let (Some(last), true) = (
        timeline.retries.last(),
        count > SHOWN && timeline.end.is_some(),
    ) {
        lines.push(retry(count, last));
    }
    let width = lines.iter().map(|(at, _)| at.len()).max().unwrap_or(0);
    for (at, what) in lines {
        let _ = writeln!(text, "{}", format!("{at:>width$}  {what}").trim_end());
    }
    let is_spread = timeline.retries.iter().any(|retry| retry.range.is_some());
    if let (Some(jitter), true) = (&timeline.jitter, is_spread) {
        let _ = writeln!(
            text,
            "(times are before jitter, {jitter}; in parentheses, its range)"
        );
    }
    if let Some(ignored) = &timeline.ignored_header {
        let _ = writeln!(text, "({ignored})");
    }
    let _ = match timeline.end {
        None if timeline.bounded => writeln!(text, "and so on, for more than {count} retries"),
        None => writeln!(text, "and so on, without end"),
        Some(Reason::NotRetried) => writeln!(text, "is not retried"),
        Some(reason) if count == 0 => writeln!(text, "gives up at once: {reason}"),
        Some(reason) => writeln!(text, "gives up after {}: {reason}", human(timeline.total)),
    };
    text
}

fn to_json(row: &Row, timeline: &Timeline) -> Value {
    let retries: Vec<Value> = timeline
        .retries
        .iter()
        .take(SHOWN)
        .map(|retry| {
            let (shortest, longest) = retry.range.unwrap_or((retry.wait, retry.wait));
            json!({
                "wait_seconds": seconds(retry.wait),
                "shortest_seconds": seconds(shortest),
                "longest_seconds": seconds(longest),
                "at_seconds": seconds(retry.at),
            })
        })
        .collect();
    let code = match row.asked.parse::<u16>() {
        Ok(code) => json!(code),
        Err(_) => json!(row.asked),
    };
    json!({
        "code": code,
        "name": row.name,
        "by": row.origin,
        "description": row.description,
        "retry": row.behavior.to_string(),
        "jitter": timeline.jitter,
        "ignored_header": timeline.ignored_header,
        "retries": retries,
        "retry_count": timeline.end.map(|_| timeline.retries.len()),
        "gives_up_after_seconds": timeline.end.map(|_| seconds(timeline.total)),
        "reason": timeline.end.map(|reason| reason.to_string()),
    })
}

/// Returns the number nearest to what a person would write: `1.89`, not the `1.8900000000000001` of a division.
fn seconds(duration: Duration) -> f64 {
    let decimal = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    decimal.parse().expect("digits and a point are a number")
}

fn table(model: &Model) -> Value {
    let exact = model.rows.iter().map(|row| {
        json!({
            "code": row.code,
            "name": row.name,
            "description": row.description,
            "retry": row.retry.to_string(),
        })
    });
    let classes = model.classes.iter().map(|row| {
        json!({
            "code": row.class.to_string(),
            "name": row.name,
            "description": row.description,
            "retry": row.retry.to_string(),
        })
    });
    let schedules: serde_json::Map<String, Value> = model
        .schedules
        .iter()
        .map(|schedule| {
            let waits: Vec<f64> = schedule.waits.iter().map(|wait| seconds(*wait)).collect();
            let value = json!({
                "waits_seconds": waits,
                "repeat_last": schedule.repeat_last,
                "jitter": schedule.jitter.to_string(),
            });
            (schedule.name.clone(), value)
        })
        .collect();
    json!({
        "api": model.api,
        "version": model.version.to_string(),
        "license": model.license,
        "statuses": exact.chain(classes).collect::<Vec<_>>(),
        "unlisted": model.unlisted.to_string(),
        "transport": model.transport.to_string(),
        "max_retries": model.max_retries,
        "max_elapsed_seconds": model.max_elapsed.map(seconds),
        "backoff": schedules,
        "assumed": model.assumed,
    })
}
