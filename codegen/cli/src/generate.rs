use std::path::{Component, Path, PathBuf};

use retrospec_codegen::Target;
use retrospec_codegen::disk;

use crate::output::{print, say};
use crate::{Failure, input, shown};

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
    let target = Target {
        command: command(arguments),
        runtime_path: arguments
            .runtime_path
            .as_ref()
            .map(|runtime| from_crate(runtime, &arguments.out))
            .transpose()?,
    };
    let files = retrospec_codegen::crate_files(&model, &source, &target).map_err(|diagnostic| {
        input::say(&[diagnostic], &source);
        Failure::Content
    })?;
    let changes = disk::compare(&arguments.out, &files)?;
    if arguments.check {
        return match disk::drift(&changes, &command(arguments)) {
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
            shown(&change.path)
        ))?;
    }
    Ok(())
}

fn command(arguments: &Arguments) -> String {
    let (spec, out) = (quoted(&arguments.spec), quoted(&arguments.out));
    let mut command = format!("retrospec generate {spec} --out {out}");
    if let Some(runtime) = &arguments.runtime_path {
        command.push_str(" --runtime-path ");
        command.push_str(&quoted(runtime));
    }
    command
}

/// As a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let path = shown(path);
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

/// The path from the crate to its runtime, as Cargo reads it.
fn from_crate(runtime: &Path, out: &Path) -> Result<String, Failure> {
    if !runtime.join("Cargo.toml").is_file() {
        let message = format!("{} is no crate: it has no Cargo.toml", runtime.display());
        return Err(Failure::Other(message));
    }
    let (runtime, out) = (resolved(runtime)?, resolved(out)?);
    // None where they have no common root, as on two drives.
    let relative = pathdiff::diff_paths(&runtime, out);
    Ok(shown(&relative.unwrap_or(runtime)))
}

/// From the root, without `.` and `..`.
fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::Other(format!("cannot resolve {}: {error}", path.display())))?;
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    Ok(resolved)
}
