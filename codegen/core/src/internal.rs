//! What the command, the macro and this repository's tasks and tests use. It may change in any release.

use proc_macro2::TokenStream;

use crate::diagnostic::Diagnostic;
use crate::emit;
use crate::lower;
use crate::model::Model;
use crate::source::Source;

pub use crate::check::check_draft;
pub use crate::duration::{human, parse as parse_duration};
pub use crate::emit::{Target, rows, table};
pub use crate::lower::parse_jitter;
pub use crate::show::show;
pub use crate::source::MAX_BYTES;

/// Two tables compared.
pub mod diff {
    pub use crate::diff::*;
}

/// Files on the disk.
pub mod disk {
    pub use crate::disk::*;
}

/// The first line of a generated file.
pub mod header {
    pub use crate::header::*;
}

/// Drafts from OpenAPI documents.
#[cfg(feature = "import")]
pub mod import {
    pub use crate::import::*;
}

/// A table that has been checked.
pub mod model {
    pub use crate::model::*;
}

/// A saved page, and what a spec says of it.
#[cfg(feature = "page")]
pub mod page {
    pub use crate::page::*;
}

/// How a command speaks.
pub mod terminal {
    pub use crate::terminal::*;
}

/// A table as Markdown.
pub mod markdown {
    pub use crate::emit::{escape, page, words};
}

/// Bumps of versions.
pub mod version {
    pub use crate::version::*;
}

/// Returns the files of a crate for a certain place.
///
/// # Errors
///
/// A diagnostic if the spec does not name the crate.
pub fn crate_files(model: &Model, target: &Target) -> Result<emit::Files, Diagnostic> {
    let name = model
        .crate_name
        .as_deref()
        .ok_or_else(lower::missing_crate)?;
    Ok(emit::crate_files(model, name, target))
}

/// Returns the items of a table as tokens, for a macro. `also` stands in the module that holds them.
#[must_use]
pub fn items(model: &Model, also: &TokenStream) -> TokenStream {
    emit::include_tokens(model, also)
}

/// Returns the items of a table as one file without inner attributes, for `include!`.
#[must_use]
pub fn include_file(model: &Model, source: &Source, command: &str) -> String {
    emit::include_file(model, source.name(), command)
}

/// A table and the one that replaces it.
pub mod update {
    pub use crate::update::*;
}
