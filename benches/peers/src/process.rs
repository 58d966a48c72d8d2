//! Programs that are run for what they print.

use std::process::{Command, Stdio};

/// Returns what a program wrote to stdout, or why it failed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next().unwrap_or("it failed");
    let reason = lines.find(|line| is_reason(line)).unwrap_or(first);
    Err(format!("{program}: {reason}"))
}

/// Returns whether a line names an error; pip and npm say much else around it.
fn is_reason(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let is_code = line.starts_with("npm error code");
    line.contains("error") && !is_code
}
