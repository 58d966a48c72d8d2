//! The error of hyper-util's client.

use std::error::Error as _;

use hyper_util::client::legacy::Error;
use retrospec::Outcome;

use crate::{Attempted, errors};

/// A request counts as not sent if no connection was made: refused, no route, a name that is not found. A
/// connection that breaks or ends before the answer counts as no response, and so does an answer that is not
/// HTTP. Never retried are a URL that the connector does not take, a request that hyper refuses, and a body
/// that fails on the client's side.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        errors::outcome(self.source(), self.is_connect())
    }
}
