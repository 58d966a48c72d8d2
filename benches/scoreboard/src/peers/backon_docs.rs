use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use super::{client, post, status};
use crate::contender::{Contender, Send};

pub(super) const PEER: Contender = Contender {
    name: "backon, `adjust` as in its docs",
    is_ours: false,
    crates: &["backon"],
    file: include_str!("backon_docs.rs"),
    not_told: &[
        "as above; the hook is the one in the docs of `Retry::adjust`, the rest is configured as above",
    ],
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
            Some(response) => {
                if let Some(retry_after) = response.headers().get("Retry-After") {
                    let retry_after = retry_after.to_str().unwrap_or("0");
                    let retry_after = retry_after.parse::<u64>().unwrap_or(0);
                    Some(Duration::from_secs(retry_after))
                } else {
                    wait
                }
            }
            None => wait,
        })
        .await;
    // configuration
}
