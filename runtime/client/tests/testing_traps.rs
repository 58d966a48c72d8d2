//! The traps that the section "Testing" of the README warns of.
#![cfg(feature = "reqwest")]

use std::time::Duration;

use memfault_status::policy;
use retrospec::Reason;
use retrospec_client::SendWith;
use retrospec_conformance::{Reply, Script, Server};
use tokio::time::Instant;

/// Unavailable twice, and each answer takes a moment.
fn server() -> Server {
    let moment = Duration::from_millis(50);
    let unavailable = || Reply::status(503).delay(moment);
    Server::start(
        Script::new(unavailable())
            .then(unavailable())
            .then(Reply::status(202)),
    )
}

/// Tokio's clock jumps to the next timer whenever the program waits for a socket alone.
#[tokio::test(start_paused = true)]
async fn a_paused_clock_works_without_timeouts() {
    let server = server();
    let start = Instant::now();
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let finished = client.post(server.url("/")).send_with(policy()).await;
    assert_eq!(finished.result.unwrap().status(), 202);
    assert_eq!(
        (finished.stop.retries, start.elapsed().as_secs()),
        (2, 8 + 64)
    );
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_ends_a_clients_timeout() {
    let server = server();
    let start = Instant::now();
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let finished = client.post(server.url("/")).send_with(policy()).await;
    assert!(finished.result.unwrap_err().is_timeout());
    assert_eq!(
        (finished.stop.reason, finished.stop.retries),
        (Reason::NotRetried, 0)
    );
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_ends_a_timeout_around_it() {
    let server = server();
    let client = reqwest::Client::new();
    let sending = client.post(server.url("/")).send_with(policy());
    let ended = tokio::time::timeout(Duration::from_hours(1), sending).await;
    assert!(ended.is_err());
    assert!(server.requests().len() <= 1);
}

/// What is handed in as a sleep is not what the client's own timers run by.
#[tokio::test]
async fn a_sleep_that_is_handed_in_is_awaited() {
    let server = server();
    let mut slept = Vec::new();
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let request = client.post(server.url("/"));
    let sleep = |wait: Duration| {
        slept.push(wait.as_secs());
        std::future::ready(())
    };
    let finished = request.send_with_sleep(policy(), sleep).await;
    assert_eq!(finished.result.unwrap().status(), 202);
    assert_eq!(slept, [8, 64]);
}
