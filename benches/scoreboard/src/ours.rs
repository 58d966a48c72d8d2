//! retrospec, through its adapters.

use std::time::Duration;

use memfault_status::Status;
use retrospec_client::retrospec::Policy;
use retrospec_client::{RetryMiddleware, RunWith, SendWith, TowerPolicy};
use tower::{Service, ServiceExt, retry};

use crate::contender::{Contender, Send, Sleep};
use crate::peers::client;
use crate::trial::CHUNK;

const FILE: &str = include_str!("ours.rs");

pub(crate) static OURS: [Contender; 4] = [
    ours(
        "retrospec: reqwest",
        Send::Async(|url| Box::pin(with_reqwest(url))),
    ),
    ours(
        "retrospec: reqwest-middleware",
        Send::Async(|url| Box::pin(with_middleware(url))),
    ),
    ours(
        "retrospec: tower",
        Send::Async(|url| Box::pin(with_tower(url))),
    ),
    ours("retrospec: ureq", Send::Blocking(with_ureq)),
];

const fn ours(name: &'static str, send: Send) -> Contender {
    Contender {
        name,
        is_ours: true,
        crates: &["retrospec-client", "memfault-status"],
        file: FILE,
        not_told: &[],
        send,
    }
}

// configuration
/// A server may ask for as long as it wants to, as with the peers; unless told, for a day.
fn policy() -> Policy<Status> {
    memfault_status::policy().max_retry_after(Duration::from_hours(7 * 24))
}

async fn with_reqwest(url: String) {
    let _ = client()
        .post(url)
        .body(CHUNK)
        .send_with(policy())
        .await
        .result;
}

async fn with_middleware(url: String) {
    let retry = RetryMiddleware::new(policy());
    let client = reqwest_middleware::ClientBuilder::new(client())
        .with(retry)
        .build();
    let _ = client.post(url).body(CHUNK).send().await;
}

async fn with_tower(url: String) {
    let client = client();
    let request = client.post(url).body(CHUNK).build().expect("a request");
    let mut service = retry::Retry::new(TowerPolicy::new(policy()), client);
    let _ = service
        .ready()
        .await
        .expect("always ready")
        .call(request)
        .await;
}

fn with_ureq(url: &str, sleep: Sleep) {
    let agent = ureq::Agent::config_builder()
        .proxy(None)
        .build()
        .new_agent();
    let request = http::Request::post(url).body(CHUNK).expect("a request");
    let _ = agent.run_with_sleep(request, policy(), sleep).result;
}
// configuration
