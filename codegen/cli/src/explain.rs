//! `retrospec explain`: a table, or what a client goes through by one of its rows.

mod markdown;
mod picture;
mod timeline;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use retrospec_codegen::internal::model::{Behavior, Model};
use retrospec_codegen::internal::terminal::{Failure, print, say};
use retrospec_codegen::internal::{human, markdown as pages, show};
use serde_json::{Value, json};

use crate::input;
use crate::response::Response;
use crate::row::{CONNECT, Row, TRANSPORT, find};
use timeline::{Retry, SHOWN, Timeline, timeline};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// A status code, a class as `4XX`, `transport` for no response, or `connect` for a request that was never
    /// sent; without one, the whole table.
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
    /// Another header of the response; can be given several times.
    #[arg(long = "header", value_name = "NAME: VALUE", requires = "code")]
    headers: Vec<OsString>,
    /// The error code in the body of the response.
    #[arg(
        long,
        value_name = "CODE",
        requires = "code",
        allow_hyphen_values = true
    )]
    error: Option<String>,
    /// The request is not idempotent.
    #[arg(long, requires = "code")]
    not_idempotent: bool,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For an API's own pages.
    Markdown,
    /// A picture of the waits after a status code.
    Svg,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let Some(code) = &arguments.code else {
        return print(&match arguments.format {
            Format::Text => show(&model) + &not_said(&model),
            Format::Json => format!("{:#}\n", table(&model)),
            Format::Markdown => pages::page(&model),
            Format::Svg => {
                let message = "`--format svg` draws what a client goes through: write a status code after the spec";
                return Err(message.into());
            }
        });
    };
    let response = Response::new(
        arguments.retry_after.as_ref(),
        &arguments.headers,
        arguments.error.clone(),
        !arguments.not_idempotent,
    )?;
    let has_content = response.has_headers() || response.error.is_some();
    if [TRANSPORT, CONNECT].contains(&code.as_str()) && has_content {
        let message = "without a response there is no header and no error: leave --retry-after, --header and --error out";
        return Err(message.into());
    }
    let row = find(&model, code, &response)?;
    if let Some(error) = &response.error
        && !model.knows_error(error)
    {
        say(&format!("note: no row has the error `{error}`\n"));
    }
    for name in response.unread(&model) {
        say(&format!(
            "note: this table does not read the header `{name}`\n"
        ));
    }
    let timeline = timeline(&model, &row, &response);
    print(&match arguments.format {
        Format::Text => text(&row, &timeline),
        Format::Json => format!("{:#}\n", to_json(&row, &timeline)),
        Format::Markdown => markdown::section(&model, &row, &timeline),
        Format::Svg => picture::of(&model, &row, &timeline),
    })
}

/// Returns what the source does not say, or nothing.
fn not_said(model: &Model) -> String {
    let sentences = model.assumed.iter().cloned();
    let values = model.all_assumed().into_iter();
    let values = values.map(|assumed| format!("{}: {}", assumed.key, assumed.value));
    let lines: Vec<String> = sentences
        .chain(values)
        .map(|line| format!("- {line}\n"))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("\nWhat the source does not say:\n{}", lines.concat())
}

fn text(row: &Row, timeline: &Timeline) -> String {
    let title = format!("{} {}", row.asked, row.name);
    let assumed = if row.is_assumed { " (assumed)" } else { "" };
    let mut text = format!("{}: {}{assumed}\n", title.trim_end(), row.behavior);
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
    if timeline.retries.len() > SHOWN {
        lines.push(("...".to_owned(), String::new()));
    }
    lines.extend(timeline.last_hidden().map(|(n, last)| retry(n, last)));
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
    let _ = writeln!(text, "{}", timeline.ending());
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
        "assumed": row.is_assumed,
        "jitter": timeline.jitter,
        "ignored_header": timeline.ignored_header,
        "retries": retries,
        "retry_count": timeline.end.map(|_| timeline.retries.len()),
        "gives_up_after_seconds": timeline.end.map(|_| seconds(timeline.total)),
        "reason": timeline.end.map(|_| timeline.reason()),
    })
}

/// Returns the number nearest to what a person would write: `1.89`, not the `1.8900000000000001` of a division.
fn seconds(duration: Duration) -> f64 {
    let decimal = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    decimal.parse().expect("digits and a point are a number")
}

fn table(model: &Model) -> Value {
    let errors = |errors: &[(String, Behavior)]| {
        let errors = errors
            .iter()
            .map(|(code, retry)| (code.clone(), retry.to_string().into()));
        Value::Object(errors.collect())
    };
    let exact = model.rows.iter().map(|row| {
        json!({
            "code": row.code,
            "name": row.name,
            "description": row.description,
            "retry": row.retry.to_string(),
            "errors": errors(&row.errors),
        })
    });
    let classes = model.classes.iter().map(|row| {
        json!({
            "code": row.class.to_string(),
            "name": row.name,
            "description": row.description,
            "retry": row.retry.to_string(),
            "errors": errors(&row.errors),
        })
    });
    let transport = if model.connect == model.transport {
        json!(model.transport.to_string())
    } else {
        json!({"connect": model.connect.to_string(), "other": model.transport.to_string()})
    };
    let wait_headers = model.wait_headers.iter().map(|header| {
        let only_if = header
            .only_if
            .iter()
            .cloned()
            .map(|(name, value)| (name, value.into()));
        json!({
            "header": header.name,
            "as": header.form.word(),
            "only_if": Value::Object(only_if.collect()),
        })
    });
    let should_retry = model.should_retry.as_ref().map(|should_retry| {
        let cases = should_retry.cases.iter();
        let cases = cases.map(|(value, retry)| (value.clone(), retry.to_string().into()));
        let header = ("header".to_owned(), should_retry.header.clone().into());
        Value::Object(cases.chain([header]).collect())
    });
    let assumed_values: serde_json::Map<String, Value> = model
        .all_assumed()
        .into_iter()
        .map(|assumed| (assumed.key, assumed.value.into()))
        .collect();
    json!({
        "api": model.api,
        "version": model.version.to_string(),
        "license": model.license,
        "statuses": exact.chain(classes).collect::<Vec<_>>(),
        "unlisted": model.unlisted.to_string(),
        "transport": transport,
        "max_retries": model.max_retries,
        "max_elapsed_seconds": model.max_elapsed.map(seconds),
        "retry_after": wait_headers.collect::<Vec<_>>(),
        "max_retry_after_seconds": model.max_retry_after.map(seconds),
        "retry_after_jitter_percent": model.retry_after_jitter,
        "should_retry": should_retry,
        "backoff": schedules(model),
        "assumed": model.assumed,
        "assumed_values": assumed_values,
    })
}

fn schedules(model: &Model) -> Value {
    let schedules = model.schedules.iter().map(|schedule| {
        let waits: Vec<f64> = schedule.waits.iter().map(|wait| seconds(*wait)).collect();
        let value = json!({
            "waits_seconds": waits,
            "repeat_last": schedule.repeat_last,
            "jitter": schedule.jitter.to_string(),
        });
        (schedule.name.clone(), value)
    });
    Value::Object(schedules.collect())
}
