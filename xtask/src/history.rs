//! The shipped specs against what was committed: what changed, and which version that needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use retrospec_codegen::internal::disk::{self, slashed};
use retrospec_codegen::internal::terminal::{Failure, say};
use retrospec_codegen::internal::update::Update;
use retrospec_codegen::{Source, check};

/// Returns what changed in a spec since the last commit, and what is left to do about it; an empty string if
/// nothing did.
pub(crate) fn next(spec: &Path) -> Result<String, Failure> {
    let Some(update) = since("HEAD", spec)? else {
        return Ok(String::new());
    };
    let spec_name = slashed(spec);
    let error = update.error(&spec_name);
    let file = spec.with_extension("txt");
    let facts = Path::new("tests/support/facts").join(file.file_name().unwrap_or_default());
    let facts = slashed(&facts);
    let mut steps = Vec::new();
    if error.is_some() {
        steps.push(format!(
            "write that version in {spec_name}, and run `cargo xtask codegen` again"
        ));
    }
    steps.push(format!(
        "write in {facts} what the source says, and run `cargo test -p integration-tests --test facts`"
    ));
    steps.push("list the public items again: `cargo xtask api`".to_owned());
    steps.push("run `cargo test --workspace`".to_owned());
    let steps: Vec<String> = (1..)
        .zip(steps)
        .map(|(number, step)| format!("  {number}. {step}\n"))
        .collect();
    Ok(format!(
        "\n{spec_name} since the last commit:\n\n{}{}\nnext:\n{}",
        update.text(),
        error.unwrap_or_default(),
        steps.concat()
    ))
}

/// Fails if a spec changed without a version that says so: since the last commit, or else in the last commit
/// that touched it.
pub(crate) fn check_versions(specs: &[PathBuf]) -> Result<(), Failure> {
    let mut failed = false;
    for spec in specs {
        let name = slashed(spec);
        let update = match since("HEAD", spec)? {
            Some(update) => Some(update),
            None => match parent_of_last_change(&name) {
                Some(parent) => since(&parent, spec)?,
                None => {
                    say(&format!(
                        "note: git has no older {name}: its version is not checked\n"
                    ));
                    None
                }
            },
        };
        if let Some(update) = update
            && let Some(error) = update.error(&name)
        {
            say(&format!("{name}:\n\n{}{error}", update.text()));
            failed = true;
        }
    }
    if failed {
        return Err(Failure::Refused);
    }
    Ok(())
}

/// Returns the parent of the last commit that touched a file, or `None` if git does not have it.
fn parent_of_last_change(name: &str) -> Option<String> {
    let log = ["log", "-1", "--format=%P", "--", name];
    let output = Command::new("git").args(log).output().ok()?;
    let parents = String::from_utf8(output.stdout).ok()?;
    parents.split_whitespace().next().map(str::to_owned)
}

/// Returns what changed in a spec since a commit, or `None` if nothing did for clients. A spec that git does not
/// have, or that was wrong, is not compared.
fn since(commit: &str, spec: &Path) -> Result<Option<Update>, Failure> {
    let name = slashed(spec);
    let git = Command::new("git")
        .args(["show", &format!("{commit}:./{name}")])
        .stderr(Stdio::null())
        .output();
    let Some(old) = git.ok().filter(|output| output.status.success()) else {
        return Ok(None);
    };
    let new = disk::read_spec(spec)?;
    let [old, new] = [old.stdout, new].map(|bytes| check(&Source::from_bytes(&name, &bytes)).model);
    let update = old.zip(new).map(|(old, new)| Update::between(&old, &new));
    Ok(update.filter(|update| !update.differences.is_empty()))
}
