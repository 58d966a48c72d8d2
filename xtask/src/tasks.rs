//! The tasks that run other programs.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use retrospec_codegen::internal::terminal::Failure;
use serde_json::Value;

use crate::{codegen, history};

const CLIENT: &str = "retrospec-client";
/// The crates whose public items are listed in `docs/api`.
const LISTED: [&str; 5] = [
    "retrospec",
    CLIENT,
    "retrospec-codegen",
    "retrospec-macros",
    "memfault-status",
];
const API: &str = "docs/api";

/// What a change must pass. Nothing but the pinned toolchain and the crates registry is needed.
pub(crate) fn ci() -> Result<(), Failure> {
    cargo(&["fmt", "--all", "--check"])?;
    let all = ["--workspace", "--all-targets", "--all-features"];
    cargo(&[&["clippy"], &all[..], &["--", "-D", "warnings"]].concat())?;
    features()?;
    cargo(&["xtask", "codegen", "--check"])?;
    history::check_versions(&codegen::specs()?)?;
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

/// The public items of each crate that others depend on, as lists that a review shows changes of.
pub(crate) fn api(check: bool) -> Result<(), Failure> {
    let mut stale = Vec::new();
    for name in LISTED {
        let list = public_items(name)?;
        let path = Path::new(API).join(format!("{name}.txt"));
        if fs::read_to_string(&path).is_ok_and(|old| old == list) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
        } else {
            fs::write(&path, &list)?;
        }
        println!("{}: {} items", path.display(), list.lines().count());
    }
    if stale.is_empty() {
        return Ok(());
    }
    eprintln!("error: {} changed: run cargo xtask api", stale.join(", "));
    Err(Failure::Refused)
}

fn public_items(name: &str) -> Result<String, Failure> {
    let mut command = Command::new("cargo");
    command.args([
        "+nightly",
        "public-api",
        "--all-features",
        "-sss",
        "--package",
        name,
    ]);
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("this needs `rustup toolchain install nightly` and `cargo install --locked cargo-public-api`".into());
    }
    Ok(String::from_utf8(output.stdout)?)
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
fn run(command: &mut Command) -> Result<(), Failure> {
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
