//! The error of hyper, which hyper-util and reqwest wrap in theirs.

use hyper::Error;
use retrospec::Outcome;

use crate::Attempted;

/// A request that was canceled before hyper began with it counts as not sent. Failures on the client's side
/// are never retried: a request that hyper refuses, or a body that fails. Everything else counts as no
/// response.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        if self.is_user() {
            Outcome::failed()
        } else if self.is_canceled() {
            Outcome::not_sent()
        } else {
            Outcome::no_response()
        }
    }
}
