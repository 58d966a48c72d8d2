use std::time::Duration;

use reqwest::{Client, redirect, retry};
use reqwest_middleware::ClientBuilder;
use retrospec_client::RetryMiddleware;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::builder()
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(Duration::from_millis(500))
        .build()
        .expect("a client");
    let client = ClientBuilder::new(client)
        .with(RetryMiddleware::new(memfault_status::policy()))
        .build();
    let url = std::env::var("RETROSPEC_URL").expect("an address") + "/api/v0/chunks/TESTSERIAL";
    let _ = client.post(url).body("chunk").send().await;
}
