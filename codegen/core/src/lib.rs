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
mod check;
mod diagnostic;
mod diff;
mod disk;
mod document;
mod duration;
mod emit;
mod evidence;
mod header;
#[cfg(feature = "import")]
mod import;
#[doc(hidden)]
pub mod internal;
mod lower;
mod model;
#[cfg(feature = "page")]
mod page;
mod show;
mod source;
mod terminal;
mod update;
mod version;

pub use build::build;
pub use check::{Checked, Generated, check, generate};
pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use emit::Files;
pub use source::{Source, Span};
