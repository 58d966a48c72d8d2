//! `retrospec generate`: the crate of a spec, written or compared.

use std::fs;
use std::path::{Component, Path, PathBuf};

use retrospec_codegen::internal::disk::{self, Kind, slashed};
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::terminal::{Failure, print, report, say};
use retrospec_codegen::internal::{Target, crate_files};

use crate::input;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// The root of the crate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The folder of the crate `retrospec`. Without it, the one that the crate was generated with; at first,
    /// the registry.
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<PathBuf>,
    /// Write nothing; fail if something would change.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (source, model) = input::model(&arguments.spec)?;
    let target = target(arguments, &model)?;
    let files = crate_files(&model, &target).map_err(|diagnostic| {
        report(&[diagnostic], &source);
        Failure::Refused
    })?;
    let changes = disk::compare(&arguments.out, &files)?;
    if arguments.check {
        return match disk::drift(&changes, &typed(arguments)) {
            None => Ok(()),
            Some(drift) => {
                print(&drift.diff)?;
                say(&drift.message);
                Err(Failure::Refused)
            }
        };
    }
    disk::apply(&changes)?;
    for change in &changes {
        print(&format!(
            "{:9}  {}\n",
            change.kind().done(),
            slashed(&change.path)
        ))?;
    }
    let is_new = changes
        .iter()
        .any(|change| change.kind() != Kind::Unchanged);
    if is_new && target.runtime_path.is_none() {
        say(&unpublished(&arguments.out));
    }
    Ok(())
}

/// Returns the note that a crate does not build as it is until the engine is on crates.io.
fn unpublished(out: &Path) -> String {
    format!(
        "note: {} takes the crate `retrospec` from crates.io, which does not have it yet. To build it,\n\
         \x20     add `--runtime-path DIR`, the folder of that crate in a clone of its repository, or write\n\
         \x20         [patch.crates-io]\n\
         \x20         retrospec = {{ git = \"ADDRESS\" }}\n\
         \x20     with the address of the repository into the Cargo.toml at the root of your workspace\n",
        slashed(&out.join("Cargo.toml"))
    )
}

/// Returns the command as it was typed, without `--check`.
fn typed(arguments: &Arguments) -> String {
    let runtime = arguments.runtime_path.as_deref().map(slashed);
    command(
        &slashed(&arguments.spec),
        &slashed(&arguments.out),
        runtime.as_deref(),
    )
}

/// Returns the target with paths as seen from the crate, so the crate is the same wherever the command runs.
fn target(arguments: &Arguments, model: &Model) -> Result<Target, Failure> {
    // Standard input has no path to tell two specs apart by.
    let (spec, typed) = if input::is_stdin(&arguments.spec) {
        let name = model.crate_name.as_deref().unwrap_or_default();
        (format!("standard input ({name})"), "-".to_owned())
    } else {
        let spec = from_crate(&arguments.spec, &arguments.out)?;
        (spec.clone(), spec)
    };
    let runtime = match &arguments.runtime_path {
        Some(runtime) => {
            check_runtime(runtime)?;
            Some(from_crate(runtime, &arguments.out)?)
        }
        None => {
            let manifest = arguments.out.join("Cargo.toml");
            disk::command_of(&manifest)?.and_then(|command| runtime_path(&command))
        }
    };
    let command = command(&typed, ".", runtime.as_deref());
    Ok(Target {
        spec,
        command: format!("`{command}` in the crate's folder"),
        runtime_path: runtime,
    })
}

fn command(spec: &str, out: &str, runtime: Option<&str>) -> String {
    let mut command = format!("retrospec generate {} --out {}", quoted(spec), quoted(out));
    if let Some(runtime) = runtime {
        command.push_str(RUNTIME_PATH);
        command.push_str(&quoted(runtime));
    }
    command
}

/// Refuses a folder that is not the crate `retrospec`.
fn check_runtime(folder: &Path) -> Result<(), Failure> {
    let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else {
        let message = format!("{} is not a crate: it has no Cargo.toml", folder.display());
        return Err(message.into());
    };
    let is_virtual = manifest.contains("[workspace]") && !manifest.contains("[package]");
    let name = manifest.lines().find(|line| line.starts_with("name = "));
    if !is_virtual && name.is_none_or(|line| line == "name = \"retrospec\"") {
        return Ok(());
    }
    let inside = ["engine", "runtime/engine"].map(|below| folder.join(below));
    let hint = match inside.iter().find(|path| path.join("Cargo.toml").is_file()) {
        Some(path) => format!(": did you mean {}?", slashed(path)),
        None => String::new(),
    };
    let folder = folder.display();
    Err(format!("{folder} is not the crate `retrospec`{hint}").into())
}

const RUNTIME_PATH: &str = " --runtime-path ";

/// Returns the folder that the command in a header names after `--runtime-path`, or `None` if it names none.
fn runtime_path(command: &str) -> Option<String> {
    let mut words = words(command).into_iter();
    words.find(|word| word == RUNTIME_PATH.trim())?;
    words.next()
}

/// Splits what [`quoted`] put together, from the first backtick to the next that is not quoted.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let command = command.strip_prefix('`').unwrap_or(command);
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            c if is_quoted => word.get_or_insert_default().push(c),
            '`' => break,
            ' ' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Returns `path` as a shell reads it for one word.
pub(crate) fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

fn from_crate(path: &Path, out: &Path) -> Result<String, Failure> {
    let (path, out) = (resolved(path)?, resolved(out)?);
    // `None` if they have no common root, as on two drives.
    let relative = pathdiff::diff_paths(&path, out);
    Ok(disk::portable(&relative.unwrap_or(path))?)
}

/// Returns the path from the root, without `.`, `..` and links as far as it exists.
fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(path)
        .map_err(|error| format!("cannot resolve {}: {error}", path.display()))?;
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            other => {
                resolved.push(other);
                resolved = resolved.canonicalize().unwrap_or(resolved);
            }
        }
    }
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_read_as_quoted() {
        for path in [
            "../runtime",
            "..",
            "it's here/a b",
            "a`b",
            "''",
            "--runtime-path x",
            "a --runtime-path b",
        ] {
            let command = format!(
                "`{}` in the crate's folder",
                command("s.yaml", ".", Some(path))
            );
            assert_eq!(runtime_path(&command).as_deref(), Some(path), "{command}");
        }
        assert_eq!(runtime_path("`retrospec generate s.yaml --out .`"), None);
    }
}
