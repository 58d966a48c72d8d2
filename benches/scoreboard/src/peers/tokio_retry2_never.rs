use tokio_retry2::{Retry, RetryError, strategy::ExponentialFactorBackoff};

use super::{client, post, status};
use crate::contender::{Contender, Send};

pub(super) const PEER: Contender = Contender {
    name: "tokio-retry2, 429 not retried",
    is_ours: false,
    crates: &["tokio-retry2"],
    file: include_str!("tokio_retry2_never.rs"),
    not_told: &["the wait of Retry-After, as above; so 429 is not retried"],
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
        Err(match status(failure.as_ref()) {
            Some(502..=504) => RetryError::transient(failure),
            _ => RetryError::permanent(failure),
        })
    };
    let _ = Retry::spawn(strategy, attempt).await;
    // configuration
}
