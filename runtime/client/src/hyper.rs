use hyper::Error;
use retrospec::Outcome;

use crate::Attempted;

/// No response, unless it comes from this side: a request that hyper refuses, or a body that fails.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        if self.is_user() {
            Outcome::failed()
        } else {
            Outcome::no_response()
        }
    }
}
