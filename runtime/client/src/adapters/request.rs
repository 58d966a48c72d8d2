//! Requests, and which of them are retried.

use retrospec::Reason;

use crate::RetryPolicy;

/// A request of an HTTP client that adapters can retry.
pub trait CloneRequest: Sized {
    /// Returns the method, for [`RetryOptions::idempotent_only`](crate::RetryOptions::idempotent_only).
    fn method(&self) -> &http::Method;

    /// Returns a copy to send again, or `None` if the body can be sent only once.
    fn try_clone(&self) -> Option<Self>;
}

impl<B: Clone> CloneRequest for http::Request<B> {
    fn method(&self) -> &http::Method {
        self.method()
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// Returns a copy to send again, or why there is none.
pub(super) fn copy<Q: CloneRequest>(policy: &impl RetryPolicy, request: &Q) -> Result<Q, Reason> {
    may_resend(policy, request)?;
    request.try_clone().ok_or(Reason::CannotResend)
}

/// Returns an error if the policy does not allow a retry of this request.
pub(super) fn may_resend(
    policy: &impl RetryPolicy,
    request: &impl CloneRequest,
) -> Result<(), Reason> {
    if policy.is_idempotent_only() && !request.method().is_idempotent() {
        Err(Reason::NotIdempotent)
    } else {
        Ok(())
    }
}
