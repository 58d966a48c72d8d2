//! The error of hyper, which hyper-util and reqwest have below theirs.

use hyper::Error;
use retrospec::Outcome;

use crate::Attempted;

/// Not sent is a request that was canceled before hyper began with it. Never retried is what comes from this
/// side: a request that hyper refuses, or a body that fails. Everything else is no response.
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
