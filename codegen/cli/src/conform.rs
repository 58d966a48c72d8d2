//! `retrospec conform`: does a client do what its table says?

mod client;
mod jobs;
mod process;
mod report;
mod scenario;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use retrospec_codegen::internal::terminal::{Failure, print, printable, say};
use retrospec_codegen::internal::{human, parse_duration};
use retrospec_conformance::{End, Judgment, Verdict, judge};

use crate::engine::Decider;
use crate::input;
use client::Client;
use jobs::judge_all;
use scenario::Scenario;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// Try these only: codes, classes as `5XX`, `transport`.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    only: Vec<String>,
    /// How long each scenario may take; what comes later is not seen.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = patience)]
    patience: Duration,
    /// How many commands run at once.
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1000))]
    jobs: u16,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
    /// The client: it sends a request to the address in `RETROSPEC_URL`, or in place of `{url}`, and ends.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For CI.
    Junit,
}

fn patience(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        Ok(Duration::ZERO) => {
            Err("expected more than nothing: write `30s`, for example".to_owned())
        }
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("{error}: write `30s`, for example")),
    }
}

/// A scenario, and what came of it.
struct Judged {
    name: String,
    judgment: Judgment,
    requests: usize,
    took: Duration,
}

impl Judged {
    fn new(scenario: &Scenario, judgment: Judgment, requests: usize, took: Duration) -> Self {
        Self {
            name: scenario.name.clone(),
            judgment: Judgment {
                detail: printable(&judgment.detail),
                ..judgment
            },
            requests,
            took,
        }
    }

    /// Says why the command did not run.
    fn not_run(scenario: &Scenario, decider: &Decider<'_>, why: &str) -> Self {
        let end = End::Watched(Instant::now());
        let mut judgment = judge(&[], &scenario.replies, end, |question| {
            decider.decide(question)
        });
        judgment.detail = format!("not run: {why}");
        Self::new(scenario, judgment, 0, Duration::ZERO)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let decider = Decider::new(&model);
    let scenarios = scenario::all(&model, &arguments.only)?;
    let client = Client {
        command: &arguments.command,
        patience: arguments.patience,
    };
    let (judged, is_interrupted) = judge_all(&scenarios, &client, &decider, arguments.jobs)?;
    print(&match arguments.format {
        Format::Text => report::text(&model.api, arguments.patience, &judged),
        Format::Json => format!("{:#}\n", report::json(&judged)),
        Format::Junit => report::junit(&model.api, &judged)?,
    })?;
    if is_interrupted {
        say("error: interrupted before all scenarios were done\n");
    } else if judged.iter().all(|each| each.requests == 0) {
        say(
            "error: no request came: send it to the address in RETROSPEC_URL, or write `{url}` in the command\n",
        );
        return Err(Failure::Refused);
    }
    let unseen = judged
        .iter()
        .filter(|each| each.judgment.verdict == Verdict::Unseen);
    let unseen = unseen.map(|each| total(&each.judgment.due));
    let unseen: Vec<_> = unseen.filter(|total| *total > arguments.patience).collect();
    if let Some(longest) = unseen.iter().max() {
        let (count, longest) = (unseen.len(), human(*longest));
        say(&format!(
            "note: {count} scenarios take longer than --patience: the longest takes {longest}\n"
        ));
    }
    match judged.iter().map(|each| each.judgment.verdict).max() {
        Some(Verdict::Wrong) => Err(Failure::Refused),
        _ if is_interrupted => Err(Failure::Reported),
        _ => Ok(()),
    }
}

fn total(waits: &[Duration]) -> Duration {
    let add = |total: Duration, wait: &Duration| total.saturating_add(*wait);
    waits.iter().fold(Duration::ZERO, add)
}
