use std::path::{Path, PathBuf};

use retrospec_codegen::Target;
use retrospec_codegen::disk;

use crate::output::print;
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
                eprint!("{}", drift.message);
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
    let (spec, out) = (shown(&arguments.spec), shown(&arguments.out));
    let mut command = format!("retrospec generate {spec} --out {out}");
    if let Some(runtime) = &arguments.runtime_path {
        command.push_str(" --runtime-path ");
        command.push_str(&shown(runtime));
    }
    command
}

/// The path from the crate to its runtime, as Cargo reads it.
fn from_crate(runtime: &Path, out: &Path) -> Result<String, Failure> {
    if !runtime.join("Cargo.toml").is_file() {
        let message = format!("{} is no crate: it has no Cargo.toml", runtime.display());
        return Err(Failure::Other(message));
    }
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let relative = absolute(runtime)
        .zip(absolute(out))
        .and_then(|(runtime, out)| pathdiff::diff_paths(runtime, out));
    Ok(shown(&relative.unwrap_or_else(|| runtime.to_owned())))
}
