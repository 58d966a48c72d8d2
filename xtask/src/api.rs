//! The public items of each crate that others depend on, as lists whose changes a review shows.

use std::fs;
use std::path::Path;
use std::process::Command;

use public_api::Builder;
use retrospec_codegen::internal::terminal::{Failure, print, say};

use crate::process;

const LISTED: [&str; 9] = [
    "retrospec",
    "retrospec-client",
    "retrospec-codegen",
    "retrospec-conformance",
    "retrospec-fleet",
    "retrospec-macros",
    "memfault-status",
    "otlp-status",
    "prometheus-remote-write-status",
];
const LISTS: &str = "docs/api";
/// Not the workspace's: what it sets for rustdoc would make Cargo build the workspace anew.
const TARGET: &str = "target/api";

/// Writes the lists, or fails if one would change.
pub(crate) fn run(check: bool) -> Result<(), Failure> {
    let mut stale = Vec::new();
    for name in LISTED {
        let list = public_items(name)?;
        let path = Path::new(LISTS).join(format!("{name}.txt"));
        if fs::read_to_string(&path).is_ok_and(|old| old == list) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
        } else {
            fs::write(&path, &list)?;
            print(&format!(
                "{}: {} items\n",
                path.display(),
                list.lines().count()
            ))?;
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    say(&format!(
        "error: {} changed: run cargo xtask api\n",
        stale.join(", ")
    ));
    Err(Failure::Refused)
}

fn public_items(name: &str) -> Result<String, Failure> {
    let rustdoc = [
        "rustdoc",
        "--quiet",
        "--lib",
        "--all-features",
        "--target-dir",
        TARGET,
    ];
    let as_json = ["--", "-Zunstable-options", "--output-format=json"];
    // The pinned toolchain's JSON is what the crate public-api reads; no nightly is needed.
    process::run(
        Command::new("cargo")
            .args(rustdoc)
            .args(["--package", name])
            .args(as_json)
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    let json = format!("{TARGET}/doc/{}.json", name.replace('-', "_"));
    let items = Builder::from_rustdoc_json(json)
        .omit_auto_derived_impls(true)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build()?;
    Ok(items.to_string())
}
