//! A user's programs, tested as the section "Testing" of the README says: five retries, 10 hours by the table.
#![cfg(all(
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "testing",
    feature = "tower",
    feature = "ureq"
))]

use std::thread;
use std::time::{Duration, Instant};

use memfault_status::policy;
use retrospec::Stop;
use retrospec_client::{
    BlockingSendWith, RetryMiddleware, RunWith, SendWith, TowerPolicy, retry, retry_async, testing,
};
use retrospec_conformance::{Reply, Script, Server};
use tower::{Service, ServiceBuilder, ServiceExt, retry::RetryLayer, timeout::TimeoutLayer};

/// As the README tells users to set it, for each attempt.
const TIMEOUT: Duration = Duration::from_secs(30);
const BODY: &str = "chunk";

/// A status, and how often it was retried.
type Uploaded = (u16, u32);

/// What uploads to a URL.
type Program<'a> = &'a dyn Fn(&str) -> Uploaded;

fn with_ureq(url: &str) -> Uploaded {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
    let request = http::Request::post(url).body(BODY).unwrap();
    let finished = config.build().new_agent().run_with(request, policy());
    (
        finished.result.unwrap().status().as_u16(),
        finished.stop.retries,
    )
}

fn with_a_driver(url: &str) -> Uploaded {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false);
    let agent = config.build().new_agent();
    let finished = retry(policy(), |_| agent.post(url).send(BODY), thread::sleep);
    (
        finished.result.unwrap().status().as_u16(),
        finished.stop.retries,
    )
}

macro_rules! reqwest {
    ($module:ident, $reqwest:ident) => {
        mod $module {
            use super::*;

            pub(super) fn blocking(url: &str) -> Uploaded {
                let client = ::$reqwest::blocking::Client::builder()
                    .timeout(TIMEOUT)
                    .build();
                let request = client.unwrap().post(url).body(BODY);
                let finished = request.send_with(policy());
                (
                    finished.result.unwrap().status().as_u16(),
                    finished.stop.retries,
                )
            }

            pub(super) async fn send(url: String) -> Uploaded {
                let client = ::$reqwest::Client::builder().timeout(TIMEOUT).build();
                let request = client.unwrap().post(url).body(BODY);
                let finished = request.send_with(policy()).await;
                (
                    finished.result.unwrap().status().as_u16(),
                    finished.stop.retries,
                )
            }
        }
    };
}

reqwest!(newer, reqwest);
reqwest!(older, reqwest_0_12);

async fn with_an_async_driver(url: String) -> Uploaded {
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
    let send = |_| client.post(&url).body(BODY).send();
    let finished = retry_async(policy(), send, tokio::time::sleep).await;
    (
        finished.result.unwrap().status().as_u16(),
        finished.stop.retries,
    )
}

async fn with_middleware(url: String) -> Uploaded {
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
    let client = reqwest_middleware::ClientBuilder::new(client)
        .with(RetryMiddleware::new(policy()))
        .build();
    let response = client.post(url).body(BODY).send().await.unwrap();
    let stop: &Stop = response.extensions().get().unwrap();
    (response.status().as_u16(), stop.retries)
}

async fn with_tower(url: String) -> Uploaded {
    let client = reqwest::Client::new();
    let request = client.post(url).body(BODY).build().unwrap();
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::new(TowerPolicy::new(policy())))
        .layer(TimeoutLayer::new(TIMEOUT))
        .service(client);
    let response = service.ready().await.unwrap().call(request).await.unwrap();
    let stop: &Stop = response.extensions().get().unwrap();
    (response.status().as_u16(), stop.retries)
}

fn on_tokio<F: Future<Output = Uploaded>>(upload: impl Fn(String) -> F, url: &str) -> Uploaded {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(upload(url.to_owned()))
}

#[test]
fn five_retries_take_no_time() {
    testing::divide_waits(u32::MAX);
    let programs: [(&str, Program<'_>); 9] = [
        ("ureq", &with_ureq),
        ("a driver", &with_a_driver),
        ("reqwest, blocking", &newer::blocking),
        ("reqwest 0.12, blocking", &older::blocking),
        ("reqwest", &|url| on_tokio(newer::send, url)),
        ("reqwest 0.12", &|url| on_tokio(older::send, url)),
        ("an async driver", &|url| {
            on_tokio(with_an_async_driver, url)
        }),
        ("reqwest-middleware", &|url| on_tokio(with_middleware, url)),
        ("tower", &|url| on_tokio(with_tower, url)),
    ];
    for (program, upload) in programs {
        // A busy machine may take longer now and then.
        let fastest = (0..20)
            .map(|_| timed(upload, program))
            .find(|took| *took < Duration::from_millis(50));
        println!("{program}: six requests in {fastest:.1?}");
        assert!(fastest.is_some(), "{program}");
    }
}

/// Returns how long an upload takes that is sent six times.
fn timed(upload: Program<'_>, program: &str) -> Duration {
    let server = Server::start(Script::new(Reply::status(503)));
    let start = Instant::now();
    let uploaded = upload(&server.url("/"));
    let took = start.elapsed();
    assert_eq!(uploaded, (503, 5), "{program}");
    assert_eq!(server.requests().len(), 6, "{program}");
    took
}
