//! Code that all clients of reqwest share, in both versions.

use crate::Start;
use crate::start::Begun;

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

            fn server(&self) -> Option<(&str, Option<u16>)> {
                Some((self.url().host_str()?, self.url().port_or_known_default()))
            }

            fn try_clone(&self) -> Option<Self> {
                <$($client)::+::Request>::try_clone(self)
            }
        }
    };
}

pub(super) use messages;

/// Begins a request. One that could not be built does not wait, not even for a stored wait.
pub(super) fn begin<P: Start, Q, E>(policy: P, request: &Result<Q, E>) -> Begun<P::Policy> {
    let begun = Begun::new(policy);
    match request {
        Ok(_) => begun,
        Err(_) => Begun {
            wait: None,
            ..begun
        },
    }
}
