use std::time::Duration;

use reqwest_middleware::{ClientBuilder, Error};
use reqwest_retry::{RetryTransientMiddleware, Retryable, RetryableStrategy};
use retry_policies::{Jitter, policies::ExponentialBackoff};

use super::client;
use crate::contender::{Contender, Send};
use crate::trial::CHUNK;

pub(super) const PEER: Contender = Contender {
    name: "reqwest-retry",
    is_ours: false,
    crates: &["reqwest-retry", "retry-policies"],
    file: include_str!("reqwest_retry.rs"),
    not_told: &[
        "the wait of Retry-After: the strategy sees the response and gives no wait, the policy gives the \
         wait and sees no response (TrueLayer/reqwest-middleware#146, #247); so 429 is not retried",
    ],
    send: Send::Async(|url| Box::pin(send(url))),
};

async fn send(url: String) {
    // configuration
    struct Documented;
    impl RetryableStrategy for Documented {
        fn handle(&self, result: &Result<reqwest::Response, Error>) -> Option<Retryable> {
            match result.as_ref().ok()?.status().as_u16() {
                502..=504 => Some(Retryable::Transient),
                _ => None,
            }
        }
    }
    let policy = ExponentialBackoff::builder()
        .retry_bounds(Duration::from_secs(8), Duration::from_secs(32_768))
        .base(8)
        .jitter(Jitter::None)
        .build_with_max_retries(5);
    let retry = RetryTransientMiddleware::new_with_policy_and_strategy(policy, Documented);
    let client = ClientBuilder::new(client()).with(retry).build();
    // configuration
    let _ = client.post(url).body(CHUNK).send().await;
}
