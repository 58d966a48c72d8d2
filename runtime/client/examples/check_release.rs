//! Asks for a newer release with reqwest's blocking client: 200 if there is one, 204 if there is
//! none. The server is closed for maintenance at first; the eight seconds of the table are not waited here.
//!
//! ```sh
//! cargo run -p retrospec-client --example check_release --features reqwest-blocking
//! ```

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::Client;
use retrospec_client::{BlockingSendWith, RetryOptions};
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::memfault;

/// The version to update to, if there is one.
fn newer_release(client: &Client, url: &str, version: &str) -> reqwest::Result<Option<String>> {
    let options =
        RetryOptions::new(memfault_status::policy()).on_decision(|decision| println!("{decision}"));
    let finished = client
        .get(format!(
            "{url}?device_serial=TESTSERIAL&current_version={version}"
        ))
        .header("Memfault-Project-Key", "0123456789abcdef0123456789abcdef")
        // `.send_with(options)` sleeps in earnest.
        .send_with_sleep(options, |wait| println!("(not waited: {wait:?})"));
    let response = finished.result?.error_for_status()?;
    if response.status() == StatusCode::NO_CONTENT {
        return Ok(None);
    }
    let release: serde_json::Value = serde_json::from_str(&response.text()?).unwrap_or_default();
    Ok(release["version"].as_str().map(str::to_owned))
}

fn main() -> reqwest::Result<()> {
    let mut closed = Some(Reply::status(503));
    let mut api = memfault::Api::default();
    let script =
        Script::routes(move |request| closed.take().unwrap_or_else(|| api.answer(request)));
    let server = Server::start(script);
    let url = server.url("/api/v0/releases/latest");

    let client = Client::builder()
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        // Less than the server keeps an idle connection open.
        .pool_idle_timeout(Duration::from_millis(500))
        .build()?;
    for version in ["1.0.0", "2.0.0"] {
        match newer_release(&client, &url, version)? {
            Some(newer) => println!("{version}: update to {newer}"),
            None => println!("{version}: up to date"),
        }
    }
    Ok(())
}
