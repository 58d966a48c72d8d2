//! Programs that are run for what they print.

use std::path::Path;
use std::process::{Command, Stdio};

/// Returns what a program wrote to stdout, or why it failed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default().display();
    let program = program.to_string();
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
    let first = lines.clone().next();
    let reason = lines.find(|line| is_error(line)).or(first);
    let reason = reason.map_or_else(|| output.status.to_string(), str::to_owned);
    Err(format!("{program}: {reason}"))
}

/// Returns whether a line of pip or npm is an error; they say much else before.
fn is_error(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.starts_with("error") || line.starts_with("npm error")
}
