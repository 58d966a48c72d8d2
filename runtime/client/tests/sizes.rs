//! What a request takes while it waits: its future, of which a program may have many.
#![cfg(feature = "reqwest")]

mod common;

use backon::Retryable;
use common::{Response, UNAVAILABLE};
use memfault_status::policy;
use retrospec_client::{SendWith, retry_async};
use tokio::time::sleep;

async fn send() -> Response {
    std::future::ready(UNAVAILABLE).await
}

async fn fail() -> Result<(), u16> {
    Err(send().await.0)
}

#[test]
fn a_drivers_future_is_no_larger_than_backons() {
    let ours = size_of_val(&retry_async(policy(), |_| send(), sleep));
    let theirs = size_of_val(&fail.retry(backon::ExponentialBuilder::new()).sleep(sleep));
    let span = if cfg!(feature = "tracing") {
        size_of::<tracing::Span>()
    } else {
        0
    };
    assert!(ours <= theirs + span, "{ours} bytes, and {theirs}");
}

/// The request, a copy to send again, and a driver's.
#[test]
fn an_adapters_future_has_two_requests() {
    let requests = 2 * size_of::<reqwest::Request>();
    let driver = size_of_val(&retry_async(policy(), |_| send(), sleep));
    let request = reqwest::Client::new().post("http://localhost/");
    let adapter = size_of_val(&request.send_with(policy()));
    assert!(adapter <= requests + driver + 64, "{adapter} bytes");
}
