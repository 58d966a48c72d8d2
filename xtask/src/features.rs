//! The client with each set of its features.

use std::process::{Command, Stdio};

use retrospec_codegen::internal::terminal::Failure;
use serde_json::Value;

use crate::process::cargo;

const CLIENT: &str = "retrospec-client";

/// Builds the client with no feature, each alone, each pair, and all of them.
pub(crate) fn run() -> Result<(), Failure> {
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
    if !output.status.success() {
        return Err("cargo metadata failed".into());
    }
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
