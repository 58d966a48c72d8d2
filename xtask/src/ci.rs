//! What a change must pass. Nothing but the pinned toolchain and the crates registry is needed.

use std::process::Command;

use retrospec_codegen::internal::terminal::Failure;

use crate::process::{cargo, run};
use crate::{api, codegen, features, history};

/// The packages outside the workspace that this machine can build. Each has a lock file of its own.
const OUTSIDE: [&str; 5] = [
    "benches",
    "benches/peers",
    "benches/scoreboard",
    "examples/otlp",
    "tests/fuzz",
];

/// Runs every check.
pub(crate) fn run_all() -> Result<(), Failure> {
    cargo(&["fmt", "--all", "--check"])?;
    let all = ["--workspace", "--all-targets", "--all-features"];
    cargo(&[&["clippy"], &all[..], &["--", "-D", "warnings"]].concat())?;
    features::run()?;
    codegen::run(true)?;
    history::check_versions(&codegen::specs()?)?;
    api::run(true)?;
    let docs = ["doc", "--workspace", "--all-features", "--no-deps"];
    run(Command::new("cargo")
        .args(docs)
        .env("RUSTDOCFLAGS", "-D warnings"))?;
    cargo(&["test", "--workspace"])?;
    for package in OUTSIDE {
        let manifest = format!("{package}/Cargo.toml");
        cargo(&["fmt", "--check", "--manifest-path", &manifest])?;
        // In the workspace's folder, most of what they depend on is built already.
        let target = ["--target-dir", "target"];
        let check = ["check", "--locked", "--quiet", "--manifest-path", &manifest];
        cargo(&[&check[..], &target].concat())?;
    }
    Ok(())
}
