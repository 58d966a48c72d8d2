/// A request of an HTTP client, as adapters send it again.
pub trait Resend: Sized {
    /// Tells whether it may be sent again where [`Retry::idempotent_only`](crate::Retry::idempotent_only)
    /// was asked for.
    fn method(&self) -> &http::Method;

    /// A copy to send again; `None` where the body is there only once.
    fn try_clone(&self) -> Option<Self>;
}

impl<B: Clone> Resend for http::Request<B> {
    fn method(&self) -> &http::Method {
        self.method()
    }

    fn try_clone(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// A copy to send again, where that can and may be.
#[cfg(any(feature = "reqwest", feature = "reqwest-blocking", feature = "ureq"))]
pub(crate) fn copy<Q: Resend>(retrying: &impl crate::Retrying, request: &Q) -> Option<Q> {
    if may_resend(retrying, request) {
        request.try_clone()
    } else {
        None
    }
}

#[cfg(any(
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower",
    feature = "ureq"
))]
pub(crate) fn may_resend(retrying: &impl crate::Retrying, request: &impl Resend) -> bool {
    !retrying.is_idempotent_only() || request.method().is_idempotent()
}
