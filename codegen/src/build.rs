//! For a `build.rs`.

use std::env;
use std::path::{Path, PathBuf};
use std::process;

use crate::disk;
use crate::source::Source;

/// Generates the items of the table at `spec`, a path below the package, into `OUT_DIR`, as a file
/// with the name of the spec and the ending `.rs`.
///
/// The package needs `retrospec` among its dependencies, for the generated items use it, and a
/// `build.rs` of one line:
///
/// ```no_run
/// retrospec_codegen::build("spec/table.yaml");
/// ```
///
/// Its code then says, in a module of its own:
///
/// ```ignore
/// mod table {
///     include!(concat!(env!("OUT_DIR"), "/table.rs"));
/// }
/// ```
///
/// The folder `codegen/examples/build-script` of the repository is a whole package that does this.
///
/// Cargo runs it again when the spec changes. Where the spec is wrong, or something cannot be read or
/// written, it says so as the `retrospec` command does and ends the process with 1: Cargo shows the
/// message.
pub fn build(spec: impl AsRef<Path>) {
    let spec = spec.as_ref();
    println!("cargo::rerun-if-changed={}", spec.display());
    if let Err(message) = run(spec) {
        eprintln!("{message}");
        process::exit(1);
    }
}

fn run(spec: &Path) -> Result<(), String> {
    let say = |error: disk::Error| format!("error: {error}");
    let source = Source::from_bytes(
        spec.display().to_string(),
        &disk::read_spec(spec).map_err(say)?,
    );
    let checked = crate::check(&source);
    for warning in checked
        .diagnostics
        .iter()
        .filter(|diagnostic| !diagnostic.is_error())
    {
        let (line, _) = source.position(warning.labels.first().map_or(0, |label| label.span.start));
        println!(
            "cargo::warning={}:{line}: {}",
            source.name(),
            warning.message
        );
    }
    let Some(model) = &checked.model else {
        return Err(checked.errors(&source));
    };
    let folder =
        env::var_os("OUT_DIR").ok_or("error: OUT_DIR is not set: call this from a build.rs")?;
    let mut name = spec.file_stem().unwrap_or_default().to_owned();
    name.push(".rs");
    let path = PathBuf::from(folder).join(name);
    let text = crate::include_file(model, &source, "`cargo build`");
    disk::write(&path, &text).map_err(say)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_shown_as_the_command_shows_it() {
        let spec = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/bad/SPEC0203-duplicate-code.yaml"
        );
        let message = run(Path::new(spec)).unwrap_err();
        assert!(message.starts_with("error[SPEC0203]"), "{message}");
    }

    #[test]
    fn a_spec_that_is_missing_is_named() {
        let message = run(Path::new("missing.yaml")).unwrap_err();
        assert!(
            message.starts_with("error: cannot read missing.yaml"),
            "{message}"
        );
    }
}
