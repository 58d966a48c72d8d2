//! What caused an error, whatever wraps it.

use std::error::Error;
use std::io;
use std::iter;

use retrospec::Outcome;

/// What the first that is known of an error and its causes says. A failure of which nothing is known is
/// final.
#[cfg(any(
    feature = "hyper-util",
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower"
))]
pub(crate) fn outcome<'a>(error: Option<&'a (dyn Error + 'static)>) -> Outcome<'a> {
    iter::successors(error, |&error| error.source())
        .find_map(known)
        .unwrap_or(Outcome::failed())
}

fn known<'a>(error: &'a (dyn Error + 'static)) -> Option<Outcome<'a>> {
    use crate::Attempted;

    #[cfg(any(feature = "reqwest", feature = "reqwest-blocking"))]
    if let Some(error) = error.downcast_ref::<reqwest::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "reqwest-middleware")]
    if let Some(error) = error.downcast_ref::<reqwest_middleware::Error>() {
        return Some(error.outcome());
    }
    #[cfg(any(
        feature = "hyper-util",
        feature = "reqwest",
        feature = "reqwest-blocking"
    ))]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return Some(error.outcome());
    }
    #[cfg(feature = "tower")]
    if error.is::<tower::timeout::error::Elapsed>() {
        return Some(Outcome::no_response());
    }
    error.downcast_ref::<io::Error>().map(Attempted::outcome)
}
