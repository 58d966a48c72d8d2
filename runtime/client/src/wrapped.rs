//! Errors of any type, as layers and middleware wrap them.

use std::error::Error;
use std::io;

use retrospec::Outcome;

use crate::causes::{chain, is_final};

/// What the first cause says that is known; a failure that nothing is known of is final.
pub(crate) fn outcome<'a>(error: &'a (dyn Error + 'static)) -> Outcome<'a> {
    chain(error).find_map(known).unwrap_or(Outcome::failed())
}

fn known<'a>(error: &'a (dyn Error + 'static)) -> Option<Outcome<'a>> {
    #[cfg(feature = "reqwest")]
    if let Some(error) = error.downcast_ref::<reqwest::Error>() {
        return Some(crate::Attempted::outcome(error));
    }
    #[cfg(feature = "hyper-util")]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return Some(no_response_unless(error.is_user()));
    }
    #[cfg(feature = "tower")]
    if error.is::<tower::timeout::error::Elapsed>() {
        return Some(Outcome::no_response());
    }
    let error = error.downcast_ref::<io::Error>()?;
    Some(no_response_unless(is_final(error)))
}

fn no_response_unless(is_final: bool) -> Outcome<'static> {
    if is_final {
        Outcome::failed()
    } else {
        Outcome::no_response()
    }
}
