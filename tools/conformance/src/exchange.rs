use std::time::Instant;

use crate::{Received, Reply};

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request.
    pub request: Received,
    /// The answer. Once it is written, it has the times that it gave.
    pub reply: Reply,
    /// When the first byte of the answer was written, or the connection reset instead; `None` before.
    pub answered: Option<Instant>,
    /// The same by the system's clock, in seconds since 1970; 0 before.
    pub unix_seconds: u64,
}

impl Exchange {
    pub(crate) fn unanswered(request: Received) -> Self {
        Self {
            request,
            reply: Reply::close(),
            answered: None,
            unix_seconds: 0,
        }
    }
}
