//! Changes onto the disk: all of them, or none.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::change::{Change, Kind};
use crate::disk::error::{Error, io_error};
use crate::disk::read::{origin, read_text};

/// Makes the files what they should be: all of them, or none if that fails. A link stays one, and a file keeps its mode.
///
/// # Errors
///
/// [`Error::Io`] if a file cannot be written.
pub fn apply(changes: &[Change]) -> Result<(), Error> {
    let pending: Vec<&Change> = changes
        .iter()
        .filter(|change| change.kind() != Kind::Unchanged)
        .collect();
    let staged = pending.iter().try_for_each(|change| stage(change));
    let mut done = 0;
    let result = staged.and_then(|()| {
        pending.iter().try_for_each(|change| {
            commit(change)?;
            done += 1;
            Ok(())
        })
    });
    if result.is_err() {
        for change in &pending[..done] {
            // The first failure is the one to report.
            let _ = match &change.old {
                Some(old) => fs::write(&change.path, old),
                None => fs::remove_file(&change.path),
            };
        }
        for change in &pending {
            let _ = fs::remove_file(staging_path(&target(&change.path)));
        }
    }
    result
}

fn stage(change: &Change) -> Result<(), Error> {
    let Some(new) = &change.new else {
        return Ok(());
    };
    if let Some(folder) = change.path.parent() {
        fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    }
    let target = target(&change.path);
    let staged = staging_path(&target);
    // The message names the file that people know.
    fs::write(&staged, new).map_err(io_error("write", &change.path))?;
    if let Ok(old) = fs::metadata(&target) {
        fs::set_permissions(&staged, old.permissions()).map_err(io_error("write", &change.path))?;
    }
    Ok(())
}

fn commit(change: &Change) -> Result<(), Error> {
    let path = &change.path;
    match change.new {
        Some(_) => {
            let target = target(path);
            fs::rename(staging_path(&target), &target).map_err(io_error("write", path))
        }
        None => fs::remove_file(path).map_err(io_error("remove", path)),
    }
}

/// Returns the file that a link stands for, or the path itself.
fn target(path: &Path) -> PathBuf {
    let target = path.is_symlink().then(|| fs::canonicalize(path).ok());
    target.flatten().unwrap_or_else(|| path.to_owned())
}

/// Returns a path in the same folder, so that the rename stays within one file system.
fn staging_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

/// Writes one file over what was generated from any spec.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be written, [`Error::Foreign`] if somebody wrote what is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    // A file without a byte was begun and not finished.
    let old = read_text(path)?.filter(|old| !old.is_empty());
    if old.as_deref().is_some_and(|old| origin(old).is_none()) {
        return Err(Error::Foreign(path.to_owned()));
    }
    apply(&[Change {
        path: path.to_owned(),
        old,
        new: Some(text.to_owned()),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &Path, old: Option<&str>, new: Option<&str>) -> Change {
        Change {
            path: path.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        }
    }

    #[test]
    fn a_failure_names_the_file_itself() {
        let root = std::env::temp_dir().join(format!("retrospec-staging-{}", std::process::id()));
        let path = root.join("file");
        fs::create_dir_all(staging_path(&path)).unwrap();
        let failed = apply(&[change(&path, None, Some("new"))]).unwrap_err();
        let Error::Io { path: named, .. } = &failed else {
            panic!("{failed:?}");
        };
        assert_eq!(*named, path);
        fs::remove_dir_all(&root).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_mode_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let root = std::env::temp_dir().join(format!("retrospec-links-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("elsewhere")).unwrap();
        let (file, link) = (root.join("elsewhere/file"), root.join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("elsewhere/file", &link).unwrap();

        apply(&[change(&link, Some("old"), Some("new"))]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(fs::read_dir(root.join("elsewhere")).unwrap().count(), 1);
        fs::remove_dir_all(&root).unwrap();
    }

    /// The last file cannot take its place: a folder has it.
    #[test]
    fn a_failure_puts_all_files_back() {
        let root = std::env::temp_dir().join(format!("retrospec-disk-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("taken/by")).unwrap();
        fs::write(root.join("changed"), "old").unwrap();
        fs::write(root.join("stale"), "stale").unwrap();

        let failed = apply(&[
            change(&root.join("changed"), Some("old"), Some("new")),
            change(&root.join("missing"), None, Some("new")),
            change(&root.join("stale"), Some("stale"), None),
            change(&root.join("taken"), None, Some("new")),
        ]);
        assert!(
            matches!(
                failed,
                Err(Error::Io {
                    action: "write",
                    ..
                })
            ),
            "{failed:?}"
        );
        let mut names: Vec<_> = fs::read_dir(&root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["changed", "stale", "taken"]);
        assert_eq!(fs::read_to_string(root.join("changed")).unwrap(), "old");
        assert_eq!(fs::read_to_string(root.join("stale")).unwrap(), "stale");
        fs::remove_dir_all(&root).unwrap();
    }
}
