//! The page of verdicts.

use std::fmt::Write;

use crate::conform::{PATIENCE, SPEC, Scenario, Verdict};
use crate::finding::{lines, listed};
use crate::group::{self, Group};
use crate::install::Package;
use crate::peer::Peer;

const INTRODUCTION: &str = "\
<!-- Written by `cargo xtask conform-peers`: run it instead of editing this page. -->

# Which clients follow Memfault's table

Each client sends a chunk to a server on loopback, once for each way in which the server can answer.
[`retrospec conform`](../tools/conformance/README.md) compares what came when with [the table](../spec/memfault.yaml).
`cargo xtask conform-peers` gets the clients, runs them, and writes this page.

## How to read it

- **wrong**: a retry came too early or was not due, or one that was due did not come. A retry that takes twice the
  documented wait is wrong, too. One that is late by less is accepted, and noted.
- **unseen**: nothing wrong was seen until the patience ended, but not all of what was due either. Each scenario has
  PATIENCE. If the server fails forever, retries are due after 8 s, 64 s and 512 s. So a client that is right stays
  unseen: its first two retries came as due, and there was \"no retry 3 in time\".
- The table is Memfault's, and a client that does otherwise may suit another API:
  - It does not read `Retry-After` after 502, 503 and 504. A client that does is too early here.
  - It never retries 429 without `Retry-After`. A value that says no time, such as -1, counts as none. If a server asks
    for more than a day, the engine gives up.
  - It does not retry a request that was sent and got no response. That is assumed, for the page says nothing of it.
- The engine reads fractions of a second, which HTTP does not have. A client that gives up at 2.5, or waits for 2 s, is
  called wrong, in the row \"any other `Retry-After`\".

Each client is configured as its docs have it, as close to the table as its options come. If it takes a function, that
function chooses by the status or the error, and the waits are the client's own. Functions written by hand could do more,
and the sections below say so. So this page shows what options can say, not how good a client is.

Times are real, and are rounded to half seconds, so that the next run finds the same.
";

/// What came of a client.
pub(crate) struct Tried {
    pub(crate) peer: &'static Peer,
    /// Its packages and scenarios, or why it was not run.
    pub(crate) result: Result<(Vec<Package>, Vec<Scenario>), String>,
}

/// A client that was run.
struct Run<'a> {
    peer: &'a Peer,
    packages: &'a [Package],
    scenarios: &'a [Scenario],
}

/// Returns the whole page.
pub(crate) fn write(date: &str, tried: &[Tried]) -> Result<String, String> {
    let mut runs = Vec::new();
    let mut missing = Vec::new();
    for Tried { peer, result } in tried {
        match result {
            Ok((packages, scenarios)) => runs.push(Run {
                peer,
                packages,
                scenarios,
            }),
            Err(reason) => missing.push((peer.name, reason)),
        }
    }
    let (ours, peers): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.peer.is_ours);
    let mut page = introduction();
    page += "\n## Verdicts\n\n";
    page += &matrix(&peers)?;
    page += "\nThis project's adapters:\n\n";
    page += &matrix(&ours)?;
    page += "\n## What was run\n\n";
    page += &versions(date, &runs);
    if !missing.is_empty() {
        page += "\nNot run:\n\n";
        for (name, reason) in missing {
            let _ = writeln!(page, "- {name}: {reason}");
        }
    }
    for run in &runs {
        page += &section(run);
    }
    Ok(page)
}

fn introduction() -> String {
    INTRODUCTION.replace("PATIENCE", &PATIENCE.replace('s', " s"))
}

/// Returns a row for each group of scenarios, and a column for each client.
fn matrix(runs: &[&Run<'_>]) -> Result<String, String> {
    let groups = group::all();
    let mut table = String::from("| what the server answers | scenarios |");
    for run in runs {
        let name = run.peer.name;
        let _ = write!(
            table,
            " {} |",
            name.strip_prefix("retrospec: ").unwrap_or(name)
        );
    }
    let _ = writeln!(table, "\n|---|--:|{}", "---|".repeat(runs.len()));
    let cells: Vec<Vec<[usize; 3]>> = runs
        .iter()
        .map(|run| counts(&groups, run.scenarios))
        .collect::<Result<_, _>>()?;
    for (index, group) in groups.iter().enumerate() {
        let all = cells.iter().map(|of| of[index].iter().sum::<usize>()).max();
        let _ = write!(table, "| {} | {} |", group.title, all.unwrap_or(0));
        for of in &cells {
            let _ = write!(table, " {} |", cell(of[index]));
        }
        table.push('\n');
    }
    let total = |of: &Vec<[usize; 3]>| {
        [0, 1, 2].map(|verdict| of.iter().map(|n| n[verdict]).sum::<usize>())
    };
    let totals: Vec<[usize; 3]> = cells.iter().map(total).collect();
    let all = totals.iter().map(|of| of.iter().sum::<usize>()).max();
    let _ = write!(table, "| **ok, wrong, unseen** | {} |", all.unwrap_or(0));
    for [ok, wrong, unseen] in totals {
        let _ = write!(table, " {ok}, {wrong}, {unseen} |");
    }
    table.push('\n');
    Ok(table)
}

/// Returns how many scenarios of each group are ok, wrong and unseen.
fn counts(groups: &[Group], scenarios: &[Scenario]) -> Result<Vec<[usize; 3]>, String> {
    let mut counts = vec![[0; 3]; groups.len()];
    for scenario in scenarios {
        let verdict = match scenario.verdict {
            Verdict::Ok => 0,
            Verdict::Wrong => 1,
            Verdict::Unseen => 2,
        };
        counts[group::of(groups, &scenario.name)?][verdict] += 1;
    }
    Ok(counts)
}

fn cell([ok, wrong, unseen]: [usize; 3]) -> String {
    let share = |count: usize, word: &str| match count {
        0 => None,
        _ if count == ok + wrong + unseen => Some(word.to_owned()),
        _ => Some(format!("{count} {word}")),
    };
    let parts = [share(wrong, "**wrong**"), share(unseen, "unseen")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts[..] {
        [] => "ok".to_owned(),
        _ => parts.join(", "),
    }
}

fn versions(date: &str, runs: &[Run<'_>]) -> String {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let mut text = format!(
        "On {date}, on {os} {arch}: `retrospec conform {SPEC} --patience {PATIENCE}`. Licenses are what packages say of\n\
         themselves; those of curl and wget are in their manuals.\n\n| client | version and license |\n|---|---|\n"
    );
    for Run { peer, packages, .. } in runs {
        let version = |Package {
                           name,
                           version,
                           license,
                       }: &Package| format!("{name} {version} ({license})");
        let versions: Vec<String> = packages.iter().map(version).collect();
        let _ = writeln!(text, "| {} | {} |", peer.name, versions.join(", "));
    }
    text
}

fn section(run: &Run<'_>) -> String {
    let Run {
        peer, scenarios, ..
    } = run;
    let mut text = format!(
        "\n## {}\n\nWith options of [its docs]({}):\n\n```{}\n{}```\n",
        peer.name,
        peer.docs,
        peer.language.name(),
        peer.text
    );
    let not_told: Vec<String> = peer.not_told.iter().map(|&line| line.to_owned()).collect();
    text += &list("What its options cannot say", &not_told);
    let of = |verdict| {
        let found = scenarios
            .iter()
            .filter(move |scenario| scenario.verdict == verdict);
        lines(found.filter(|scenario| !scenario.detail.is_empty()))
    };
    let wrong = of(Verdict::Wrong);
    if wrong.is_empty() {
        text += "\nNothing was wrong.\n";
    }
    text += &list("Wrong", &wrong);
    text += &list("Accepted, though late", &of(Verdict::Ok));
    text += &list("Unseen", &of(Verdict::Unseen));
    text
}

fn list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{title}:\n\n- {}\n", lines.join("\n- "))
}

/// Returns an error if a scenario has no place on the page.
pub(crate) fn check(tried: &Tried) -> Result<(), String> {
    match &tried.result {
        Ok((_, scenarios)) => counts(&group::all(), scenarios).map(drop),
        Err(_) => Ok(()),
    }
}

/// Returns what stderr says of a client.
pub(crate) fn summary(tried: &Tried) -> String {
    let name = tried.peer.name;
    let (packages, scenarios) = match &tried.result {
        Ok(found) => found,
        Err(reason) => return format!("{name}: not run: {reason}"),
    };
    let count = |verdict| {
        let of = scenarios
            .iter()
            .filter(|scenario| scenario.verdict == verdict);
        of.count()
    };
    let versions: Vec<String> = packages
        .iter()
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    format!(
        "{name}: {} ok, {} wrong, {} unseen ({})",
        count(Verdict::Ok),
        count(Verdict::Wrong),
        count(Verdict::Unseen),
        listed(&versions, "and")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::PEERS;

    #[test]
    fn the_page_shows_the_clients_as_they_are() {
        let page = include_str!("../../../docs/conformance.md");
        assert!(page.starts_with(&introduction()), "run it again");
        for peer in &PEERS {
            assert!(page.contains(peer.text), "{}: run it again", peer.name);
            for line in peer.not_told {
                assert!(page.contains(line), "{}: run it again", peer.name);
            }
        }
    }
}
