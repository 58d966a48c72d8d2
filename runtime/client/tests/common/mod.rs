//! A response without a client.

#![allow(dead_code, reason = "every test file uses some of it")]

use retrospec::Outcome;
use retrospec_client::Attempted;

/// A status code, with what `Retry-After` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Response(pub(crate) u16, pub(crate) Option<&'static str>);

impl Attempted for Response {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::status(self.0).retry_after(self.1.map(str::as_bytes))
    }
}

/// No response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreachable;

impl Attempted for Unreachable {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::no_response()
    }
}

pub(crate) const UNAVAILABLE: Response = Response(503, None);
pub(crate) const ACCEPTED: Response = Response(202, None);
