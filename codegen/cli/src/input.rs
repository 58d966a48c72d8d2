//! Specs from files, and what is wrong with them on stderr.

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use retrospec_codegen::source::MAX_BYTES;
use retrospec_codegen::{Checked, Diagnostic, Model, Source};

use crate::{Failure, output, shown};

pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    Ok(Source::from_bytes(shown(path), &bytes(path)?))
}

/// No more of a file than it takes to refuse it.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: io::Error| Failure::Other(format!("cannot read {}: {error}", path.display()));
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

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
    for diagnostic in diagnostics {
        output::say(&format!("{}\n\n", diagnostic.render(source, colour)));
    }
}
