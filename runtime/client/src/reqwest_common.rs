//! What reqwest's two clients share.

use std::convert::Infallible;
use std::io;

use reqwest::Error;
use retrospec::Outcome;

use crate::decision::{Clock, decide};
use crate::{Attempted, Finished, Retrying, Start, causes};

/// An error of `error_for_status` is a status, without its headers. No response are failures to
/// connect, of TLS among them, timeouts, and a request or a response that breaks off. Never retried are a
/// request that cannot be built, redirects, upgrades, and a body that was read and does not decode.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        if let Some(status) = self.status() {
            return Outcome::status(status.as_u16());
        }
        let is_final = self.is_builder() || self.is_redirect() || self.is_upgrade();
        if is_final || self.is_decode() && !breaks_off(self) {
            Outcome::failed()
        } else {
            Outcome::no_response()
        }
    }
}

/// A body that breaks off is called a decoding error like one that does not decode; what tells them apart
/// is an I/O error among the causes.
fn breaks_off(error: &Error) -> bool {
    causes::chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| !causes::is_final(cause))
}

/// What could not even be built, and so waits for nothing, a stored wait included.
pub(crate) fn unsent<P: Start, R: Attempted>(start: P, result: R) -> Finished<R> {
    let (retrying, wait) = start.start();
    let attempt = match wait {
        Some(wait) => wait.into_attempt(),
        None => retrying.policy().first_attempt(),
    };
    let Err(stop) = decide(
        &retrying,
        &mut Clock::start(),
        attempt,
        result.outcome(),
        None::<Infallible>,
    );
    Finished { result, stop }
}
