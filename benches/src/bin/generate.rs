//! The generator's core, from text to files in memory: `generate ROWS` once, for counting
//! instructions, or `generate ROWS time`, the median of many runs. `generate ROWS spec` shows the text.

use std::env;
use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use retrospec_codegen::{Source, generate};

const RUNS: usize = 101;

fn spec(rows: u16) -> String {
    let mut spec = String::from(
        "api: Many\ncrate: many-status\n\
         source: {title: Many, url: https://many.example, read: 2026-11-22}\nmax_retries: 3\n\
         backoff:\n  steps:\n    waits: [1s, 5s, 30s]\n  line:\n    initial: 250ms\n    multiplier: 1\n\
         statuses:\n",
    );
    let behaviors = [
        "steps",
        "never",
        "retry-after",
        "[retry-after, line]",
        "line",
    ];
    for (code, retry) in (100..100 + rows).zip(behaviors.iter().cycle()) {
        let _ = writeln!(
            spec,
            "  - code: {code}\n    name: Code {code}\n    description: What {code} means.\n    retry: {retry}"
        );
    }
    spec + "unlisted: steps\ntransport: line\n"
}

fn run(source: &Source) -> Duration {
    let start = Instant::now();
    let generated = generate(black_box(source));
    let elapsed = start.elapsed();
    assert!(generated.files.is_some());
    elapsed
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let rows = arguments.first().and_then(|rows| rows.parse().ok());
    let Some(rows @ 1..=500) = rows else {
        return usage();
    };
    let source = Source::new("spec.yaml", spec(rows));
    match arguments.get(1).map(String::as_str) {
        None => {
            run(&source);
        }
        Some("time") => {
            let mut runs: Vec<Duration> = (0..RUNS).map(|_| run(&source)).collect();
            runs.sort();
            println!(
                "{rows} rows: {:?}, the median of {RUNS} runs",
                runs[RUNS / 2]
            );
        }
        Some("spec") => print!("{}", spec(rows)),
        Some(_) => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: generate ROWS [time|spec], 1 to 500 rows");
    ExitCode::from(2)
}
