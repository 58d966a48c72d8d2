//! Generated files against a folder: nothing is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::change::Change;
use crate::disk::error::{Error, io_error};
use crate::disk::read::{origin, read_text};
use crate::emit::Files;

/// Compares `files` with what is in the folder `root`.
///
/// # Errors
///
/// [`Error::Io`] if a file cannot be read, [`Error::Foreign`] if somebody wrote one of them, and
/// [`Error::OtherSpec`] if one was generated from another spec.
pub fn compare(root: &Path, files: &Files) -> Result<Vec<Change>, Error> {
    let ours = files.values().find_map(|text| origin(text));
    let mut changes = Vec::new();
    for (name, new) in files {
        let path = root.join(name);
        let old = read_text(&path)?;
        if let Some(old) = &old {
            match origin(old) {
                None => return Err(Error::Foreign(path)),
                theirs if theirs == ours => {}
                Some(theirs) => {
                    return Err(Error::OtherSpec {
                        path,
                        theirs: theirs.to_owned(),
                        ours: ours.unwrap_or_default().to_owned(),
                    });
                }
            }
        }
        changes.push(Change {
            path,
            old,
            new: Some(new.clone()),
        });
    }
    // What another spec left is not this one's to remove.
    for folder in [root.to_owned(), root.join("src")] {
        for path in files_in(&folder)? {
            let known = changes.iter().any(|change| change.path == path);
            if let (false, Some(old)) = (known, read_text(&path).ok().flatten())
                && origin(&old).is_some_and(|spec| Some(spec) == ours)
            {
                changes.push(Change {
                    path,
                    old: Some(old),
                    new: None,
                });
            }
        }
    }
    Ok(changes)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_error("read", folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io_error("read", folder))?;
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
