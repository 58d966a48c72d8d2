//! The shipped specs against what was committed. `retrospec diff` says which version a change needs.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use retrospec_codegen::internal::disk::slashed;
use retrospec_codegen::internal::terminal::Failure;

/// What `retrospec diff` says of an older copy of a spec and the spec.
struct Compared {
    report: String,
    is_bumped: bool,
}

/// Returns what changed in a spec since the last commit, and what is left to do about it; an empty string if
/// nothing did.
pub(crate) fn next(spec: &Path) -> Result<String, Failure> {
    let Some(compared) = compare("HEAD", spec)? else {
        return Ok(String::new());
    };
    let spec_name = slashed(spec);
    let facts = slashed(&spec.with_extension("txt")).replace("spec/", "tests/support/facts/");
    let mut steps = Vec::new();
    if !compared.is_bumped {
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
        "\n{spec_name} since the last commit:\n\n{}\nnext:\n{}",
        compared.report,
        steps.concat()
    ))
}

/// Fails if a spec changed without a version that says so: since the last commit, or in it.
pub(crate) fn check_versions(specs: &[impl AsRef<Path>]) -> Result<(), Failure> {
    let mut all_bumped = true;
    for spec in specs.iter().map(AsRef::as_ref) {
        let uncommitted = compare("HEAD", spec)?;
        let compared = match uncommitted {
            Some(compared) => Some(compared),
            None => compare("HEAD^", spec)?,
        };
        if let Some(compared) = compared.filter(|compared| !compared.is_bumped) {
            eprint!("{}:\n\n{}", slashed(spec), compared.report);
            all_bumped = false;
        }
    }
    if all_bumped {
        Ok(())
    } else {
        Err(Failure::Refused)
    }
}

/// Compares a spec with its copy in a commit; `None` if git has no such copy, or if no client would notice.
fn compare(commit: &str, spec: &Path) -> Result<Option<Compared>, Failure> {
    let git = Command::new("git")
        .args(["show", &format!("{commit}:./{}", slashed(spec))])
        .stderr(Stdio::null())
        .output();
    let Some(old) = git.ok().filter(|output| output.status.success()) else {
        return Ok(None);
    };
    if fs::read(spec)? == old.stdout {
        return Ok(None);
    }
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../codegen/cli/Cargo.toml");
    let mut diff = Command::new("cargo")
        .args(["run", "--quiet", "--manifest-path", manifest, "--"])
        .args(["diff", "-"])
        .arg(spec)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // It reads all of its input before it writes.
    if let Some(mut stdin) = diff.stdin.take() {
        stdin.write_all(&old.stdout)?;
    }
    let output = diff.wait_with_output()?;
    let report = String::from_utf8([output.stdout, output.stderr].concat())?;
    match output.status.code() {
        Some(0) if report.starts_with("nothing changed") => Ok(None),
        Some(code @ 0..=1) => Ok(Some(Compared {
            report,
            is_bumped: code == 0,
        })),
        _ => Err(format!("cannot compare {} with {commit}'s: {report}", slashed(spec)).into()),
    }
}
