//! The outcome of an error by its cause, whatever wraps it.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

use retrospec::Outcome;

use crate::Attempted;
use crate::attempted::{innermost, of_io};

/// Returns the outcome of the first known cause of an error. If none is known, the failure is final.
///
/// An I/O error while `connecting` counts as not sent.
pub(super) fn outcome<'a>(
    error: Option<&'a (dyn Error + 'static)>,
    connecting: bool,
) -> Outcome<'a> {
    iter::successors(error, |&error| error.source())
        .find_map(|error| known(error, connecting))
        .unwrap_or(Outcome::failed())
}

fn known<'a>(error: &'a (dyn Error + 'static), connecting: bool) -> Option<Outcome<'a>> {
    #[cfg(feature = "reqwest")]
    if let Some(error) = error.downcast_ref::<reqwest::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "reqwest-middleware")]
    if let Some(error) = error.downcast_ref::<reqwest_middleware::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "hyper-util")]
    if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "__hyper")]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "tower")]
    if error.is::<tower::timeout::error::Elapsed>() {
        return Some(Outcome::no_response());
    }
    let error = error.downcast_ref::<io::Error>()?;
    if !connecting {
        return Some(error.outcome());
    }
    // A connector's own error, such as an unsupported scheme, has the kind `Other`. A name that is not found
    // has another kind.
    let otherwise = match innermost(error).kind() {
        ErrorKind::Other => Outcome::failed(),
        _ => Outcome::not_sent(),
    };
    Some(of_io(error, otherwise))
}
