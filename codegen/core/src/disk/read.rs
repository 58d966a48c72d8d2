//! Files as they are: specs, and what was generated before.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::disk::error::{Error, io_error};
use crate::header;
use crate::source::MAX_BYTES;

/// Reads a spec: no more of the file than it takes to refuse it for its size.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be read.
pub fn read_spec(path: &Path) -> Result<Vec<u8>, Error> {
    read_file(path, MAX_BYTES)
}

/// Reads a file: no more of it than it takes to refuse it for having more than `most` bytes.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be read.
pub fn read_file(path: &Path, most: usize) -> Result<Vec<u8>, Error> {
    fs::File::open(path)
        .and_then(|file| read_limited(file, most))
        .map_err(io_error("read", path))
}

/// Reads from anywhere: no more than it takes to refuse it for having more than `most` bytes.
///
/// # Errors
///
/// Those of the reader.
pub fn read_limited(reader: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
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

/// Returns the text of a file, or `None` if there is no such file.
///
/// # Errors
///
/// [`Error::Io`] if it cannot be read, [`Error::Foreign`] if it is not UTF-8: the generator did not write it.
pub fn read_text(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::Foreign(path.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", path)(error)),
    }
}

/// Returns the spec that a generated file names in its first line, or `None` if somebody wrote the file.
pub(super) fn origin(text: &str) -> Option<&str> {
    header::parse(text).map(|header| header.spec)
}
