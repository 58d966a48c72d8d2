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
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use retrospec::Stop;
use retrospec_client::TowerPolicy;
use retrospec_test_server::{Answer, Script, Server, memfault};
use tower::retry::budget::{Budget, TpsBudget};
use tower::retry::{Policy, RetryLayer};
use tower::timeout::TimeoutLayer;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

/// Retries where the table says so and the budget has something left.
#[derive(Clone)]
struct Budgeted<P> {
    policy: P,
    budget: Arc<TpsBudget>,
}

impl<P: Policy<Q, R, E>, Q, R, E> Policy<Q, R, E> for Budgeted<P> {
    type Future = P::Future;

    fn retry(&mut self, request: &mut Q, result: &mut Result<R, E>) -> Option<P::Future> {
        let Some(wait) = self.policy.retry(request, result) else {
            self.budget.deposit();
            return None;
        };
        self.budget.withdraw().then_some(wait)
    }

    fn clone_request(&mut self, request: &Q) -> Option<Q> {
        self.policy.clone_request(request)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let mut busy = Some(Answer::status(429).header("Retry-After", "1"));
    let script =
        Script::routes(move |request| busy.take().unwrap_or_else(|| memfault::answers(request)));
    let server = Server::start(script);

    let budgeted = Budgeted {
        policy: TowerPolicy::new(memfault_status::policy()),
        budget: Arc::default(),
    };
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(budgeted))
        .layer(TimeoutLayer::new(Duration::from_secs(30)))
        .service(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());

    let request = http::Request::post(server.url("/api/v0/chunks/TESTSERIAL"))
        .header("Memfault-Project-Key", "0123456789abcdef0123456789abcdef")
        .body(Full::from("chunk"))?;
    let response = service.ready().await?.call(request).await?;
    match response.extensions().get::<Stop>() {
        Some(stop) => println!("{}, {stop}", response.status()),
        None => println!("{}, and no budget for a retry", response.status()),
    }
    Ok(())
}
