//! What caused an error.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

/// An error, then what caused it, and so on.
pub(crate) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}

/// What was sent or came is wrong, and does not break off: a bad address, a certificate, a body that does
/// not decode.
pub(crate) fn is_final(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData
    )
}
