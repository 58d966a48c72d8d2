//! What is printed.

use std::fmt::Write;

use retrospec_test_support::Facts;

use crate::contender::{Contender, configuration};
use crate::judge::Share;
use crate::peers::SHARED;
use crate::scenario::Scenario;
use crate::score::Score;
use crate::trial::LIMIT;

const LOCK: &str = include_str!("../Cargo.lock");

/// So many lines a peer may be configured with, the shared ones included.
const GLUE: usize = 50;

const HEAD: [&str; 8] = [
    "",
    "scenarios right",
    "with a retry",
    "attempts right",
    "forbidden",
    "cut",
    "invented",
    "missing",
];

pub(crate) fn rule(scenarios: &[Scenario], facts: &Facts) -> String {
    let codes = Scenario::codes(facts).len();
    let headers = Scenario::headers();
    let all = scenarios.len();
    format!(
        "{all} scenarios: ({codes} codes x {headers} kinds of Retry-After, and a connection that is reset)
  x (failing for ever, once, three times, and then 202).

The rule of fairness
- A peer is configured as its docs have it, in at most {GLUE} lines. Its waits come from its own backoff.
- Glue decides by status. Where a hook is handed the response and takes a wait, it may parse a
  Retry-After in seconds (`str::parse`). None of the peers documents how to read one that is a date.
- No state passes from one hook to another behind the crate's back.
- Where a peer cannot be told the wait of Retry-After, 429 is not retried: as the page wants it
  without the header, and no wait of the peer's is right with it.
- A wait counts from the attempt before, and is right within a second. The server notes when a
  request is there; the clock is virtual.
- A Retry-After of three thousand years may be given up, or waited for a year or more.
- Forbidden is an attempt where the page has no further one, cut one that is sent sooner than documented,
  invented one that is sent later, and missing one that is documented and never sent.
"
    )
}

pub(crate) fn configured(title: &str, contender: &Contender) -> String {
    let crates: Vec<_> = contender.crates.iter().map(|name| version(name)).collect();
    let lines = configuration(contender.file);
    let mut text = format!("== {title} ({})\n", crates.join(", "));
    for line in &lines {
        writeln!(text, "    {line}").expect("a string takes everything");
    }
    for line in contender.not_told {
        writeln!(text, "  cannot be told: {line}").expect("a string takes everything");
    }
    text
}

pub(crate) fn shared() -> String {
    let lines = configuration(SHARED);
    format!("== glue that peers share\n    {}\n", lines.join("\n    "))
}

/// Names the peers whose configuration is longer than the rule allows.
pub(crate) fn too_long(peers: &'static [Contender]) -> Vec<&'static str> {
    let shared = configuration(SHARED).len();
    let is_long = |peer: &&Contender| configuration(peer.file).len() + shared > GLUE;
    peers.iter().filter(is_long).map(|peer| peer.name).collect()
}

fn version(name: &str) -> String {
    let mut lines = LOCK
        .lines()
        .skip_while(|line| *line != format!("name = \"{name}\""));
    let version = lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = "));
    format!(
        "{name} {}",
        version.expect("a locked crate").trim_matches('"')
    )
}

pub(crate) fn table(scores: &[Score]) -> String {
    let cells = |score: &Score| {
        let tally = &score.tally;
        [
            score.name.to_owned(),
            format!(
                "{} ({} %)",
                share(tally.scenarios),
                percent(tally.scenarios)
            ),
            share(tally.with_retry),
            share(tally.attempts),
            tally.forbidden.to_string(),
            tally.cut.to_string(),
            tally.invented.to_string(),
            tally.missing.to_string(),
        ]
    };
    let rows: Vec<_> = [HEAD.map(str::to_owned)]
        .into_iter()
        .chain(scores.iter().map(cells))
        .collect();
    let widths: [usize; 8] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0));
    let mut text = String::new();
    for row in rows {
        let mut line = format!("{:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            write!(line, "  {cell:>width$}").expect("a string takes everything");
        }
        writeln!(text, "{}", line.trim_end()).expect("a string takes everything");
    }
    text
}

pub(crate) fn endings(scores: &[Score]) -> String {
    let mut text = String::new();
    for Score { name, cut_off, .. } in scores.iter().filter(|score| score.cut_off > 0) {
        let ending = format!("ended only as the server answered request {LIMIT} with 202");
        writeln!(text, "{name}: {cut_off} scenarios {ending}").expect("a string takes everything");
    }
    text
}

pub(crate) fn best(peers: &[Score]) -> String {
    let most = peers.iter().map(|score| score.tally.scenarios.right).max();
    let best: Vec<_> = peers
        .iter()
        .filter(|score| Some(score.tally.scenarios.right) == most)
        .map(|score| format!("{}, {} %", score.name, percent(score.tally.scenarios)))
        .collect();
    format!("The best peer: {}\n", best.join("; "))
}

fn share(Share { right, all }: Share) -> String {
    format!("{right}/{all}")
}

/// Rounded down: 100.0 is all.
fn percent(Share { right, all }: Share) -> String {
    let tenths = right * 1000 / all;
    format!("{}.{}", tenths / 10, tenths % 10)
}
