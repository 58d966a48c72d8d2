//! Specs from files or standard input.

use std::io;
use std::path::Path;

use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::terminal::{Failure, report};
use retrospec_codegen::internal::{MAX_BYTES, check_draft, disk};
use retrospec_codegen::{Checked, Source, check};

/// What stands for standard input in place of a path.
const STDIN: &str = "-";

pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Refuses to read standard input twice.
pub(crate) fn check_stdin(paths: &[&Path]) -> Result<(), Failure> {
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        let message = "`-` is standard input, which can be read once: give one of them as a file";
        return Err(message.into());
    }
    Ok(())
}

pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    read_up_to(MAX_BYTES, path)
}

/// Reads a file. If it has more than `most` bytes, only enough of it to tell is read.
pub(crate) fn read_up_to(most: usize, path: &Path) -> Result<Source, Failure> {
    Ok(Source::from_bytes(name(path), &bytes(path, most)?))
}

/// Returns what messages call a file.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) {
        return "<stdin>".to_owned();
    }
    disk::slashed(path)
}

/// Returns the bytes of a file, as [`read_up_to`] reads them.
pub(crate) fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    if is_stdin(path) {
        let bytes = disk::read_limited(io::stdin().lock(), most);
        return Ok(bytes.map_err(|error| format!("cannot read standard input: {error}"))?);
    }
    Ok(disk::read_file(path, most)?)
}

/// Returns a spec and its model, or reports the errors.
pub(crate) fn model(path: &Path) -> Result<(Source, Model), Failure> {
    checked(read(path)?, check)
}

/// Returns the model of a spec, or reports the errors.
pub(crate) fn model_of(source: Source) -> Result<(Source, Model), Failure> {
    checked(source, check)
}

/// The same for a spec that may be a draft.
pub(crate) fn draft(path: &Path) -> Result<(Source, Model), Failure> {
    checked(read(path)?, check_draft)
}

fn checked(source: Source, check: fn(&Source) -> Checked) -> Result<(Source, Model), Failure> {
    let checked = check(&source);
    report(&checked.diagnostics, &source);
    Ok((source, checked.model.ok_or(Failure::Refused)?))
}
