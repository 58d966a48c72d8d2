use std::path::{Component, Path, PathBuf};

use retrospec_codegen::Target;
use retrospec_codegen::disk::{self, slashed};

use crate::output::{print, say};
use crate::{Failure, input};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML.
    spec: PathBuf,
    /// The root of the crate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The folder of the crate `retrospec`, where it is not to come from the registry.
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<PathBuf>,
    /// Write nothing; fail where something would change.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (source, model) = input::model(&arguments.spec)?;
    let target = target(arguments)?;
    let files = retrospec_codegen::crate_files(&model, &target).map_err(|diagnostic| {
        input::say(&[diagnostic], &source);
        Failure::Content
    })?;
    let changes = disk::compare(&arguments.out, &files)?;
    if arguments.check {
        return match disk::drift(&changes, &typed(arguments)) {
            None => Ok(()),
            Some(drift) => {
                print(&drift.diff)?;
                say(&drift.message);
                Err(Failure::Content)
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
    Ok(())
}

/// The command as it was typed, but for `--check`.
fn typed(arguments: &Arguments) -> String {
    let runtime = arguments.runtime_path.as_deref().map(slashed);
    command(
        &slashed(&arguments.spec),
        &slashed(&arguments.out),
        runtime.as_deref(),
    )
}

/// Paths as seen from the crate, so that the same crate comes of it wherever the command runs.
fn target(arguments: &Arguments) -> Result<Target, Failure> {
    let spec = from_crate(&arguments.spec, &arguments.out)?;
    let runtime = match &arguments.runtime_path {
        Some(runtime) if !runtime.join("Cargo.toml").is_file() => {
            let message = format!("{} is not a crate: it has no Cargo.toml", runtime.display());
            return Err(Failure::Other(message));
        }
        Some(runtime) => Some(from_crate(runtime, &arguments.out)?),
        None => None,
    };
    let command = command(&spec, ".", runtime.as_deref());
    Ok(Target {
        spec,
        command: format!("`{command}` in the crate's folder"),
        runtime_path: runtime,
    })
}

fn command(spec: &str, out: &str, runtime: Option<&str>) -> String {
    let mut command = format!("retrospec generate {} --out {}", quoted(spec), quoted(out));
    if let Some(runtime) = runtime {
        command.push_str(" --runtime-path ");
        command.push_str(&quoted(runtime));
    }
    command
}

/// As a shell takes it for one word.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

fn from_crate(path: &Path, out: &Path) -> Result<String, Failure> {
    let (path, out) = (resolved(path)?, resolved(out)?);
    // None where they have no common root, as on two drives.
    let relative = pathdiff::diff_paths(&path, out);
    Ok(slashed(&relative.unwrap_or(path)))
}

/// From the root, as the file system sees it: without `.`, `..` and links, as far as it exists.
fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::Other(format!("cannot resolve {}: {error}", path.display())))?;
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
