use std::thread;
use std::time::Duration;

use http::{Request, Response};
use retrospec::Outcome;
use ureq::{Agent, AsSendBody, Body, Error};

use crate::request::copy;
use crate::resend::resend;
use crate::{Attempted, Finished, Start, causes};

/// [`Error::StatusCode`] is a status, without its headers. No response are I/O errors, timeouts, a host
/// name that is not found, a connection that fails, and an answer that is not HTTP. Everything else is
/// never retried: a bad URI or address, TLS, redirects, proxies, limits.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::StatusCode(code) => Outcome::status(*code),
            Self::Io(error) if causes::is_final(error) => Outcome::failed(),
            Self::Io(_)
            | Self::Timeout(_)
            | Self::HostNotFound
            | Self::ConnectionFailed
            | Self::Protocol(_) => Outcome::no_response(),
            _ => Outcome::failed(),
        }
    }
}

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
    fn run_with<P: Start, B: AsSendBody + Clone>(
        &self,
        request: Request<B>,
        policy: P,
    ) -> Finished<Result<Response<Body>, Error>> {
        self.run_with_sleep(request, policy, thread::sleep)
    }

    /// The same with a sleep of one's own.
    fn run_with_sleep<P: Start, B: AsSendBody + Clone>(
        &self,
        request: Request<B>,
        policy: P,
        sleep: impl FnMut(Duration),
    ) -> Finished<Result<Response<Body>, Error>>;
}

impl RunWith for Agent {
    fn run_with_sleep<P: Start, B: AsSendBody + Clone>(
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
