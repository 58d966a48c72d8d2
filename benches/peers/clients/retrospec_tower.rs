use std::time::Duration;

use reqwest::{Client, redirect, retry};
use retrospec_client::TowerPolicy;
use tower::{ServiceBuilder, ServiceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::builder()
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(Duration::from_millis(500))
        .build()
        .expect("a client");
    let url = std::env::var("RETROSPEC_URL").expect("an address") + "/api/v0/chunks/TESTSERIAL";
    let request = client.post(url).body("chunk").build().expect("a request");
    let service = ServiceBuilder::new()
        .retry(TowerPolicy::new(memfault_status::policy()))
        .service(client);
    let _ = service.oneshot(request).await;
}
