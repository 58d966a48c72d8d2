use super::builder;
use crate::contender::{Contender, Send};
use crate::trial::CHUNK;

pub(super) const PEER: Contender = Contender {
    name: "reqwest's own retry",
    is_ours: false,
    crates: &["reqwest"],
    file: include_str!("reqwest_own.rs"),
    not_told: &[
        "any wait: the policy's future is `Ready<()>`",
        "Retry-After: the classifier sees method, URI, status and error; so 429 is not retried",
    ],
    send: Send::Async(|url| Box::pin(send(url))),
};

async fn send(url: String) {
    // configuration
    let retry = reqwest::retry::for_host("127.0.0.1")
        .no_budget()
        .max_retries_per_request(5)
        .classify_fn(
            |attempt| match attempt.status().map(|status| status.as_u16()) {
                Some(502..=504) => attempt.retryable(),
                _ => attempt.success(),
            },
        );
    let client = builder().retry(retry).build();
    // configuration
    let _ = client.expect("a client").post(url).body(CHUNK).send().await;
}
