//! Turns the retry table an API documents into Rust: text in, files out.
//!
//! A spec is a YAML file that holds the table row by row; `spec/README.md` of the repository is its
//! reference. [`check`] reads one and collects all of its errors. [`generate`] makes a crate of it, in memory.
//!
//! ```
//! use retrospec_codegen::{Source, generate};
//!
//! let spec = "
//! api: Example
//! crate: example-status
//! source: {title: Errors, url: https://example.com/errors, read: 2026-11-22}
//! max_retries: 3
//! backoff:
//!   steps: {initial: 1s, multiplier: 5}
//! statuses:
//!   - {code: 200, name: OK, retry: never}
//!   - {code: 503, name: Service Unavailable, retry: stops}
//! unlisted: never
//! transport: never
//! ";
//! let source = Source::new("example.yaml", spec);
//! let generated = generate(&source);
//! assert!(generated.files.is_none());
//! assert_eq!(
//!     generated.diagnostics[0].render(&source, false),
//!     "\
//! error[SPEC0301]: expected a retry behavior, found `stops`
//!   --> example.yaml:10:51
//!    |
//! 10 |   - {code: 503, name: Service Unavailable, retry: stops}
//!    |                                                   ^^^^^ not `never`, `retry-after` or a schedule of this spec
//!    |
//!    = help: did you mean `steps`?"
//! );
//!
//! let source = Source::new("example.yaml", spec.replace("stops", "steps"));
//! let files = generate(&source).files.unwrap();
//! assert!(files["src/status.rs"].contains("ServiceUnavailable = 503"));
//! ```
//!
//! In a `build.rs`, all of it is one line; see [`build`].

/// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod build;
mod diagnostic;
mod diff;
mod disk;
mod document;
mod duration;
mod emit;
mod header;
#[doc(hidden)]
pub mod internal;
mod lower;
mod model;
mod show;
mod source;
mod terminal;
mod update;
mod version;

pub use build::build;
pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use emit::Files;
pub use source::{Source, Span};

/// What a spec says, and its mistakes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The table, unless a diagnostic is an error.
    #[doc(hidden)]
    pub model: Option<model::Model>,
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
    match document::read(source) {
        Ok(root) => {
            let (model, diagnostics) = lower::lower(&root);
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
    let target = emit::Target {
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
