//! The tasks that run other programs.

use std::env;
use std::process::{Command, ExitStatus, Stdio};

use retrospec_codegen::internal::terminal::Failure;
use serde_json::Value;

use crate::{api, codegen, history};

const CLIENT: &str = "retrospec-client";

/// What a change must pass. Nothing but the pinned toolchain and the crates registry is needed.
pub(crate) fn ci() -> Result<(), Failure> {
    cargo(&["fmt", "--all", "--check"])?;
    let all = ["--workspace", "--all-targets", "--all-features"];
    cargo(&[&["clippy"], &all[..], &["--", "-D", "warnings"]].concat())?;
    features()?;
    cargo(&["xtask", "codegen", "--check"])?;
    history::check_versions(&codegen::specs()?)?;
    api::run(true)?;
    let docs = ["doc", "--workspace", "--all-features", "--no-deps"];
    run(Command::new("cargo")
        .args(docs)
        .env("RUSTDOCFLAGS", "-D warnings"))?;
    cargo(&["test", "--workspace"])
}

/// The client with no feature, each alone, each pair, and all of them.
pub(crate) fn features() -> Result<(), Failure> {
    let features = client_features()?;
    let alone = features.iter().map(String::clone);
    let pairs = features.iter().enumerate().flat_map(|(n, first)| {
        let others = features[n + 1..].iter();
        others.map(move |second| format!("{first},{second}"))
    });
    let sets: Vec<String> = [String::new(), features.join(",")]
        .into_iter()
        .chain(alone)
        .chain(pairs)
        .collect();
    for set in &sets {
        println!("features: {}", if set.is_empty() { "none" } else { set });
        let clippy = ["clippy", "--quiet", "--lib", "--package", CLIENT];
        let only = ["--no-default-features", "--features", set];
        cargo(&[&clippy[..], &only, &["--", "-D", "warnings"]].concat())?;
    }
    let count = features.len();
    println!(
        "{} sets of {count} features build without a warning",
        sets.len()
    );
    Ok(())
}

/// The features that the client's manifest names, without those that begin with `_`.
fn client_features() -> Result<Vec<String>, Failure> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let client = packages
        .into_iter()
        .find(|package| package["name"] == CLIENT);
    let features = client
        .and_then(|package| package["features"].as_object())
        .ok_or("cargo metadata names no features of the client")?;
    let public = features.keys().filter(|name| !name.starts_with('_'));
    Ok(public.cloned().collect())
}

/// The lines of the engine, the client, the generator and the command that their own tests run.
pub(crate) fn coverage() -> Result<(), Failure> {
    cargo(&["tarpaulin", "--config", ".cargo/tarpaulin.toml"])
        .map_err(|_| "this needs `cargo install cargo-tarpaulin`".into())
}

fn cargo(arguments: &[&str]) -> Result<(), Failure> {
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
