use std::convert::Infallible;
use std::io::{self, ErrorKind};

use retrospec::Outcome;

/// What one attempt came to, in a client's own type, as the engine wants to be told.
///
/// It is implemented for the types of HTTP clients, and for a `Result` of two types that implement it.
/// Implement it for a type of your own where an operation is several requests, or where a failure needs
/// a second look: an upload may be refused by a storage service whose codes are not in this table.
#[diagnostic::on_unimplemented(
    message = "what `{Self}` means to a table is not known",
    note = "implement `Attempted` for a type of your own; for those of HTTP clients it is a feature of `retrospec-client`"
)]
pub trait Attempted {
    /// The status code and the headers `Retry-After` and `Date` of a response;
    /// [`Outcome::no_response`] where there was none; [`Outcome::failed`] where sending again cannot
    /// mend it.
    fn outcome(&self) -> Outcome<'_>;
}

impl<T: Attempted, E: Attempted> Attempted for Result<T, E> {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Ok(response) => response.outcome(),
            Err(error) => error.outcome(),
        }
    }
}

/// No response, unless what was sent or came is wrong: a bad address, a body that does not decode
/// ([`InvalidInput`](ErrorKind::InvalidInput), [`InvalidData`](ErrorKind::InvalidData)).
impl Attempted for io::Error {
    fn outcome(&self) -> Outcome<'_> {
        match self.kind() {
            ErrorKind::InvalidInput | ErrorKind::InvalidData => Outcome::failed(),
            _ => Outcome::no_response(),
        }
    }
}

impl Attempted for Infallible {
    fn outcome(&self) -> Outcome<'_> {
        match *self {}
    }
}

#[cfg(feature = "http")]
impl<B> Attempted for http::Response<B> {
    fn outcome(&self) -> Outcome<'_> {
        of_response(self.status(), self.headers())
    }
}

/// Of several lines of a header, the first counts.
#[cfg(feature = "http")]
pub(crate) fn of_response(status: http::StatusCode, headers: &http::HeaderMap) -> Outcome<'_> {
    let value = |name| headers.get(name).map(http::HeaderValue::as_bytes);
    Outcome::status(status.as_u16())
        .retry_after(value(http::header::RETRY_AFTER))
        .date(value(http::header::DATE))
}
