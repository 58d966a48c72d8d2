//! Requests, and which of them are sent again.

use retrospec::Reason;

use crate::RetryPolicy;

/// A request of an HTTP client, as adapters send it again.
pub trait CloneRequest: Sized {
    /// Returns the method, which tells whether it may be sent again if
    /// [`RetryOptions::idempotent_only`](crate::RetryOptions::idempotent_only) was asked for.
    fn method(&self) -> &http::Method;

    /// Returns a copy to send again, or `None` if the body is there only once.
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

/// Returns why the policy does not let this request be sent again, if it does not.
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
