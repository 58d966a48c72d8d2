//! The lock files of the repository, those of the packages outside the workspace too: they name the generated
//! crates' versions.

use std::fs;
use std::path::{Path, PathBuf};

use retrospec_codegen::internal::disk::Change;
use retrospec_codegen::internal::terminal::Failure;

/// Compares each lock file with what it should hold, by the names and versions of the generated crates.
pub(crate) fn compare(versions: &[(&str, String)]) -> Result<Vec<Change>, Failure> {
    let mut files = Vec::new();
    find(Path::new("."), &mut files)?;
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let old = fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let new = versions.iter().fold(old.clone(), |text, (name, version)| {
                with_version(&text, name, version)
            });
            Ok(Change::of(path, old, new))
        })
        .collect()
}

/// Build output and hidden folders have lock files of their own.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let path = folder.strip_prefix(".").unwrap_or(folder).join(&name);
        if entry.file_type()?.is_dir() {
            if name != "target" && !name.to_string_lossy().starts_with('.') {
                find(&path, files)?;
            }
        } else if name == "Cargo.lock" {
            files.push(path);
        }
    }
    Ok(())
}

/// Returns the lock file with another version of one package.
fn with_version(lock: &str, name: &str, version: &str) -> String {
    let key = format!("name = \"{name}\"\nversion = \"");
    let Some((before, rest)) = lock.split_once(&key) else {
        return lock.to_owned();
    };
    let after = rest.find('"').map_or("", |end| &rest[end..]);
    format!("{before}{key}{version}{after}")
}

#[cfg(test)]
mod tests {
    use super::with_version;

    #[test]
    fn only_the_named_package_changes() {
        let lock = |version| {
            format!(
                "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\n\
                 version = \"{version}\"\ndependencies = [\n \"a\",\n]\n"
            )
        };
        assert_eq!(with_version(&lock("0.1.0"), "b", "0.2.0"), lock("0.2.0"));
        assert_eq!(with_version(&lock("0.1.0"), "c", "0.2.0"), lock("0.1.0"));
    }
}
