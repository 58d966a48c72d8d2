use std::time::Duration;

use reqwest::Response;
use reqwest_middleware::{ClientBuilder, Error};
use reqwest_retry::{RetryTransientMiddleware, Retryable, RetryableStrategy};
use retry_policies::{Jitter, policies::ExponentialBackoff};

struct Documented;

impl RetryableStrategy for Documented {
    fn handle(&self, result: &Result<Response, Error>) -> Option<Retryable> {
        match result {
            Ok(response) => matches!(response.status().as_u16(), 502..=504),
            Err(error) => error.is_connect(),
        }
        .then_some(Retryable::Transient)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let policy = ExponentialBackoff::builder()
        .retry_bounds(Duration::from_secs(8), Duration::from_secs(32_768))
        .base(8)
        .jitter(Jitter::None)
        .build_with_max_retries(5);
    let retry = RetryTransientMiddleware::new_with_policy_and_strategy(policy, Documented);
    let client = ClientBuilder::new(reqwest::Client::new())
        .with(retry)
        .build();
    let url = std::env::var("RETROSPEC_URL").expect("an address") + "/api/v0/chunks/TESTSERIAL";
    let _ = client.post(url).body("chunk").send().await;
}
