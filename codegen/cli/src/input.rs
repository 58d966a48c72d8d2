//! Specs from files, and what is wrong with them on stderr.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

use retrospec_codegen::{Checked, Diagnostic, Model, Source, disk};

use crate::{Failure, output};

/// What stands for standard input in place of a path.
const STDIN: &str = "-";

pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Refuses to read standard input twice.
pub(crate) fn check_stdin(paths: &[&Path]) -> Result<(), Failure> {
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        let message = "`-` is standard input, which can be read once: give one of them as a file";
        return Err(Failure::Other(message.to_owned()));
    }
    Ok(())
}

pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    if is_stdin(path) {
        let bytes = disk::read_limited(io::stdin().lock())
            .map_err(|error| Failure::Other(format!("cannot read standard input: {error}")))?;
        return Ok(Source::from_bytes("<stdin>", &bytes));
    }
    Ok(Source::from_bytes(
        disk::slashed(path),
        &disk::read_spec(path)?,
    ))
}

/// Nobody reads more of them at once, and each costs a walk through the text.
const SHOWN: usize = 100;

/// The model of a spec that is right; of one that is wrong, it says why.
pub(crate) fn model(path: &Path) -> Result<(Source, Model), Failure> {
    let source = read(path)?;
    let Checked { model, diagnostics } = retrospec_codegen::check(&source);
    say(&diagnostics, &source);
    Ok((source, model.ok_or(Failure::Content)?))
}

pub(crate) fn say(diagnostics: &[Diagnostic], source: &Source) {
    let colour =
        io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    for diagnostic in diagnostics.iter().take(SHOWN) {
        output::say(&format!("{}\n\n", diagnostic.render(source, colour)));
    }
    if let Some(more @ 1..) = diagnostics.len().checked_sub(SHOWN) {
        output::say(&format!("and {more} more like these\n\n"));
    }
}
