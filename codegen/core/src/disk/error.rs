//! Why files cannot be read or written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be compared or written.
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

pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
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
