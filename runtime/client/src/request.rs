#[cfg(any(
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower",
    feature = "ureq"
))]
use retrospec::Reason;

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
#[cfg(any(feature = "reqwest", feature = "reqwest-blocking", feature = "ureq"))]
pub(crate) fn copy<Q: CloneRequest>(
    policy: &impl crate::RetryPolicy,
    request: &Q,
) -> Result<Q, Reason> {
    may_resend(policy, request)?;
    request.try_clone().ok_or(Reason::CannotResend)
}

#[cfg(any(
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower",
    feature = "ureq"
))]
pub(crate) fn may_resend(
    policy: &impl crate::RetryPolicy,
    request: &impl CloneRequest,
) -> Result<(), Reason> {
    if policy.is_idempotent_only() && !request.method().is_idempotent() {
        Err(Reason::NotIdempotent)
    } else {
        Ok(())
    }
}
