//! `retrospec simulate`: what a table does to a fleet, and to the server that comes back.

mod options;
mod report;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use retrospec::{Outcome, Reason};
use retrospec_codegen::internal::model::{Action, Jitter, Model};
use retrospec_codegen::internal::terminal::{Failure, print, say};
use retrospec_fleet::{Arrival, Budget, Report, Scenario};

use crate::response::Response;
use crate::row::{CONNECT, Row, TRANSPORT, find};
use crate::{Format, engine, input};
use options::Variant;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// How many clients send a request each.
    #[arg(long, value_name = "N")]
    clients: u64,
    /// How long the server is down, as `30m`.
    #[arg(long, value_name = "DURATION", value_parser = options::duration)]
    outage: Duration,
    /// How many requests the server takes once it is back, as `200/s`.
    #[arg(long, value_name = "N/s", value_parser = options::capacity)]
    capacity: u64,
    /// When the clients send their first attempts: `at-once`, or `over:DURATION`.
    #[arg(long, value_name = "WHEN", default_value = "at-once", value_parser = options::arrival)]
    arrive: Arrival,
    /// What a client is answered while the server is down or full: a code, `transport` or `connect`.
    #[arg(long, value_name = "CODE", default_value = "503")]
    answer: String,
    /// What the answer's `Retry-After` says.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    retry_after: Option<OsString>,
    /// Jitters to compare with the table's own, as `none,20%,full`.
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        allow_hyphen_values = true,
        value_parser = options::variant
    )]
    jitter: Vec<Variant>,
    /// A budget of retries that all clients share, as `20%` of the first attempts, and 10 retries per second.
    #[arg(long, value_name = "PERCENT", value_parser = options::budget)]
    budget: Option<Budget>,
    /// Chooses the random numbers.
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Draw the arrivals over time into this file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

/// A table with one jitter, and what it does.
struct Simulated {
    /// As the list has it, or `None` for the table's own.
    jitter: Option<String>,
    report: Report,
}

/// What is simulated, for the output.
struct Asked<'a> {
    model: &'a Model,
    row: &'a Row,
    scenario: Scenario,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let response = Response::new(arguments.retry_after.as_ref(), &[], None, true)?;
    if [TRANSPORT, CONNECT].contains(&arguments.answer.as_str()) && response.has_headers() {
        return Err("without a response there is no header: leave --retry-after out".into());
    }
    let row = find(&model, &arguments.answer, &response)?;
    let asked = asked_wait(&model, &response)?;
    if row.behavior.action == Action::RetryAfter && !response.has_wait(&model) {
        say(
            "note: this row waits as long as the answer's header says, and there is none: add --retry-after\n",
        );
    }
    let scenario = Scenario {
        clients: arguments.clients,
        arrival: arguments.arrive,
        outage: arguments.outage,
        capacity: arguments.capacity,
        budget: arguments.budget,
        seed: arguments.seed,
    };
    let variants = arguments.jitter.iter().map(|variant| {
        let spread = spread(&model, variant.jitter);
        (Some(variant.text.clone()), spread)
    });
    let variants: Vec<_> = [(None, model.clone())]
        .into_iter()
        .chain(variants)
        .collect();
    let simulated = with_progress(&variants, |(jitter, model)| {
        let report = simulate(model, &row, asked, &scenario)?;
        Ok(Simulated {
            jitter: jitter.clone(),
            report,
        })
    })?;
    let what = Asked {
        model: &model,
        row: &row,
        scenario,
    };
    if let Some(path) = &arguments.svg {
        if *path == arguments.spec || input::is_stdin(path) {
            let path = path.display();
            return Err(format!("--svg {path} is not a file of its own: name another").into());
        }
        fs::write(path, report::picture(&what, &simulated))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    print(&match arguments.format {
        Format::Text => report::text(&what, &simulated),
        Format::Json => format!("{:#}\n", report::json(&what, &simulated)),
    })
}

/// Returns the table with another jitter. It spreads a server's wait as well, upward only.
fn spread(model: &Model, jitter: Jitter) -> Model {
    let mut model = model.clone();
    for schedule in &mut model.schedules {
        schedule.jitter = jitter;
    }
    model.retry_after_jitter = match jitter {
        Jitter::None => None,
        Jitter::Added(_) => model.retry_after_jitter,
        Jitter::Full => Some(100),
        Jitter::Equal => Some(50),
        Jitter::Percent(percent) | Jitter::Down(percent) | Jitter::Up(percent) => Some(percent),
    };
    model
}

/// Returns how long the server asks to wait, each time. A date would be another wait for each attempt.
fn asked_wait(model: &Model, response: &Response) -> Result<Result<Duration, Reason>, Failure> {
    let asked = response.wait(model, Duration::ZERO);
    if asked != response.wait(model, Duration::from_secs(1)) {
        return Err(
            "a date is another wait each time: write seconds, as `--retry-after 300`".into(),
        );
    }
    Ok(asked)
}

fn simulate(
    model: &Model,
    row: &Row,
    asked: Result<Duration, Reason>,
    scenario: &Scenario,
) -> Result<Report, retrospec_fleet::Error> {
    let mut policy = engine::policy(model, &row.behavior.action);
    if let Some(elapsed) = model.max_elapsed {
        policy = policy.max_elapsed(elapsed);
    }
    let retry_after = engine::retry_after(asked);
    let answer = Outcome::no_response().retry_after(retry_after.as_deref().map(str::as_bytes));
    retrospec_fleet::simulate(policy, answer, scenario)
}

/// Maps the variants, each on a thread, with a bar on the terminal if that takes longer than a second.
fn with_progress<V: Sync, S: Send>(
    variants: &[V],
    each: impl Fn(&V) -> Result<S, retrospec_fleet::Error> + Send + Sync,
) -> Result<Vec<S>, Failure> {
    let each = &each;
    thread::scope(|scope| {
        let spawn = |variant| scope.spawn(move || each(variant));
        let working: Vec<_> = variants.iter().map(spawn).collect();
        let start = Instant::now();
        let mut bar = None;
        loop {
            let done = working.iter().filter(|thread| thread.is_finished()).count();
            if done == working.len() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
            if start.elapsed() > Duration::from_secs(1) {
                let bar = bar.get_or_insert_with(|| ProgressBar::new(working.len() as u64));
                bar.set_position(done as u64);
            }
        }
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        let simulated = working.into_iter().map(|thread| match thread.join() {
            Ok(simulated) => simulated.map_err(|error| Failure::from(error.to_string())),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        simulated.collect()
    })
}
