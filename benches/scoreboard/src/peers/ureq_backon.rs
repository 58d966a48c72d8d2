use std::time::Duration;

use backon::{BlockingRetryable, ExponentialBuilder};
use ureq::Error;

use crate::contender::{Contender, Send, Sleep};
use crate::trial::CHUNK;

pub(super) const PEER: Contender = Contender {
    name: "ureq with backon",
    is_ours: false,
    crates: &["ureq", "backon"],
    file: include_str!("ureq_backon.rs"),
    not_told: &[
        "the wait of Retry-After: backon's blocking retry has no `adjust`; so 429 is not retried",
        "ureq alone, how to retry: its middleware may call the rest of the chain once (`self` is consumed)",
    ],
    send: Send::Blocking(send),
};

fn send(url: &str, sleep: Sleep) {
    let agent = ureq::Agent::config_builder()
        .proxy(None)
        .build()
        .new_agent();
    // configuration
    let backoff = ExponentialBuilder::new()
        .with_factor(8.0)
        .with_min_delay(Duration::from_secs(8))
        .without_max_delay()
        .with_max_times(5);
    let _ = (|| agent.post(url).send(CHUNK))
        .retry(backoff)
        .when(|error| matches!(error, Error::StatusCode(502..=504)))
        .sleep(sleep)
        .call();
    // configuration
}
