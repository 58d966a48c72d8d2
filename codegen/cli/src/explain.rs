//! A row, and what a client goes through by it: the engine itself is asked, attempt by attempt.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{Backoff, Jitter, Next, Outcome, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_codegen::model::{self, Behavior, Model};
use retrospec_codegen::{human, show};
use serde_json::{Value, json};

use crate::output::print;
use crate::{Failure, Format, input};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML.
    spec: PathBuf,
    /// A status code, a class as `4XX`, or `transport` for no response at all; without one, the whole
    /// table.
    code: Option<String>,
    /// What the response's `Retry-After` says, every time.
    #[arg(long, value_name = "VALUE", requires = "code")]
    retry_after: Option<String>,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

/// What stands for no response, in place of a code.
const TRANSPORT: &str = "transport";
/// Retries that are shown before the rest is summed up.
const SHOWN: usize = 12;
/// Retries that are gone through where nothing bounds them sooner.
const GONE_THROUGH: usize = 100_000;

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let Some(code) = &arguments.code else {
        return print(&match arguments.format {
            Format::Text => show(&model),
            Format::Json => format!("{:#}\n", table(&model)),
        });
    };
    let row = find(&model, code)?;
    if code == TRANSPORT && arguments.retry_after.is_some() {
        let message = "without a response there is no Retry-After: leave --retry-after out";
        return Err(Failure::Other(message.to_owned()));
    }
    let timeline = timeline(&model, &row, arguments.retry_after.as_deref());
    print(&match arguments.format {
        Format::Text => text(&row, &timeline),
        Format::Json => format!("{:#}\n", to_json(&row, &timeline)),
    })
}

/// What holds for one code.
struct Row {
    /// As it was asked for.
    asked: String,
    /// The name in the row; empty where there is none.
    name: String,
    /// What else of the table decides, where the code has no row.
    origin: Option<String>,
    description: String,
    behavior: Behavior,
}

fn find(model: &Model, asked: &str) -> Result<Row, Failure> {
    if asked == TRANSPORT {
        return Ok(Row {
            asked: asked.to_owned(),
            name: String::new(),
            origin: None,
            description: String::new(),
            behavior: model.transport.clone(),
        });
    }
    let class_of = |class: u16| model.classes.iter().find(|row| row.class == class);
    if let [class @ b'1'..=b'5', b'X', b'X'] = asked.as_bytes() {
        let class = u16::from(class - b'0');
        let row = class_of(class)
            .ok_or_else(|| Failure::Other(format!("the table has no row {asked}")))?;
        return Ok(Row {
            asked: asked.to_owned(),
            name: row.name.clone(),
            origin: None,
            description: row.description.clone(),
            behavior: row.retry.clone(),
        });
    }
    let is_digits = asked.len() == 3 && asked.bytes().all(|byte| byte.is_ascii_digit());
    let number = asked.parse().ok().filter(|_| is_digits);
    let Some(code @ 100..=599) = number else {
        let message = format!(
            "`{asked}` is not a status code: write 100 to 599, a class as `4XX`, or `transport`"
        );
        return Err(Failure::Other(message));
    };
    let exact = model.rows.iter().find(|row| row.code == code);
    let (name, origin, description, behavior) = match (exact, class_of(code / 100)) {
        (Some(row), _) => (row.name.clone(), None, row.description.clone(), &row.retry),
        (None, Some(row)) => {
            let origin = format!("the row {}XX {}", row.class, row.name);
            let origin = origin.trim_end().to_owned();
            (
                String::new(),
                Some(origin),
                row.description.clone(),
                &row.retry,
            )
        }
        (None, None) => {
            let origin = "`unlisted`".to_owned();
            (String::new(), Some(origin), String::new(), &model.unlisted)
        }
    };
    Ok(Row {
        asked: asked.to_owned(),
        name,
        origin,
        description,
        behavior: behavior.clone(),
    })
}

/// The waits of a request that gets the same answer every time.
struct Timeline {
    retries: Vec<Retry>,
    /// All waits together.
    total: Duration,
    /// How the schedule is spread; the waits are shown without.
    jitter: Option<String>,
    /// Why it ends; `None` where it goes on.
    end: Option<Reason>,
    /// Whether it ends some time.
    bounded: bool,
}

struct Retry {
    wait: Duration,
    /// Since the first attempt.
    at: Duration,
}

/// No table at all: the policy is told what holds, as if no response had come, and the engine reads the
/// header all the same.
struct Nothing;

impl StatusTable for Nothing {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(_: u16) -> RetryBehavior {
        RetryBehavior::DoNotRetry
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

fn timeline(model: &Model, row: &Row, retry_after: Option<&str>) -> Timeline {
    let behavior = engine_behavior(model, &row.behavior);
    let mut policy = Policy::<Nothing>::new().transport(behavior);
    if let Some(retries) = model.max_retries {
        policy = policy.max_retries(retries);
    }
    if let Some(elapsed) = model.max_elapsed {
        policy = policy.max_elapsed(elapsed);
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut timeline = Timeline {
        retries: Vec::new(),
        total: Duration::ZERO,
        jitter: spread(model, row),
        end: None,
        bounded: model.max_elapsed.is_some(),
    };
    let mut attempt = policy.first_attempt();
    while timeline.retries.len() < GONE_THROUGH {
        let outcome = Outcome::no_response()
            .retry_after(retry_after.map(str::as_bytes))
            .now(now.saturating_add(timeline.total).as_secs());
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                timeline.total = timeline.total.saturating_add(wait.duration());
                timeline.retries.push(Retry {
                    wait: wait.duration(),
                    at: timeline.total,
                });
                attempt = wait.into_attempt();
            }
            Next::Stop(stop) => {
                timeline.end = Some(stop.reason);
                break;
            }
        }
    }
    timeline
}

/// What jitter does to the waits, where there is any.
fn spread(model: &Model, row: &Row) -> Option<String> {
    let schedule = model.schedule(row.behavior.schedule()?)?;
    (schedule.jitter != model::Jitter::None).then(|| schedule.jitter.to_string())
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
        let what = format!("retry {n}, after {}", human(retry.wait));
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
    if let Some(jitter) = &timeline.jitter {
        let _ = writeln!(text, "(before jitter: {jitter})");
    }
    let _ = match timeline.end {
        None if timeline.bounded => writeln!(text, "and so on, for more than {count} retries"),
        None => writeln!(text, "and so on, without end"),
        Some(Reason::NotRetried) => writeln!(text, "is not sent again: this outcome is final"),
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
        .map(
            |retry| json!({ "wait_seconds": seconds(retry.wait), "at_seconds": seconds(retry.at) }),
        )
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
        "retries": retries,
        "retry_count": timeline.end.map(|_| timeline.retries.len()),
        "gives_up_after_seconds": timeline.end.map(|_| seconds(timeline.total)),
        "reason": timeline.end.map(|reason| reason.to_string()),
    })
}

/// The number nearest to what a person would write: `1.89`, where a division gives
/// `1.8900000000000001`.
fn seconds(duration: Duration) -> f64 {
    let decimal = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    decimal.parse().unwrap_or(f64::INFINITY)
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
            "code": format!("{}XX", row.class),
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
        "statuses": exact.chain(classes).collect::<Vec<_>>(),
        "unlisted": model.unlisted.to_string(),
        "transport": model.transport.to_string(),
        "max_retries": model.max_retries,
        "max_elapsed_seconds": model.max_elapsed.map(seconds),
        "backoff": schedules,
        "assumed": model.assumed,
    })
}

/// The schedule's waits live as long as the process: there is one.
fn engine_behavior(model: &Model, behavior: &Behavior) -> RetryBehavior {
    let schedule = || {
        let schedule = behavior.schedule().and_then(|name| model.schedule(name))?;
        let mut backoff = Backoff::new(Box::leak(schedule.waits.clone().into_boxed_slice()));
        if schedule.repeat_last {
            backoff = backoff.repeat_last();
        }
        let backoff = backoff.jitter(match schedule.jitter {
            model::Jitter::None => Jitter::None,
            model::Jitter::Full => Jitter::Full,
            model::Jitter::Equal => Jitter::Equal,
            model::Jitter::Percent(percent) => Jitter::Percent(percent),
        });
        Some(&*Box::leak(Box::new(backoff)))
    };
    match (behavior, schedule()) {
        (Behavior::Backoff(_), Some(schedule)) => RetryBehavior::Backoff(schedule),
        (Behavior::RetryAfterOrBackoff(_), Some(schedule)) => {
            RetryBehavior::RetryAfterOrBackoff(schedule)
        }
        (Behavior::RetryAfter, _) => RetryBehavior::RetryAfter,
        _ => RetryBehavior::DoNotRetry,
    }
}
