use tokio_retry2::{Retry, RetryError, strategy::ExponentialFactorBackoff};

use super::{client, delay_seconds, post, status};
use crate::contender::{Contender, Send};

pub(super) const PEER: Contender = Contender {
    name: "tokio-retry2, `retry_after`",
    is_ours: false,
    crates: &["tokio-retry2"],
    file: include_str!("tokio_retry2.rs"),
    not_told: &[
        "the wait of Retry-After: RetryError::retry_after takes it, and the strategy's is slept",
        "a Retry-After that is a date: nothing of the crate's reads one",
    ],
    send: Send::Async(|url| Box::pin(send(url))),
};

async fn send(url: String) {
    let client = client();
    // configuration
    let strategy = ExponentialFactorBackoff::from_millis(8_000, 8.0).take(5);
    let attempt = async || {
        let failure = match post(&client, &url).await {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        let asked = failure.as_ref().and_then(delay_seconds);
        Err(match (status(failure.as_ref()), asked) {
            (Some(502..=504), _) => RetryError::transient(failure),
            (Some(429), Some(wait)) => RetryError::retry_after(failure, wait),
            _ => RetryError::permanent(failure),
        })
    };
    let _ = Retry::spawn(strategy, attempt).await;
    // configuration
}
