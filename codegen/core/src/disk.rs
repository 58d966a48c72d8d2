//! Files in memory against a folder: compared, or written all or none. Only this module touches
//! files.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::emit::Files;
use crate::header;
use crate::source::MAX_BYTES;

/// A file, as it is and as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is.
    pub path: PathBuf,
    old: Option<String>,
    new: Option<String>,
}

/// What has to happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Unchanged,
    /// It is not there.
    Missing,
    /// It holds something else.
    Different,
    /// It was generated once, and nothing generates it any more.
    Stale,
}

/// Why files could not be compared or written.
#[derive(Debug)]
pub enum Error {
    /// The file system refused.
    Io {
        /// What was tried, as in `read`.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What came back.
        source: io::Error,
    },
    /// The file does not bear the generator's mark: somebody wrote it.
    Foreign(PathBuf),
    /// The file was generated from another spec.
    OtherSpec {
        /// The file.
        path: PathBuf,
        /// The spec that its header names.
        theirs: String,
        /// The spec that was to be generated.
        ours: String,
    },
    /// A path cannot be written into a file that is to be read on other systems.
    Path {
        /// The path.
        path: PathBuf,
        /// What it has, as in `is not UTF-8`.
        fault: &'static str,
    },
    /// A file that is shared with people has no place for the generated part.
    NoSection {
        /// The file.
        path: PathBuf,
        /// The line that should be there.
        marker: String,
    },
}

impl Kind {
    /// What was done once [`apply`] is through, in a word.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Missing | Self::Different => "written",
            Self::Stale => "removed",
        }
    }
}

/// How files differ from what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Unified diffs from what is to what should be.
    pub diff: String,
    /// A line for each file, and the command that mends them.
    pub message: String,
}

/// How files differ, and the command that mends them; `None` where they do not.
#[must_use]
pub fn drift(changes: &[Change], command: &str) -> Option<Drift> {
    let mut drift = Drift {
        diff: String::new(),
        message: String::new(),
    };
    for change in changes {
        let what = match change.kind() {
            Kind::Unchanged => continue,
            Kind::Missing => "is missing",
            Kind::Different => "differs from what its spec says",
            Kind::Stale => "is stale: no spec generates it",
        };
        drift.diff.push_str(&change.diff());
        let line = format!("error: {} {what}\n", slashed(&change.path));
        drift.message.push_str(&line);
    }
    if drift.message.is_empty() {
        return None;
    }
    let line = format!("to fix it, run: {command}\n");
    drift.message.push_str(&line);
    Some(drift)
}

impl Change {
    /// Returns the change of a file that is there, from `old` to `new`.
    #[must_use]
    pub fn of(path: PathBuf, old: String, new: String) -> Self {
        Self {
            path,
            old: Some(old),
            new: Some(new),
        }
    }

    /// What has to happen.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match (&self.old, &self.new) {
            (None, _) => Kind::Missing,
            (_, None) => Kind::Stale,
            (Some(old), Some(new)) if with_line_feeds(old) == with_line_feeds(new) => {
                Kind::Unchanged
            }
            _ => Kind::Different,
        }
    }

    /// A unified diff from the file as it is to the file as it should be; empty where they agree.
    #[must_use]
    pub fn diff(&self) -> String {
        let (old, new) = (
            self.old.as_deref().unwrap_or_default(),
            self.new.as_deref().unwrap_or_default(),
        );
        let path = slashed(&self.path);
        similar::TextDiff::from_lines(&*with_line_feeds(old), &*with_line_feeds(new))
            .unified_diff()
            .header(&format!("a/{path}"), &format!("b/{path}"))
            .to_string()
    }
}

/// Reads a spec: no more of the file than it takes to refuse it for its size.
///
/// # Errors
///
/// [`Error::Io`] where it cannot be read.
pub fn read_spec(path: &Path) -> Result<Vec<u8>, Error> {
    fs::File::open(path)
        .and_then(read_limited)
        .map_err(io_error("read", path))
}

/// Reads a spec from anywhere: no more than it takes to refuse it for its size.
///
/// # Errors
///
/// Those of the reader.
pub fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes one file over what was generated from any spec.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be written, [`Error::Foreign`] if somebody wrote what is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    // A file without a byte was begun and not finished.
    let old = read_text(path)?.filter(|old| !old.is_empty());
    if old.is_some_and(|old| origin(&old).is_none()) {
        return Err(Error::Foreign(path.to_owned()));
    }
    fs::write(path, text).map_err(io_error("write", path))
}

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

/// Holds sections against a file that is shared with people: each is a name and a text, which
/// belongs between the lines `<!-- begin NAME -->` and `<!-- end NAME -->`.
///
/// # Errors
///
/// [`Error::Io`] where it cannot be read, [`Error::NoSection`] where it lacks a line.
pub fn compare_sections(path: &Path, sections: &[(&str, String)]) -> Result<Change, Error> {
    let old = fs::read_to_string(path).map_err(io_error("read", path))?;
    let mut new = old.clone();
    for (name, text) in sections {
        let marker = |word| format!("<!-- {word} {name} -->");
        let (begin, end) = (marker("begin"), marker("end"));
        let lacks = |marker: &str| Error::NoSection {
            path: path.to_owned(),
            marker: marker.to_owned(),
        };
        let (before, rest) = new.split_once(&begin).ok_or_else(|| lacks(&begin))?;
        let (_, after) = rest.split_once(&end).ok_or_else(|| lacks(&end))?;
        new = format!("{before}{begin}\n\n{}\n\n{end}{after}", text.trim_end());
    }
    Ok(Change::of(path.to_owned(), old, new))
}

/// Makes the files what they should be: all of them, or, where that fails, none.
///
/// # Errors
///
/// [`Error::Io`] where a file cannot be written.
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
            let _ = fs::remove_file(staging_path(&change.path));
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
    let path = staging_path(&change.path);
    fs::write(&path, new).map_err(io_error("write", &path))
}

fn commit(change: &Change) -> Result<(), Error> {
    let path = &change.path;
    match change.new {
        Some(_) => fs::rename(staging_path(path), path).map_err(io_error("write", path)),
        None => fs::remove_file(path).map_err(io_error("remove", path)),
    }
}

/// In the same folder, so that the rename stays within one file system.
fn staging_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

/// With `/` on every system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Returns a path as a generated file can name it, with `/` between its parts.
///
/// # Errors
///
/// [`Error::Path`] if it is not UTF-8 or holds a control character, or a backslash that separates nothing:
/// on another system it would be another path.
pub fn portable(path: &Path) -> Result<String, Error> {
    let fault = |fault| Error::Path {
        path: path.to_owned(),
        fault,
    };
    let text = path.to_str().ok_or_else(|| fault("is not UTF-8"))?;
    if text.contains(char::is_control) {
        return Err(fault("holds a control character"));
    }
    if cfg!(windows) {
        return Ok(slashed(path));
    }
    if text.contains('\\') {
        return Err(fault("holds a backslash"));
    }
    Ok(text.to_owned())
}

/// Returns the command in the header of a generated file, or `None` if there is no such file.
///
/// # Errors
///
/// [`Error::Io`] if the file cannot be read, [`Error::Foreign`] if somebody wrote it.
pub fn command_of(path: &Path) -> Result<Option<String>, Error> {
    let Some(text) = read_text(path)? else {
        return Ok(None);
    };
    match header::parse(&text) {
        Some(header) => Ok(Some(header.command.to_owned())),
        None => Err(Error::Foreign(path.to_owned())),
    }
}

/// The spec that a generated file names in its first line; `None` if somebody wrote the file.
fn origin(text: &str) -> Option<&str> {
    header::parse(text).map(|header| header.spec)
}

/// A checkout may have turned line ends into those of its system.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `None` where there is no such file. Bytes that are no text are nobody's generated file.
fn read_text(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::Foreign(path.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", path)(error)),
    }
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

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io {
        action,
        path,
        source,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io {
                action,
                path,
                source,
            } => write!(f, "cannot {action} {}: {source}", path.display()),
            Self::Foreign(path) => write!(
                f,
                "{} was not generated and is not overwritten: move it away, or choose another folder",
                path.display()
            ),
            Self::OtherSpec { path, theirs, ours } => write!(
                f,
                "{} was generated from {theirs}, not from {ours}: choose another folder, or delete the file if its table is not wanted any more",
                path.display()
            ),
            // Escaped: the fault may not show.
            Self::Path { path, fault } => write!(
                f,
                "the path {:?} {fault}, and generated files name it: rename it",
                path.to_string_lossy()
            ),
            Self::NoSection { path, marker } => {
                write!(f, "{} has no line `{marker}`", path.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
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

    /// The last of the files cannot take its place, for a folder has it.
    #[test]
    fn where_one_file_cannot_be_put_in_place_all_are_as_they_were() {
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
