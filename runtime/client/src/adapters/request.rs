//! Requests, and which of them are retried.

use http::header::{HeaderMap, HeaderName};
use http::{Method, Request, Uri, uri::Scheme};
use retrospec::Reason;

use crate::RetryPolicy;
use crate::kept::{About, Kept};

/// A request of an HTTP client that adapters can retry.
pub trait CloneRequest: Sized {
    /// Returns the method, which says whether the request is idempotent.
    fn method(&self) -> &Method;

    /// Returns the headers. With an `Idempotency-Key`, the request is idempotent.
    fn headers(&self) -> &HeaderMap;

    /// Returns the host that the request goes to, and the port if it is known. Only events tell them.
    fn server(&self) -> Option<(&str, Option<u16>)> {
        None
    }

    /// Returns a copy to send again, or `None` if the body can be sent only once.
    fn try_clone(&self) -> Option<Self>;
}

impl<B: Clone> CloneRequest for Request<B> {
    fn method(&self) -> &Method {
        Request::method(self)
    }

    fn headers(&self) -> &HeaderMap {
        Request::headers(self)
    }

    fn server(&self) -> Option<(&str, Option<u16>)> {
        Some((self.uri().host()?, port(self.uri())))
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| {
        let scheme = uri.scheme()?;
        [(Scheme::HTTP, 80), (Scheme::HTTPS, 443)]
            .into_iter()
            .find_map(|(known, port)| (*scheme == known).then_some(port))
    })
}

/// A copy of a request, or what is known of a request that cannot be sent again.
pub(super) type Copy<Q> = Result<Q, Gone>;

/// What is known of a request that cannot be sent again.
pub(super) struct Gone {
    reason: Reason,
    is_idempotent: bool,
    #[cfg(feature = "tracing")]
    target: Option<crate::kept::Target>,
}

impl<Q: CloneRequest> About for Copy<Q> {
    fn is_idempotent(&self) -> bool {
        match self {
            Ok(copy) => is_idempotent(copy),
            Err(gone) => gone.is_idempotent,
        }
    }

    fn refuse(&self) -> Option<Reason> {
        self.as_ref().err().map(|gone| gone.reason)
    }

    #[cfg(feature = "tracing")]
    fn target(&self) -> Option<crate::kept::Target> {
        match self {
            Ok(copy) => Some(target(copy)),
            Err(gone) => gone.target.clone(),
        }
    }
}

impl<Q: CloneRequest> Kept<Q> for Copy<Q> {
    fn again(self) -> Result<Q, Reason> {
        self.map_err(|gone| gone.reason)
    }
}

/// As a client's builder returns it.
impl<Q: CloneRequest, E> Kept<Result<Q, E>> for Copy<Q> {
    fn again(self) -> Result<Result<Q, E>, Reason> {
        self.map(Ok).map_err(|gone| gone.reason)
    }
}

/// Returns what is kept of a request that is about to be sent.
pub(super) fn keep<Q: CloneRequest>(policy: &impl RetryPolicy, request: &Q) -> Copy<Q> {
    let gone = |reason| Gone {
        reason,
        is_idempotent: is_idempotent(request),
        #[cfg(feature = "tracing")]
        target: Some(target(request)),
    };
    may_resend(policy, request).map_err(gone)?;
    request
        .try_clone()
        .ok_or_else(|| gone(Reason::CannotResend))
}

/// Does the same for a request that may not have been built.
pub(super) fn keep_built<Q: CloneRequest, E>(
    policy: &impl RetryPolicy,
    request: &Result<Q, E>,
) -> Copy<Q> {
    match request {
        Ok(request) => keep(policy, request),
        Err(_) => Err(Gone {
            reason: Reason::CannotResend,
            is_idempotent: false,
            #[cfg(feature = "tracing")]
            target: None,
        }),
    }
}

/// Returns an error if the policy does not allow a retry of this request.
pub(super) fn may_resend(
    policy: &impl RetryPolicy,
    request: &impl CloneRequest,
) -> Result<(), Reason> {
    let is_idempotent = || {
        policy
            .is_idempotent()
            .unwrap_or_else(|| is_idempotent(request))
    };
    if policy.is_idempotent_only() && !is_idempotent() {
        Err(Reason::NotIdempotent)
    } else {
        Ok(())
    }
}

/// Returns whether a request is idempotent, by its method or an `Idempotency-Key`.
pub(super) fn is_idempotent(request: &impl CloneRequest) -> bool {
    const KEY: HeaderName = HeaderName::from_static("idempotency-key");
    request.method().is_idempotent() || request.headers().contains_key(KEY)
}

#[cfg(feature = "tracing")]
pub(super) fn target(request: &impl CloneRequest) -> crate::kept::Target {
    let (host, port) = request.server().unzip();
    crate::kept::Target {
        method: request.method().to_string(),
        host: host.map(str::to_owned),
        port: port.flatten(),
    }
}
