//! For a `build.rs`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};

use crate::check::check;
use crate::disk;
use crate::internal;
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
/// The folder `examples/build-script` of the repository is a whole package that does this.
///
/// Cargo runs it again when the spec changes. If the spec has errors, or something cannot be read or
/// written, it says so as the `retrospec` command does and ends the process with 1: Cargo shows the
/// message. Two specs of one `build.rs` whose files would have the same name are such an error; names
/// that differ in case only are the same, as they are on some file systems.
///
/// The items compile in a crate of edition 2018 or later, and with any lint denied. A crate that forbids
/// `dead_code`, `unreachable_pub`, `unused_imports` or a group with one of them does not compile: nothing can
/// allow again what is forbidden.
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
    let name = disk::portable(spec).map_err(say)?;
    let source = Source::from_bytes(name, &disk::read_spec(spec).map_err(say)?);
    let checked = check(&source);
    let warnings = checked.diagnostics.iter().filter(|found| !found.is_error());
    for warning in warnings {
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
    let stem = spec.file_stem().unwrap_or_default();
    let name = disk::portable(Path::new(stem)).map_err(say)? + ".rs";
    claim(&name, spec)?;
    let text = internal::include_file(model, &source, "`cargo build`");
    disk::write(&PathBuf::from(folder).join(name), &text).map_err(say)
}

/// Takes a name in `OUT_DIR` for a spec, or fails if another spec of this process has it.
fn claim(name: &str, spec: &Path) -> Result<(), String> {
    static CLAIMED: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

    let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
    let other = claimed
        .entry(name.to_lowercase())
        .or_insert_with(|| spec.to_owned());
    let file = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if file(other) == file(spec) {
        return Ok(());
    }
    Err(format!(
        "error: {} and {} would both be written to OUT_DIR/{name}: rename one of the two specs",
        other.display(),
        spec.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_shown_as_by_the_command() {
        let spec = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/bad/SPEC0203-duplicate-code.yaml"
        );
        let message = run(Path::new(spec)).unwrap_err();
        assert!(message.starts_with("error[SPEC0203]"), "{message}");
    }

    #[test]
    fn one_file_is_for_one_spec() {
        let claim = |name: &str, spec: &str| claim(name, Path::new(spec));
        assert_eq!(claim("status.rs", "a/status.yaml"), Ok(()));
        assert_eq!(claim("status.rs", "a/status.yaml"), Ok(()));
        assert_eq!(claim("other.rs", "b/other.yaml"), Ok(()));
        let both = |name, first, second| {
            format!(
                "error: {first} and {second} would both be written to OUT_DIR/{name}: rename one of the two specs"
            )
        };
        for (name, spec) in [
            ("status.rs", "b/status.yaml"),
            ("status.rs", "a/status.yml"),
            ("STATUS.rs", "a/STATUS.yaml"),
        ] {
            assert_eq!(claim(name, spec), Err(both(name, "a/status.yaml", spec)));
        }
    }

    #[test]
    fn a_missing_spec_is_named() {
        let message = run(Path::new("missing.yaml")).unwrap_err();
        assert!(
            message.starts_with("error: cannot read missing.yaml"),
            "{message}"
        );
    }
}
