use std::thread;
use std::time::Duration;

use http::{Request, Response};
use retrospec::Outcome;
use ureq::{Agent, AsSendBody, Body, Error};

use crate::request::copy;
use crate::resend::resend;
use crate::{Attempted, Finished, Start};

/// [`Error::StatusCode`] is a status, without its headers. No response are I/O errors, timeouts, a host
/// name that is not found, and a connection that fails. Everything else is never retried: a bad URI or
/// address, TLS, redirects, proxies, limits, and with them a response whose headers exceed
/// [`max_response_header_size`](ureq::config::ConfigBuilder::max_response_header_size), and an answer that is
/// not HTTP, which ureq does not tell from a request that it refuses.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::StatusCode(code) => Outcome::status(*code),
            Self::Io(error) => error.outcome(),
            Self::Timeout(_) | Self::HostNotFound | Self::ConnectionFailed => {
                Outcome::no_response()
            }
            _ => Outcome::failed(),
        }
    }
}

/// A body that is the same each time it is sent: bytes and texts. What is read, as a file is, was read
/// when it is sent again, and so does not compile:
///
/// ```compile_fail
/// use retrospec_client::RunWith;
///
/// let file = std::fs::File::open("chunk").unwrap();
/// let request = http::Request::post("https://chunks.memfault.com/api/v0/chunks/TESTSERIAL");
/// let request = request.body(&file).unwrap();
/// let finished = ureq::agent().run_with(request, memfault_status::policy());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not be the same when it is sent again",
    note = "give bytes or a text; to read them anew for each attempt, use `retry` with a closure"
)]
pub trait Resendable: AsSendBody + Clone {}

impl Resendable for () {}
impl Resendable for &[u8] {}
impl<const N: usize> Resendable for &[u8; N] {}
impl Resendable for Vec<u8> {}
impl Resendable for &Vec<u8> {}
impl Resendable for &str {}
impl Resendable for String {}
impl Resendable for &String {}

/// [`Agent::run`], again and again.
pub trait RunWith {
    /// Runs the request as often as the policy says, and sleeps between with [`thread::sleep`].
    ///
    /// Every response comes back as one, whatever
    /// [`http_status_as_error`](ureq::config::ConfigBuilder::http_status_as_error) says: an error would
    /// have lost `Retry-After`. The request is cloned once for each time it is sent.
    ///
    /// Timeouts of the agent's configuration hold for each attempt.
    /// [`max_elapsed`](retrospec::Policy::max_elapsed) lets no retry start later; it does not cut an attempt
    /// that has started.
    fn run_with<P: Start, B: Resendable>(
        &self,
        request: Request<B>,
        policy: P,
    ) -> Finished<Result<Response<Body>, Error>> {
        self.run_with_sleep(request, policy, thread::sleep)
    }

    /// The same with a sleep of one's own.
    fn run_with_sleep<P: Start, B: Resendable>(
        &self,
        request: Request<B>,
        policy: P,
        sleep: impl FnMut(Duration),
    ) -> Finished<Result<Response<Body>, Error>>;
}

impl RunWith for Agent {
    fn run_with_sleep<P: Start, B: Resendable>(
        &self,
        request: Request<B>,
        policy: P,
        sleep: impl FnMut(Duration),
    ) -> Finished<Result<Response<Body>, Error>> {
        let request = self
            .configure_request(request)
            .http_status_as_error(false)
            .build();
        let run = |_, request| self.run(request);
        resend(policy, request, copy, run, sleep)
    }
}
