use hyper_util::client::legacy::Error;
use retrospec::Outcome;

use crate::{Attempted, causes};

/// No response are an error of the connection's I/O, a name that is not found, a connection that ends
/// before the answer, and an answer that is not HTTP. Never retried are a URL that the connector does not
/// take, a request that hyper refuses, and a body that fails on this side.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        causes::outcome(Some(self))
    }
}
