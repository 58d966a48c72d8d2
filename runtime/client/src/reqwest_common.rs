//! What reqwest's two clients share.

use std::error::Error as _;

use reqwest::Error;
use retrospec::{Next, Outcome};

use crate::decision::{Clock, decide};
use crate::{Attempted, Finished, Retrying};

/// An error of `error_for_status` is a status, without its headers. No response are failures to
/// connect, timeouts, and a request or a response that breaks off. Never retried are a request that
/// cannot be built, redirects, upgrades, and a body that was read and does not decode.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        if let Some(status) = self.status() {
            return Outcome::status(status.as_u16());
        }
        let is_final = self.is_builder() || self.is_redirect() || self.is_upgrade();
        // A body that breaks off is called a decoding error, too; its cause is another of reqwest's.
        let does_not_decode = self.is_decode()
            && !self
                .source()
                .is_some_and(<dyn std::error::Error>::is::<Self>);
        if is_final || does_not_decode {
            Outcome::failed()
        } else {
            Outcome::no_response()
        }
    }
}

/// What could not even be sent.
pub(crate) fn unsent<P: Retrying, R: Attempted>(retrying: &P, result: R) -> Finished<R> {
    let attempt = retrying.policy().first_attempt();
    let stop = match decide(
        retrying,
        &mut Clock::start(),
        attempt,
        result.outcome(),
        false,
    ) {
        Next::Retry(wait) => wait.cannot_resend(),
        Next::Stop(stop) => stop,
    };
    Finished { result, stop }
}
