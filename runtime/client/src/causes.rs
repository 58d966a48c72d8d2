//! What caused an error.

use std::io::{self, ErrorKind};

/// An error, then what caused it, and so on.
#[cfg(any(
    feature = "hyper-util",
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower"
))]
pub(crate) fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// What was sent or came is wrong, and did not break off: a bad address, a body that does not decode.
pub(crate) fn is_final(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData
    )
}
