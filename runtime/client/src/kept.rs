//! What is known of a request, and what is kept of it while it is sent.

use retrospec::Reason;

/// What is known of a request.
pub(crate) trait About {
    /// Returns whether the request is idempotent by itself.
    fn is_idempotent(&self) -> bool;

    /// Decides whether it is sent again, and returns why not. A budget counts that.
    fn refuse(&self) -> Option<Reason>;

    /// Returns the place that the request goes to, for an event.
    #[cfg(feature = "tracing")]
    fn target(&self) -> Option<Target>;
}

/// What is kept of a request of the type `Q` while it is sent.
pub(crate) trait Kept<Q>: About {
    /// Returns what is sent again, or the [refusal](About::refuse).
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

    fn refuse(&self) -> Option<Reason> {
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
