//! From the text of a spec to its table, and to the files of a crate.

use crate::diagnostic::Diagnostic;
use crate::document;
use crate::emit::{Files, Target};
use crate::evidence;
use crate::internal;
use crate::lower::{self, Undecided};
use crate::model::Model;
use crate::source::Source;

/// What a spec says, and its mistakes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The table, unless a diagnostic is an error.
    #[doc(hidden)]
    pub model: Option<Model>,
    /// Errors and warnings, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Returns the errors as rustc would show them, without color, or an empty string if there are none.
    #[must_use]
    pub fn errors(&self, source: &Source) -> String {
        let errors = self.diagnostics.iter().filter(|found| found.is_error());
        let texts: Vec<String> = errors.map(|error| error.render(source, false)).collect();
        texts.join("\n\n")
    }
}

/// Reads a spec and checks it.
#[must_use]
pub fn check(source: &Source) -> Checked {
    let mut checked = read(source, Undecided::Refused);
    for diagnostic in &mut checked.diagnostics {
        evidence::quote(diagnostic, source);
    }
    checked
}

/// Reads a spec that may be a draft, to compare it.
#[must_use]
pub fn check_draft(source: &Source) -> Checked {
    read(source, Undecided::Kept)
}

fn read(source: &Source, undecided: Undecided) -> Checked {
    match document::read(source) {
        Ok(root) => {
            let (model, diagnostics) = lower::lower(&root, undecided);
            Checked { model, diagnostics }
        }
        Err(diagnostics) => Checked {
            model: None,
            diagnostics,
        },
    }
}

/// The files of a crate, and the mistakes of its spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files, unless a diagnostic is an error.
    pub files: Option<Files>,
    /// Errors and warnings, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Generates a crate that takes the engine from the registry.
#[must_use]
pub fn generate(source: &Source) -> Generated {
    let target = Target {
        spec: source.name().to_owned(),
        command: format!("`retrospec generate {} --out .`", source.name()),
        runtime_path: None,
    };
    let Checked {
        model,
        mut diagnostics,
    } = check(source);
    let files = match model.map(|model| internal::crate_files(&model, &target)) {
        Some(Ok(files)) => Some(files),
        Some(Err(diagnostic)) => {
            diagnostics.push(diagnostic);
            None
        }
        None => None,
    };
    Generated { files, diagnostics }
}
