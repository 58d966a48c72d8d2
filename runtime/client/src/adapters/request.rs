//! Requests, and which of them are retried.

use retrospec::Reason;

use crate::RetryPolicy;
use crate::driver::Kept;

/// A request of an HTTP client that adapters can retry.
pub trait CloneRequest: Sized {
    /// Returns the method, which says whether the request is idempotent.
    fn method(&self) -> &http::Method;

    /// Returns the headers. With an `Idempotency-Key`, the request is idempotent.
    fn headers(&self) -> &http::HeaderMap;

    /// Returns a copy to send again, or `None` if the body can be sent only once.
    fn try_clone(&self) -> Option<Self>;
}

impl<B: Clone> CloneRequest for http::Request<B> {
    fn method(&self) -> &http::Method {
        http::Request::method(self)
    }

    fn headers(&self) -> &http::HeaderMap {
        http::Request::headers(self)
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// Returns what is kept of a request that is about to be sent.
pub(super) fn keep<Q: CloneRequest>(policy: &impl RetryPolicy, request: &Q) -> Kept<Q> {
    let is_idempotent = is_idempotent(policy, request);
    let copy = || request.try_clone().ok_or(Reason::CannotResend);
    Kept {
        again: may_resend(policy, is_idempotent).and_then(|()| copy()),
        is_idempotent,
    }
}

/// Returns an error if the policy does not allow a retry of this request.
pub(super) fn may_resend(policy: &impl RetryPolicy, is_idempotent: bool) -> Result<(), Reason> {
    if policy.is_idempotent_only() && !is_idempotent {
        Err(Reason::NotIdempotent)
    } else {
        Ok(())
    }
}

/// Returns whether a request is idempotent: as the policy was told, else by its method or an `Idempotency-Key`.
pub(super) fn is_idempotent(policy: &impl RetryPolicy, request: &impl CloneRequest) -> bool {
    policy.is_idempotent().unwrap_or_else(|| {
        request.method().is_idempotent() || request.headers().contains_key("idempotency-key")
    })
}
