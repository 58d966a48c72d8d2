//! `retrospec conform`, run for a client.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

pub(crate) const SPEC: &str = "spec/memfault.yaml";
/// Enough for the first two retries of the schedule: 8 s and 64 s.
pub(crate) const PATIENCE: &str = "80s";
/// Most clients sleep most of the time. More of them at once would be late at their start.
const JOBS: &str = "16";

/// What came of a scenario.
#[derive(Deserialize)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    pub(crate) detail: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Ok,
    Wrong,
    Unseen,
}

/// Returns the command's report on a client, or why there is none.
pub(crate) fn run(programs: &Path, client: &[String]) -> Result<Vec<Scenario>, String> {
    #[derive(Deserialize)]
    struct Report {
        scenarios: Vec<Scenario>,
    }
    let output = Command::new(programs.join("retrospec"))
        .args(["conform", SPEC, "--patience", PATIENCE, "--jobs", JOBS])
        .args(["--format", "json", "--"])
        .args(client)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run retrospec: {error}"))?;
    let Ok(Report { scenarios }) = serde_json::from_slice(&output.stdout) else {
        return Err(format!(
            "`retrospec conform` has no report: {}",
            output.status
        ));
    };
    let is_silent = |scenario: &Scenario| scenario.detail.starts_with("no request came");
    match scenarios.first() {
        Some(first) if scenarios.iter().all(is_silent) => Err(first.detail.clone()),
        _ => Ok(scenarios),
    }
}
