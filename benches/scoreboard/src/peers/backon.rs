use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use super::{client, delay_seconds, post, status};
use crate::contender::{Contender, Send};

pub(super) const PEER: Contender = Contender {
    name: "backon",
    is_ours: false,
    crates: &["backon"],
    file: include_str!("backon.rs"),
    not_told: &["a Retry-After that is a date: its docs parse seconds only"],
    send: Send::Async(|url| Box::pin(send(url))),
};

async fn send(url: String) {
    let client = client();
    // configuration
    let backoff = ExponentialBuilder::new()
        .with_factor(8.0)
        .with_min_delay(Duration::from_secs(8))
        .without_max_delay()
        .with_max_times(5);
    let _ = (|| post(&client, &url))
        .retry(backoff)
        .when(|failure| matches!(status(failure.as_ref()), Some(429 | 502..=504)))
        .adjust(|failure, wait| match failure {
            // Without retries left `wait` is `None`, and has to stay so.
            Some(response) if response.status() == 429 => wait.and(delay_seconds(response)),
            _ => wait,
        })
        .await;
    // configuration
}
