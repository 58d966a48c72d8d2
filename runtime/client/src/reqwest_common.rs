//! What reqwest's two clients share.

use std::convert::Infallible;
use std::error::Error as _;

use reqwest::Error;
use retrospec::{Outcome, Reason};

use crate::decision::{Clock, decide};
use crate::{Attempted, Finished, RetryPolicy, Start, causes};

/// An error of `error_for_status` is a status, without its headers. Not sent is a request if no connection was
/// made: refused, no route, a name that is not found, a connect timeout. No response are other timeouts, and a
/// connection that breaks off, in the body too. Never retried are a request that cannot be built or that fails on
/// this side, a URL that cannot be connected to, redirects, upgrades, and a body that does not decode.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        if let Some(status) = self.status() {
            Outcome::status(status.as_u16())
        } else if self.is_redirect() {
            Outcome::failed()
        } else if self.is_timeout() {
            if self.is_connect() {
                Outcome::not_sent()
            } else {
                Outcome::no_response()
            }
        } else {
            causes::outcome(self.source(), self.is_connect())
        }
    }
}

/// What could not even be built, and so waits for nothing, a stored wait included.
pub(crate) fn unsent<P: Start, R: Attempted>(start: P, result: R) -> Finished<R> {
    let (policy, wait) = start.start();
    let attempt = match wait {
        Some(wait) => wait.into_attempt(),
        None => policy.policy().first_attempt(),
    };
    let Err(stop) = decide(
        &policy,
        &mut Clock::start(),
        attempt,
        result.outcome(),
        || Err::<Infallible, _>(Reason::CannotResend),
    );
    Finished { result, stop }
}
