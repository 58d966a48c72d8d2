//! Turns the retry table an API documents into Rust: text in, files out.
//!
//! A spec is a YAML file that holds the table row by row; `spec/README.md` of the repository is its
//! reference. [`check`] reads one and collects all of its errors, and [`generate`] makes a crate of it, in
//! memory; [`disk`] holds files against a folder.
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
//! error[SPEC0301]: `stops` is not a retry behavior
//!   --> example.yaml:10:51
//!    |
//! 10 |   - {code: 503, name: Service Unavailable, retry: stops}
//!    |                                                   ^^^^^ neither a schedule of this spec nor a word of the language
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
pub mod diagnostic;
pub mod diff;
pub mod disk;
mod document;
mod duration;
mod emit;
pub mod header;
mod lower;
pub mod model;
mod show;
pub mod source;

pub use build::build;
pub use diagnostic::{Diagnostic, Severity};
pub use duration::human;
pub use emit::{Files, Target, rows, table};
pub use model::Model;
pub use show::show;
pub use source::Source;

/// What a spec says, and what is wrong with it.
#[derive(Debug)]
pub struct Checked {
    /// The table, where no diagnostic is an error.
    pub model: Option<Model>,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// The errors, as rustc would show them, without colour; empty where there are none.
    #[must_use]
    pub fn errors(&self, source: &Source) -> String {
        let errors = self.diagnostics.iter().filter(|found| found.is_error());
        let texts: Vec<String> = errors.map(|error| error.render(source, false)).collect();
        texts.join("\n\n")
    }
}

/// Reads a spec.
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

/// The files of a crate, and what is wrong with its spec.
#[derive(Debug)]
pub struct Generated {
    /// The files, where no diagnostic is an error.
    pub files: Option<Files>,
    /// Errors and warnings, in the order of the text.
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
    let files = match model.map(|model| crate_files(&model, &target)) {
        Some(Ok(files)) => Some(files),
        Some(Err(diagnostic)) => {
            diagnostics.push(diagnostic);
            None
        }
        None => None,
    };
    Generated { files, diagnostics }
}

/// The files of a crate for a certain place.
///
/// # Errors
///
/// A diagnostic where the spec does not name the crate.
pub fn crate_files(model: &Model, target: &Target) -> Result<Files, Diagnostic> {
    let name = model
        .crate_name
        .as_deref()
        .ok_or_else(lower::missing_crate)?;
    Ok(emit::crate_files(model, name, target))
}

/// Returns the items of a table as tokens, for a macro. `also` stands in the module that holds them.
#[must_use]
pub fn items(model: &Model, also: &proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    emit::include_tokens(model, also)
}

/// The items of a table as one file without inner attributes, for `include!`.
#[must_use]
pub fn include_file(model: &Model, source: &Source, command: &str) -> String {
    emit::include_file(model, source.name(), command)
}
