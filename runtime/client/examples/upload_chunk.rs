//! Uploads a chunk with reqwest. The server asks for a second first.
//!
//! ```sh
//! cargo run -p retrospec-client --example upload_chunk --features reqwest
//! ```

use std::time::Duration;

use retrospec_client::{RetryOptions, SendWith};
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::memfault;

#[tokio::main(flavor = "current_thread")]
async fn main() -> reqwest::Result<()> {
    let mut busy = Some(Reply::status(429).header("Retry-After", "1"));
    let mut api = memfault::Api::default();
    let script = Script::routes(move |request| busy.take().unwrap_or_else(|| api.answer(request)));
    let server = Server::start(script);

    let options =
        RetryOptions::new(memfault_status::policy()).on_decision(|decision| println!("{decision}"));
    let client = reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        // Less than the server keeps an idle connection open.
        .pool_idle_timeout(Duration::from_millis(500))
        .build()?;
    let finished = client
        .post(server.url("/api/v0/chunks/TESTSERIAL"))
        .header("Memfault-Project-Key", "0123456789abcdef0123456789abcdef")
        .header("Content-Type", "application/octet-stream")
        .body(vec![0x08, 0x02, 0xa7])
        .send_with(&options)
        .await;
    println!("{}", finished.result?.text().await?);
    Ok(())
}
