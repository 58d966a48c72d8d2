//! Paths as generated files and messages name them.

use std::path::Path;

use crate::disk::error::Error;

/// Returns a path with `/` between its parts on every system.
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
