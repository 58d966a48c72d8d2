//! The outcome of an error by its cause, whatever wraps it.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

use retrospec::Outcome;

use crate::Attempted;
use crate::attempted::{innermost, of_io};

/// Returns what an error means, whatever wraps it: the outcome of the first known cause in its chain of sources.
///
/// Known are [`io::Error`], and the errors of the clients and tower's timeout if their features are enabled.
/// [`Outcome::is_not_sent`], [`Outcome::is_no_response`] and [`Outcome::is_failed`] tell the three kinds apart. If no
/// cause is known, the failure is final: [`Outcome::failed`].
///
/// ```
/// use std::error::Error;
/// use std::io;
///
/// use retrospec_client::{Attempted, Outcome, outcome_of_error};
///
/// /// An error of your own, around a client's.
/// #[derive(Debug)]
/// struct UploadError(Box<dyn Error + Send + Sync>);
///
/// impl Attempted for UploadError {
///     fn outcome(&self) -> Outcome<'_> {
///         outcome_of_error(&*self.0)
///     }
/// }
///
/// let refused = UploadError(io::Error::from(io::ErrorKind::ConnectionRefused).into());
/// assert!(refused.outcome().is_not_sent());
/// ```
#[must_use]
pub fn outcome_of_error<'a>(error: &'a (dyn Error + 'static)) -> Outcome<'a> {
    outcome(Some(error), false)
}

/// Returns the outcome of the first known cause of an error. If none is known, the failure is final.
///
/// An I/O error while `connecting` counts as not sent.
pub(crate) fn outcome<'a>(
    error: Option<&'a (dyn Error + 'static)>,
    connecting: bool,
) -> Outcome<'a> {
    first_known(error, connecting).unwrap_or(Outcome::failed())
}

fn first_known<'a>(
    error: Option<&'a (dyn Error + 'static)>,
    connecting: bool,
) -> Option<Outcome<'a>> {
    iter::successors(error, |&error| error.source()).find_map(|error| known(error, connecting))
}

fn known<'a>(error: &'a (dyn Error + 'static), connecting: bool) -> Option<Outcome<'a>> {
    macro_rules! known {
        ($($feature:literal: $error:ty;)*) => {
            $(#[cfg(feature = $feature)]
            if let Some(error) = error.downcast_ref::<$error>() {
                return Some(error.outcome());
            })*
        };
    }
    known! {
        "reqwest": reqwest::Error;
        "reqwest-0-12": reqwest_0_12::Error;
        "reqwest-middleware": reqwest_middleware::Error;
        "ureq": ureq::Error;
        "hyper-util": hyper_util::client::legacy::Error;
        "__hyper": hyper::Error;
    }
    #[cfg(feature = "tower")]
    if error.is::<tower::timeout::error::Elapsed>() {
        return Some(Outcome::no_response());
    }
    let error = error.downcast_ref::<io::Error>()?;
    // The error that it wraps is not its source.
    if let Some(inner) = error.get_ref()
        && let Some(outcome) = first_known(Some(inner), connecting)
    {
        return Some(outcome);
    }
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
