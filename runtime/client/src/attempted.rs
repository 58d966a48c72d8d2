//! What one attempt came to, in a client's own types.

use std::convert::Infallible;
use std::io::{self, ErrorKind};

use retrospec::Outcome;

/// What one attempt came to, in a client's own type, as the engine wants to be told.
///
/// It is implemented for the types of HTTP clients, and for a `Result` of two types that implement it.
/// Implement it for a type of your own if an operation is several requests, or if a failure needs a second
/// look: an upload may be refused by a storage service whose codes are not in this table.
#[diagnostic::on_unimplemented(
    message = "what `{Self}` means to a table is not known",
    note = "implement `Attempted` for a type of your own; for those of HTTP clients it is a feature of `retrospec-client`"
)]
pub trait Attempted {
    /// Returns the status code and the headers `Retry-After` and `Date` of a response. If there was none, it is
    /// [`Outcome::not_sent`] if no part of the request can have left, else [`Outcome::no_response`]. If sending
    /// again cannot help, it is [`Outcome::failed`].
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

/// Not sent if the connection was refused, or this host had no address or port for it
/// ([`ConnectionRefused`](ErrorKind::ConnectionRefused), [`AddrNotAvailable`](ErrorKind::AddrNotAvailable)).
/// Never retried if what was sent or came is wrong: a bad address, a body that does not decode
/// ([`InvalidInput`](ErrorKind::InvalidInput), [`InvalidData`](ErrorKind::InvalidData)). Everything else is no
/// response: an unreachable host, too, can end a connection that was made and used.
impl Attempted for io::Error {
    fn outcome(&self) -> Outcome<'_> {
        of_io(self, Outcome::no_response())
    }
}

/// Returns what an I/O error comes to, or `otherwise` if its kind alone does not say.
pub(crate) fn of_io<'a>(error: &io::Error, otherwise: Outcome<'a>) -> Outcome<'a> {
    match innermost(error).kind() {
        ErrorKind::InvalidInput | ErrorKind::InvalidData => Outcome::failed(),
        ErrorKind::ConnectionRefused | ErrorKind::AddrNotAvailable => Outcome::not_sent(),
        _ => otherwise,
    }
}

/// Returns the I/O error in an I/O error: what TLS says of a certificate is wrapped in one.
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

/// Returns the outcome of a response, for any client that goes by the types of the crate `http`. Of several
/// lines of a header, the first counts.
///
/// ```
/// use retrospec_client::Attempted;
/// use retrospec_client::retrospec::Outcome;
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
    let value = |name| headers.get(name).map(http::HeaderValue::as_bytes);
    Outcome::status(status.as_u16())
        .retry_after(value(http::header::RETRY_AFTER))
        .date(value(http::header::DATE))
        .headers(headers)
}
