use std::time::Duration;

use reqwest::{Client, redirect, retry};
use retrospec_client::SendWith;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::builder()
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(Duration::from_millis(500))
        .build()
        .expect("a client");
    let url = std::env::var("RETROSPEC_URL").expect("an address") + "/api/v0/chunks/TESTSERIAL";
    let request = client.post(url).body("chunk");
    let finished = request.send_with(memfault_status::policy()).await;
    eprintln!("{}", finished.stop);
}
