//! What is known of a request, and what is kept of it while it is sent.

use retrospec::Reason;

use crate::RetryPolicy;

/// What is known of a request.
pub(crate) trait About {
    /// Returns whether the request is idempotent by itself.
    fn is_idempotent(&self) -> bool;

    /// Returns why it cannot be sent again, or `None` if it can.
    fn refusal(&self) -> Option<Reason>;

    /// Returns the place that the request goes to, for an event.
    #[cfg(feature = "tracing")]
    fn target(&self) -> Option<Target>;
}

/// What is kept of a request of the type `Q` while it is sent.
pub(crate) trait Kept<Q>: About {
    /// Returns what is sent again, or the [refusal](About::refusal).
    fn again(self) -> Result<Q, Reason>;
}

/// A method and a host.
#[cfg(feature = "tracing")]
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) method: String,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
}

/// Operations of a driver are performed anew, and nothing is known of their requests.
impl About for () {
    fn is_idempotent(&self) -> bool {
        false
    }

    fn refusal(&self) -> Option<Reason> {
        None
    }

    #[cfg(feature = "tracing")]
    fn target(&self) -> Option<Target> {
        None
    }
}

impl Kept<()> for () {
    fn again(self) -> Result<(), Reason> {
        Ok(())
    }
}

/// Returns whether a request is idempotent: as the policy was told, else by itself.
pub(crate) fn is_idempotent(policy: &impl RetryPolicy, request: &impl About) -> bool {
    let told = policy.is_idempotent();
    told.unwrap_or_else(|| request.is_idempotent())
}
