//! The documented table as scenarios, and what each way to retry makes of them.

mod contender;
mod judge;
mod ours;
mod peers;
mod picture;
mod report;
mod scenario;
mod score;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use ours::OURS;
use peers::PEERS;
use retrospec_test_support::Facts;
use scenario::Scenario;
use score::Score;

const USAGE: &str = "usage: scoreboard [--svg FILE] [--readme FILE]
  --svg     writes the picture
  --readme  fails where FILE does not hold the rule and the table";

#[derive(Default)]
struct Arguments {
    svg: Option<PathBuf>,
    readme: Option<PathBuf>,
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut parsed = Self::default();
        while let Some(argument) = arguments.next() {
            let place = match argument.as_str() {
                "--svg" => &mut parsed.svg,
                "--readme" => &mut parsed.readme,
                _ => return None,
            };
            *place = Some(arguments.next()?.into());
        }
        Some(parsed)
    }
}

fn main() -> ExitCode {
    let Some(arguments) = Arguments::parse(env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&arguments) {
        Ok(failures) if failures.is_empty() => ExitCode::SUCCESS,
        Ok(failures) => {
            for failure in failures {
                eprintln!("error: {failure}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<Vec<String>, String> {
    let facts = Facts::memfault();
    let scenarios = Scenario::all(&facts);
    let rule = report::rule(&scenarios, &facts);
    println!("{rule}");
    println!("{}", report::configured("retrospec", &OURS[0]));
    println!("{}", report::shared());
    for peer in &PEERS {
        println!("{}", report::configured(peer.name, peer));
    }

    let score = |contender| Score::of(contender, &scenarios, &facts);
    let ours: Vec<_> = OURS.iter().map(score).collect();
    let peers: Vec<_> = PEERS.iter().map(score).collect();
    let best = report::best(&peers);
    let is_perfect = ours.iter().all(Score::is_perfect);
    let scores: Vec<_> = ours.into_iter().chain(peers).collect();
    let table = report::table(&scores);
    println!("{table}");
    print!("{}{best}", report::endings(&scores));

    let mut failures = Vec::new();
    if !is_perfect {
        failures.push("retrospec is not right in every scenario".to_owned());
    }
    for peer in report::too_long(&PEERS) {
        failures.push(format!(
            "{peer} is configured in more lines than the rule allows"
        ));
    }
    if let Some(path) = &arguments.svg {
        let contenders: Vec<_> = OURS.iter().chain(&PEERS).collect();
        let svg = picture::svg(&contenders, &scenarios, &facts);
        fs::write(path, svg).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if let Some(path) = &arguments.readme {
        let readme =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        if !readme.contains(&rule) || !readme.contains(&table) {
            failures.push(format!("{} holds another rule or table", path.display()));
        }
    }
    Ok(failures)
}
