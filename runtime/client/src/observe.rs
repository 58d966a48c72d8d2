//! Events for `tracing`, where the feature asks for them.

use crate::Decision;

#[cfg(feature = "tracing")]
pub(crate) fn observe(decision: &Decision) {
    use crate::Answer;

    let Decision { code, name, answer } = *decision;
    match answer {
        Answer::Retry { retry, wait } => {
            tracing::info!(code, name, retry, ?wait, "the request is sent again");
        }
        Answer::Stop(stop) => {
            let retries = stop.retries;
            tracing::debug!(code, name, retries, reason = %stop.reason, "the request is not sent again");
        }
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn observe(_: &Decision) {}
