//! `success URL CASE N`: uploads a chunk to a server that takes it at once, by a bare client and by what
//! would have sent it again.

use std::env;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use backon::Retryable;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Request, Response, StatusCode};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::RetryTransientMiddleware;
use retrospec_benches::{Case, case, run};
use retrospec_client::{
    BlockingSendWith, RetryMiddleware, RunWith, SendWith, TowerPolicy, retry_async,
};
use tokio::runtime::{Builder, Runtime};
use tower::retry::{Policy, Retry};
use tower::{Service, ServiceExt};

const CHUNK: &[u8] = &[7; 200];
const FIRST: Duration = Duration::from_secs(8);
const LONGEST: Duration = Duration::from_secs(32_768);
const RETRIES: u32 = 5;

fn taken(status: StatusCode) {
    assert_eq!(status, StatusCode::ACCEPTED);
}

fn is_retried(error: &reqwest::Error) -> bool {
    let status = error.status().map(|status| status.as_u16());
    matches!(status, Some(502..=504))
}

/// What backon and tokio-retry send again: an operation whose failures are errors.
async fn send(client: &Client, url: &str) -> reqwest::Result<Response> {
    let response = client.post(url).body(CHUNK).send().await?;
    response.error_for_status()
}

/// As tower's documentation has it, with what [`TowerPolicy`] does as well: the header, and why it ended.
#[derive(Clone)]
struct ByHand {
    retries: u32,
    waited: Duration,
}

#[derive(Clone, Copy)]
enum Why {
    NotRetried,
    NoRetryAfter,
    MaxRetries,
}

/// For the extensions of the last response, where only its user would read it.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "this program is not interested")]
struct Ended {
    why: Why,
    retries: u32,
    waited: Duration,
}

impl ByHand {
    fn wait(&mut self, response: &Response) -> Result<Duration, Why> {
        let wait = match response.status().as_u16() {
            429 => retry_after(response).ok_or(Why::NoRetryAfter)?,
            502..=504 => FIRST * 8_u32.pow(self.retries),
            _ => return Err(Why::NotRetried),
        };
        if self.retries == RETRIES {
            return Err(Why::MaxRetries);
        }
        self.retries += 1;
        self.waited += wait;
        Ok(wait)
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

impl<E> Policy<Request, Response, E> for ByHand {
    type Future = tokio::time::Sleep;

    fn retry(&mut self, _: &mut Request, result: &mut Result<Response, E>) -> Option<Self::Future> {
        let Ok(response) = result else { return None };
        match self.wait(response) {
            Ok(wait) => Some(tokio::time::sleep(wait)),
            Err(why) => {
                let Self {
                    retries, waited, ..
                } = *self;
                let ended = Ended {
                    why,
                    retries,
                    waited,
                };
                response.extensions_mut().insert(ended);
                None
            }
        }
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        request.try_clone()
    }
}

/// An async way to upload, driven to its end each time.
fn driven<'a>(
    name: &'a str,
    runtime: &'a Runtime,
    upload: impl AsyncFn() -> StatusCode + 'a,
) -> Case<'a> {
    let upload = async move |n| {
        for _ in 0..n {
            taken(upload().await);
        }
    };
    (name, Box::new(move |n| runtime.block_on(upload(n))))
}

fn through_middleware<'a>(
    name: &'a str,
    runtime: &'a Runtime,
    client: ClientWithMiddleware,
    url: &'a str,
) -> Case<'a> {
    driven(name, runtime, async move || {
        let response = client.post(url).body(CHUNK).send().await;
        response.expect("a response").status()
    })
}

fn through_service<'a, S>(name: &'a str, runtime: &'a Runtime, service: S, url: &'a str) -> Case<'a>
where
    S: Service<Request, Response = Response, Error = reqwest::Error> + Clone + 'a,
{
    let client = Client::new();
    driven(name, runtime, async move || {
        let request = client.post(url).body(CHUNK).build().expect("a request");
        let response = service.clone().oneshot(request).await;
        response.expect("a response").status()
    })
}

fn reqwest<'a>(runtime: &'a Runtime, url: &'a str) -> [Case<'a>; 7] {
    let [bare, copied, ours, driver, backon, tokio_retry, exponential] =
        [(); 7].map(|()| Client::new());
    let waits = backon::ExponentialBuilder::new()
        .with_factor(8.0)
        .with_min_delay(FIRST)
        .without_max_delay()
        .with_max_times(RETRIES as usize);
    let tokio_retry_waits = tokio_retry::strategy::ExponentialBackoff::from_millis(8).factor(1_000);
    let mut exponential_waits = exponential_backoff::Backoff::new(RETRIES + 1, FIRST, None);
    exponential_waits.set_factor(8);
    exponential_waits.set_jitter(0.0);
    [
        driven("reqwest", runtime, async move || {
            let response = bare.post(url).body(CHUNK).send().await;
            response.expect("a response").status()
        }),
        driven("reqwest-copied", runtime, async move || {
            let request = copied.post(url).body(CHUNK).build().expect("a request");
            let copy = request.try_clone();
            let response = copied.execute(request).await;
            drop(copy);
            response.expect("a response").status()
        }),
        driven("reqwest-ours", runtime, async move || {
            let request = ours.post(url).body(CHUNK);
            let finished = request.send_with(&memfault_status::policy()).await;
            finished.result.expect("a response").status()
        }),
        driven("reqwest-ours-driver", runtime, async move || {
            let send = |_| driver.post(url).body(CHUNK).send();
            let finished = retry_async(memfault_status::policy(), send, tokio::time::sleep).await;
            finished.result.expect("a response").status()
        }),
        driven("reqwest-backon", runtime, async move || {
            let result = (|| send(&backon, url)).retry(waits).when(is_retried).await;
            result.expect("a response").status()
        }),
        driven("reqwest-tokio-retry", runtime, async move || {
            let waits = tokio_retry_waits.clone().take(RETRIES as usize);
            let send = || send(&tokio_retry, url);
            let result = tokio_retry::RetryIf::start(waits, send, is_retried).await;
            result.expect("a response").status()
        }),
        driven("reqwest-exponential-backoff", runtime, async move || {
            for wait in &exponential_waits {
                let result = send(&exponential, url).await;
                match (result, wait) {
                    (Err(error), Some(wait)) if is_retried(&error) => {
                        tokio::time::sleep(wait).await;
                    }
                    (result, _) => return result.expect("a response").status(),
                }
            }
            unreachable!("the last item is the end")
        }),
    ]
}

fn middleware<'a>(runtime: &'a Runtime, url: &'a str) -> [Case<'a>; 3] {
    let policy = reqwest_retry::policies::ExponentialBackoff::builder()
        .retry_bounds(FIRST, LONGEST)
        .base(8)
        .jitter(reqwest_retry::Jitter::None)
        .build_with_max_retries(RETRIES);
    let builder = || ClientBuilder::new(Client::new());
    let ours = RetryMiddleware::new(memfault_status::policy());
    let peer = RetryTransientMiddleware::new_with_policy(policy);
    [
        through_middleware("middleware", runtime, builder().build(), url),
        through_middleware(
            "middleware-ours",
            runtime,
            builder().with(ours).build(),
            url,
        ),
        through_middleware(
            "middleware-reqwest-retry",
            runtime,
            builder().with(peer).build(),
            url,
        ),
    ]
}

fn tower<'a>(runtime: &'a Runtime, url: &'a str) -> [Case<'a>; 3] {
    let by_hand = ByHand {
        retries: 0,
        waited: Duration::ZERO,
    };
    let ours = Retry::new(TowerPolicy::new(memfault_status::policy()), Client::new());
    let by_hand = Retry::new(by_hand, Client::new());
    [
        through_service("tower", runtime, Client::new(), url),
        through_service("tower-ours", runtime, ours, url),
        through_service("tower-by-hand", runtime, by_hand, url),
    ]
}

fn blocking(url: &str) -> [Case<'_>; 4] {
    let [bare, ours] = [(); 2].map(|()| reqwest::blocking::Client::new());
    let [agent, our_agent] = [(); 2].map(|()| ureq::Agent::new_with_defaults());
    let request = |url| http::Request::post(url).body(CHUNK).expect("a request");
    [
        case("blocking", move || {
            let response = bare.post(url).body(CHUNK).send();
            taken(response.expect("a response").status());
        }),
        case("blocking-ours", move || {
            let request = ours.post(url).body(CHUNK);
            let finished = BlockingSendWith::send_with(request, memfault_status::policy());
            taken(finished.result.expect("a response").status());
        }),
        case("ureq", move || {
            let response = agent.run(request(url));
            taken(response.expect("a response").status());
        }),
        case("ureq-ours", move || {
            let finished = our_agent.run_with(request(url), memfault_status::policy());
            taken(finished.result.expect("a response").status());
        }),
    ]
}

fn main() -> ExitCode {
    let Some(url) = env::args().nth(1) else {
        eprintln!("usage: success URL CASE|time N");
        return ExitCode::from(2);
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut cases: Vec<Case> = reqwest(&runtime, &url).into();
    cases.extend(middleware(&runtime, &url));
    cases.extend(tower(&runtime, &url));
    cases.extend(blocking(&url));
    run(&mut cases)
}
