//! Programs that a task runs.

use std::env;
use std::process::{Command, ExitStatus};

use retrospec_codegen::internal::terminal::Failure;

/// Runs Cargo.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    run(Command::new("cargo").args(arguments))
}

/// Runs one of the repository's scripts: it ends with 1 if a check failed, and with more if it could not run.
pub(crate) fn script(path: &str, arguments: &[&str]) -> Result<(), Failure> {
    match status(Command::new(path).args(arguments))?.code() {
        Some(0) => Ok(()),
        Some(1) => Err(Failure::Refused),
        _ => Err(format!("{path} did not come to its end").into()),
    }
}

/// Runs a program, which reports its own errors.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    if status(command)?.success() {
        Ok(())
    } else {
        Err(Failure::Refused)
    }
}

fn status(command: &mut Command) -> Result<ExitStatus, Failure> {
    // Cargo sets these for this process; handed on, they would make it build everything anew.
    let of_cargo = |name: &str| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR";
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(of_cargo) {
            command.env_remove(name);
        }
    }
    command.status().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        format!("cannot run {program}: {error}").into()
    })
}
