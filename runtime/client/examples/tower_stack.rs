//! hyper-util's client in a stack of tower's: a budget for the retries of all requests together, the
//! table's policy for each, and a timeout for each attempt. The server asks for a second first.
//!
//! ```sh
//! cargo run -p retrospec-client --example tower_stack --features hyper-util,tower
//! ```

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use retrospec::Stop;
use retrospec_client::TowerPolicy;
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::memfault;
use tower::retry::{RetryLayer, budget::TpsBudget};
use tower::timeout::TimeoutLayer;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let mut busy = Some(Reply::status(429).header("Retry-After", "1"));
    let mut api = memfault::Api::default();
    let script = Script::routes(move |request| busy.take().unwrap_or_else(|| api.answer(request)));
    let server = Server::start(script);

    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        // Less than the server keeps an idle connection open.
        .pool_idle_timeout(Duration::from_millis(500))
        .build_http::<Full<Bytes>>();
    let policy = TowerPolicy::new(memfault_status::policy()).budget(Arc::new(TpsBudget::default()));
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(policy))
        .layer(TimeoutLayer::new(Duration::from_secs(30)))
        .service(client);

    let request = http::Request::post(server.url("/api/v0/chunks/TESTSERIAL"))
        .header("Memfault-Project-Key", "0123456789abcdef0123456789abcdef")
        .body(Full::from("chunk"))?;
    let response = service.ready().await?.call(request).await?;
    let stop = response.extensions().get::<Stop>();
    println!(
        "{}: {}",
        response.status(),
        stop.expect("a body of bytes can be copied")
    );
    Ok(())
}
