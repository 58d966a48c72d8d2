//! tower and reqwest-middleware: what is theirs alone.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-middleware",
    feature = "tower"
))]

use std::error::Error as _;
use std::io;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use example_status::{EXPONENTIAL, Status, policy};
use http::{Request, Response};
use http_body_util::Full;
use hyper_util::{client::legacy, rt::TokioExecutor};
use retrospec::{Policy, Reason, RetryBehavior, Stop};
use retrospec_client::{Answer, Attempted, Decision, RetryMiddleware, RetryOptions, TowerPolicy};
use retrospec_conformance::{Reply, Script, Server, refused_url};
use tower::retry::RetryLayer;
use tower::retry::budget::TpsBudget;
use tower::timeout::TimeoutLayer;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, retry, service_fn};

fn stop(response: &Response<impl Sized>) -> Stop {
    *response.extensions().get().expect("a Stop")
}

fn patient() -> Policy<Status> {
    policy().transport(RetryBehavior::Backoff(&EXPONENTIAL))
}

/// The numbers of a service that answers with these statuses in turn, the last again and again.
fn answers(
    statuses: &'static [u16],
) -> impl Service<Request<()>, Response = Response<()>, Error = BoxError, Future: Send> + Clone {
    let calls = Arc::new(AtomicU32::new(0));
    service_fn(move |_| {
        let n = calls.fetch_add(1, Ordering::Relaxed) as usize;
        let status = statuses[n.min(statuses.len() - 1)];
        async move { Ok(Response::builder().status(status).body(())?) }
    })
}

#[tokio::test(start_paused = true)]
async fn each_request_through_a_service_begins_anew() {
    let mut service = retry::Retry::new(TowerPolicy::new(policy()), answers(&[503]));
    for _ in 0..3 {
        let service = service.ready().await.unwrap();
        let response = service.call(Request::new(())).await.unwrap();
        assert_eq!(
            (stop(&response).reason, stop(&response).retries),
            (Reason::MaxRetries, 5)
        );
    }

    let server = Server::start(Script::new(Reply::status(503)));
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(RetryMiddleware::new(policy()))
        .build();
    for n in 1..=2 {
        let response = client.get(server.url("/")).send().await.unwrap();
        let stop = response.extensions().get::<Stop>().unwrap();
        assert_eq!((stop.reason, stop.retries), (Reason::MaxRetries, 5));
        assert_eq!(server.requests().len(), 6 * n);
    }
}

/// A stack as it is in use: the timeout inside holds for each attempt, and boxes every error.
#[tokio::test(start_paused = true)]
async fn a_timeout_outside_ends_all_attempts() {
    let stuck = |first: u32| {
        let calls = Arc::new(AtomicU32::new(0));
        service_fn(move |_: Request<()>| {
            let n = calls.fetch_add(1, Ordering::Relaxed);
            async move {
                if n < first {
                    std::future::pending::<()>().await;
                }
                Ok::<_, BoxError>(Response::new(()))
            }
        })
    };
    let minute = || TimeoutLayer::new(Duration::from_mins(1));
    let retry = RetryLayer::new(TowerPolicy::new(patient()));

    let inside = ServiceBuilder::new().layer(retry.clone()).layer(minute());
    let response = inside.service(stuck(2)).oneshot(Request::new(())).await;
    assert_eq!(stop(&response.unwrap()).retries, 2);

    let unlucky = RetryLayer::new(TowerPolicy::new(policy()));
    let inside = ServiceBuilder::new().layer(unlucky).layer(minute());
    let error = inside.service(stuck(1)).oneshot(Request::new(())).await;
    assert!(error.unwrap_err().is::<tower::timeout::error::Elapsed>());

    let outside = ServiceBuilder::new()
        .layer(minute())
        .layer(retry)
        .layer(minute());
    let start = tokio::time::Instant::now();
    let error = outside.service(stuck(9)).oneshot(Request::new(())).await;
    assert!(error.unwrap_err().is::<tower::timeout::error::Elapsed>());
    assert_eq!(start.elapsed().as_secs(), 60);
}

/// Ten retries in ten seconds, and a deposit is worth one. All happens in an instant: nothing waits.
#[tokio::test(start_paused = true)]
async fn a_budget_bounds_all_requests_together() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = seen.clone();
        move |decision: &Decision| seen.lock().unwrap().push(*decision)
    };
    let status = Arc::new(AtomicU16::new(429));
    let answers = status.clone();
    let service = service_fn(move |_: Request<()>| {
        let response = Response::builder().status(answers.load(Ordering::Relaxed));
        async { Ok::<_, BoxError>(response.header("retry-after", "0").body(())?) }
    });
    let budget = Arc::new(TpsBudget::new(Duration::from_secs(10), 1, 1.0));
    let options = RetryOptions::new(policy()).on_decision(hook);
    let policy = TowerPolicy::new(options).budget(budget);
    let mut service = retry::Retry::new(policy, service);

    let mut send = async |code| {
        status.store(code, Ordering::Relaxed);
        let service = service.ready().await.unwrap();
        stop(&service.call(Request::new(())).await.unwrap())
    };
    for spent in [
        (Reason::MaxRetries, 5),
        (Reason::MaxRetries, 5),
        (Reason::BudgetSpent, 0),
    ] {
        let stop = send(429).await;
        assert_eq!((stop.reason, stop.retries), spent);
    }
    // What is final is no success.
    send(500).await;
    assert_eq!(send(429).await.retries, 0);
    send(202).await;
    assert_eq!(send(429).await.retries, 1);

    // The hook was told of no retry that was not made.
    let seen = seen.lock().unwrap();
    let retries = seen
        .iter()
        .filter(|decision| matches!(decision.answer, Answer::Retry(_)));
    assert_eq!((retries.count(), seen.len()), (11, 11 + 7));
}

#[tokio::test(start_paused = true)]
async fn a_post_ends_as_not_idempotent() {
    let options = RetryOptions::new(policy()).idempotent_only();
    let service = retry::Retry::new(TowerPolicy::new(options), answers(&[503, 202]));
    let post = Request::post("/").body(()).unwrap();
    let response = service.oneshot(post).await.unwrap();
    assert_eq!(stop(&response).reason, Reason::NotIdempotent);
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_sent_once() {
    let server = Server::start(Script::new(Reply::status(503)));
    let stream = || {
        let body = reqwest::Body::wrap(http_body_util::StreamBody::new(Chunks(2)));
        reqwest::Client::new().put(server.url("/")).body(body)
    };
    let client = retry::Retry::new(TowerPolicy::new(policy()), reqwest::Client::new());
    let response = client.oneshot(stream().build().unwrap()).await.unwrap();
    // tower does not ask a policy that could not copy the request.
    assert_eq!(response.status(), 503);
    assert_eq!(response.extensions().get::<Stop>(), None);

    let request = stream().build().unwrap();
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(RetryMiddleware::new(policy()))
        .build();
    let response = client.execute(request).await.unwrap();
    assert_eq!(response.status(), 503);
    let stop = response.extensions().get::<Stop>().unwrap();
    assert_eq!((stop.reason, stop.retries), (Reason::CannotResend, 0));

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|request| request.body == b"chunkchunk"[..])
    );
}

/// This many chunks.
struct Chunks(u32);

impl futures_core::Stream for Chunks {
    type Item = Result<http_body::Frame<Bytes>, io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let left = self.0.checked_sub(1);
        std::task::Poll::Ready(left.map(|left| {
            self.0 = left;
            Ok(http_body::Frame::data(Bytes::from_static(b"chunk")))
        }))
    }
}

#[tokio::test(start_paused = true)]
async fn errors_pass_unchanged() {
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(RetryMiddleware::new(patient()))
        .build();
    let error = client.get(refused_url()).send().await.unwrap_err();
    assert!(matches!(&error, reqwest_middleware::Error::Reqwest(error) if error.is_connect()));

    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let service = retry::Retry::new(TowerPolicy::new(patient()), client);
    let request = Request::get(refused_url()).body(Full::default()).unwrap();
    let error = service.oneshot(request).await.unwrap_err();
    assert!(error.is_connect());
}

#[test]
fn boxed_errors_go_by_their_first_known_cause() {
    let boxed = |kind: io::ErrorKind| Wrapped(io::Error::from(kind));
    let code = |error: BoxError| follows(&error);
    assert_eq!(code(boxed(io::ErrorKind::ConnectionReset).into()), Ok(1));
    for kind in [io::ErrorKind::InvalidInput, io::ErrorKind::InvalidData] {
        assert_eq!(code(boxed(kind).into()), Err(Reason::NotRetried));
    }
    assert_eq!(code(io::Error::other("broken").into()), Ok(1));
    assert_eq!(code("who knows".into()), Err(Reason::NotRetried));
    assert_eq!(code(tower::timeout::error::Elapsed::new().into()), Ok(1));

    let reset = boxed(io::ErrorKind::ConnectionReset);
    let wrapped = reqwest_middleware::Error::middleware(reset);
    assert_eq!(follows(&wrapped), Ok(1));
    // Its own `source` leaves out what it wraps.
    let again = reqwest_middleware::Error::Middleware(anyhow::Error::new(wrapped));
    assert_eq!(follows(&again), Ok(1));
    assert_eq!(code(again.into()), Ok(1));
    let unknown = reqwest_middleware::Error::middleware(std::fmt::Error);
    assert_eq!(follows(&unknown), Err(Reason::NotRetried));
}

/// What follows if no response is worth a retry.
fn follows(attempted: &impl Attempted) -> Result<u32, Reason> {
    match patient().first_attempt().next(attempted.outcome()) {
        retrospec::Next::Retry(wait) => Ok(wait.retry()),
        retrospec::Next::Stop(stop) => Err(stop.reason),
    }
}

/// An error about another.
#[derive(Debug)]
struct Wrapped(io::Error);

impl std::fmt::Display for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("wrapped")
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A body that fails on this side, as it would again.
struct Failing;

impl http_body::Body for Failing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
        std::task::Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

#[tokio::test]
async fn a_request_that_fails_on_this_side_is_final() {
    let server = Server::start(Script::new(Reply::status(202)));
    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Failing>();
    let request = Request::put(server.url("/")).body(Failing).unwrap();
    let error = client.request(request).await.unwrap_err();
    assert!(error.source().is_some());
    assert_eq!(follows(&error), Err(Reason::NotRetried), "{error:?}");
}

/// A response may hold a connection.
#[tokio::test(start_paused = true)]
async fn a_response_is_dropped_before_the_wait() {
    /// Answers, with a clone of itself in each response.
    struct Held(Arc<()>);

    #[async_trait::async_trait]
    impl reqwest_middleware::Middleware for Held {
        async fn handle(
            &self,
            _: reqwest::Request,
            _: &mut http::Extensions,
            _: reqwest_middleware::Next<'_>,
        ) -> reqwest_middleware::Result<reqwest::Response> {
            let response = Response::builder().status(503).extension(self.0.clone());
            Ok(response.body("").unwrap().into())
        }
    }

    let held = Arc::new(());
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(RetryMiddleware::new(policy()))
        .with(Held(held.clone()))
        .build();
    let (response, while_waiting) = tokio::join!(client.get("http://nowhere/").send(), async {
        tokio::time::sleep(Duration::from_secs(100)).await;
        Arc::strong_count(&held)
    });
    // This test has one and the middleware; the last response has the third.
    assert_eq!((while_waiting, Arc::strong_count(&held)), (2, 3));
    assert_eq!(response.unwrap().status(), 503);
}

/// One for each time it is sent, the last included: that it is the last is known only after it.
#[tokio::test(start_paused = true)]
async fn a_request_is_cloned_once_for_each_attempt() {
    static CLONES: AtomicU32 = AtomicU32::new(0);

    struct Body;

    impl Clone for Body {
        fn clone(&self) -> Self {
            CLONES.fetch_add(1, Ordering::Relaxed);
            Self
        }
    }

    let service = service_fn(|_: Request<Body>| async {
        Ok::<_, BoxError>(Response::builder().status(503).body(())?)
    });
    let service = retry::Retry::new(TowerPolicy::new(policy().max_retries(2)), service);
    let response = service.oneshot(Request::new(Body)).await.unwrap();
    assert_eq!(
        (stop(&response).retries, CLONES.load(Ordering::Relaxed)),
        (2, 3)
    );
}

/// The same failures at the client's own level.
#[tokio::test]
async fn what_reqwest_can_never_send_is_final() {
    let server = Server::start(Script::new(Reply::status(202)));
    let client = reqwest::Client::new();
    let failing = client
        .put(server.url("/"))
        .body(reqwest::Body::wrap(Failing));
    // This build has no TLS.
    let https = client.get("https://127.0.0.1/");
    let version = client.get(server.url("/")).version(http::Version::HTTP_3);
    for request in [failing, https, version] {
        let error = request.send().await.unwrap_err();
        assert_eq!(follows(&error), Err(Reason::NotRetried), "{error:?}");
    }
}

#[test]
fn the_policy_of_a_layer_has_debug() {
    let text = format!("{:?}", TowerPolicy::new(policy()));
    assert!(text.starts_with("TowerPolicy { policy: Policy"), "{text}");
    assert!(text.contains("retries: 0"), "{text}");
}
