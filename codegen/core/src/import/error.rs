//! Why nothing is drafted.

use crate::document::Refusal;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Error {
    /// The document, at a place.
    Document(Refusal),
    /// What was asked for.
    Request(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Document(refusal)
    }
}
