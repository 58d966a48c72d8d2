//! Outcomes of the types of HTTP clients.

use std::convert::Infallible;
use std::io::{self, ErrorKind};

use retrospec::Outcome;

/// A result of one attempt that can be converted to an [`Outcome`].
///
/// It is implemented for the types of HTTP clients, and for a `Result` of two types that implement it.
/// Implement it for your own type if an operation is several requests, or if a failure needs a closer look.
/// An upload may be refused by a storage service whose codes are not in this table, for example.
#[diagnostic::on_unimplemented(
    message = "the outcome of `{Self}` is not known",
    note = "implement `Attempted` for your own types; for the types of an HTTP client, enable its feature of `retrospec-client`",
    note = "an operation that has nothing to return can return its last response, in place of `()`"
)]
pub trait Attempted {
    /// Returns the status code of a response, with its headers `Retry-After` and `Date`. If there was no
    /// response, returns [`Outcome::not_sent`] if no part of the request can have left, else
    /// [`Outcome::no_response`]. If a retry cannot help, returns [`Outcome::failed`].
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

/// Counts as not sent if the connection was refused, or this host had no address or port for it
/// ([`ConnectionRefused`](ErrorKind::ConnectionRefused), [`AddrNotAvailable`](ErrorKind::AddrNotAvailable)).
///
/// Never retried if the data is wrong or missing: a bad address, a body that does not decode, a file that is not
/// there ([`InvalidInput`](ErrorKind::InvalidInput), [`InvalidData`](ErrorKind::InvalidData),
/// [`NotFound`](ErrorKind::NotFound), [`IsADirectory`](ErrorKind::IsADirectory)).
///
/// Everything else counts as no response. That includes an unreachable host, which can also end a connection in use.
/// If it wraps the error of an HTTP client, see [`outcome_of_error`](crate::outcome_of_error).
impl Attempted for io::Error {
    fn outcome(&self) -> Outcome<'_> {
        of_io(self, Outcome::no_response())
    }
}

/// Returns the outcome of an I/O error, or `otherwise` if its kind alone does not decide.
pub(crate) fn of_io<'a>(error: &io::Error, otherwise: Outcome<'a>) -> Outcome<'a> {
    match innermost(error).kind() {
        ErrorKind::InvalidInput
        | ErrorKind::InvalidData
        | ErrorKind::NotFound
        | ErrorKind::IsADirectory => Outcome::failed(),
        ErrorKind::ConnectionRefused | ErrorKind::AddrNotAvailable => Outcome::not_sent(),
        _ => otherwise,
    }
}

/// Returns the innermost I/O error: TLS errors about a certificate are wrapped in another one.
pub(crate) fn innermost(error: &io::Error) -> &io::Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(inner) => innermost(inner),
        None => error,
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
        outcome(self.status(), self.headers())
    }
}

/// Returns the outcome of a response, for any client that uses the types of the crate `http`. If a header has
/// several lines, the first counts.
///
/// ```
/// use retrospec_client::{Attempted, Outcome};
///
/// # struct OfAnyClient;
/// # impl OfAnyClient {
/// #     fn status(&self) -> http::StatusCode { http::StatusCode::ACCEPTED }
/// #     fn headers(&self) -> &http::HeaderMap { unreachable!() }
/// # }
/// struct Response(OfAnyClient);
///
/// impl Attempted for Response {
///     fn outcome(&self) -> Outcome<'_> {
///         retrospec_client::outcome(self.0.status(), self.0.headers())
///     }
/// }
/// ```
#[cfg(feature = "http")]
#[must_use]
pub fn outcome(status: http::StatusCode, headers: &http::HeaderMap) -> Outcome<'_> {
    Outcome::status(status.as_u16()).headers(headers)
}
