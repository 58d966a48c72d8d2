//! Code that all clients of reqwest share.

use std::convert::Infallible;

use retrospec::Reason;

use crate::clock::Clock;
use crate::decide::decide;
use crate::{Attempted, Finished, RetryPolicy, Start};

/// Implements the traits for a request and a response: `messages!(reqwest::blocking)`.
macro_rules! messages {
    ($($client:ident)::+) => {
        impl $crate::attempted::Attempted for $($client)::+::Response {
            fn outcome(&self) -> retrospec::Outcome<'_> {
                $crate::attempted::outcome(self.status(), self.headers())
            }
        }

        impl $crate::adapters::request::CloneRequest for $($client)::+::Request {
            fn method(&self) -> &http::Method {
                <$($client)::+::Request>::method(self)
            }

            fn headers(&self) -> &http::HeaderMap {
                <$($client)::+::Request>::headers(self)
            }

            fn try_clone(&self) -> Option<Self> {
                <$($client)::+::Request>::try_clone(self)
            }
        }
    };
}

pub(super) use messages;

/// Decides about a request that could not be built. It does not wait, not even for a stored wait.
pub(super) fn unsent<P: Start, R: Attempted>(start: P, result: R) -> Finished<R> {
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
