//! Events for `tracing`, if its feature is enabled.

use crate::Decision;

#[cfg(feature = "tracing")]
pub(crate) fn observe(decision: &Decision) {
    use retrospec::{SavedWait, Stop};

    use crate::Answer;
    use crate::decision::rounded;

    let Decision { code, name, answer } = *decision;
    match answer {
        Answer::Retry(SavedWait {
            retry, duration, ..
        }) => {
            tracing::info!(target: "retrospec_client", code, name, retry, wait = ?rounded(duration), "the request is sent again");
        }
        Answer::Stop(Stop {
            reason, retries, ..
        }) => {
            tracing::debug!(target: "retrospec_client", code, name, retries, %reason, "the request is not sent again");
        }
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn observe(_: &Decision) {}
