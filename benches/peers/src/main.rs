//! Runs HTTP clients against Memfault's table, and writes the page of verdicts.

mod conform;
mod finding;
mod group;
mod install;
mod name;
mod page;
mod peer;
mod process;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use conform::Verdict;
use install::Installed;
use page::Tried;
use peer::{PEERS, Peer};

const PAGE: &str = "docs/conformance.md";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("error: an adapter of this project is not right in every scenario");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether this project's adapters do what the table says.
fn run() -> Result<bool, String> {
    let program = env::current_exe().map_err(|error| format!("cannot find itself: {error}"))?;
    let programs = program.parent().ok_or("cannot find its folder")?;
    let installed = Installed::new(programs);
    let mut tried = Vec::new();
    for peer in &PEERS {
        let each = Tried {
            peer,
            result: try_out(peer, &installed, programs),
        };
        eprintln!("{}", page::summary(&each));
        page::check(&each)?;
        tried.push(each);
    }
    if tried.iter().all(|tried| tried.result.is_err()) {
        return Err(format!("no client was run, so {PAGE} stays as it is"));
    }
    let date = jiff::Timestamp::now().strftime("%F").to_string();
    fs::write(PAGE, page::write(&date, &tried)?).map_err(|error| format!("{PAGE}: {error}"))?;
    eprintln!("wrote {PAGE}");
    let is_right = |tried: &Tried| {
        let Ok((_, scenarios)) = &tried.result else {
            return false;
        };
        scenarios
            .iter()
            .all(|scenario| scenario.verdict != Verdict::Wrong)
    };
    let mut ours = tried.iter().filter(|tried| tried.peer.is_ours);
    Ok(ours.all(is_right))
}

fn try_out(
    peer: &'static Peer,
    installed: &Installed,
    programs: &Path,
) -> Result<(Vec<install::Package>, Vec<conform::Scenario>), String> {
    let packages = installed.packages(peer)?;
    let scenarios = conform::run(programs, &installed.command(peer)?)?;
    Ok((packages, scenarios))
}
