//! Generated sections of a file that people write.

use std::fs;
use std::path::Path;

use crate::disk::change::Change;
use crate::disk::error::{Error, io_error};

/// Compares sections with a file that people write. Each is a name and its text, which belongs between
/// the lines `<!-- begin NAME -->` and `<!-- end NAME -->`.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be read, [`Error::NoSection`] if it lacks a line.
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
