//! What an error comes to by its cause, whatever wraps it.

use std::error::Error;
use std::io;
use std::iter;

use retrospec::Outcome;

use crate::Attempted;
use crate::attempted::of_io;

/// Returns what the first known cause of an error comes to. If none is known, the failure is final.
///
/// What breaks while `connecting` was not sent.
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
    Some(if connecting {
        of_io(error, Outcome::not_sent())
    } else {
        error.outcome()
    })
}
