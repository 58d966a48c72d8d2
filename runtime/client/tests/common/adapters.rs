//! Every adapter, driven in virtual time unless a test asks for real sleeps. The sockets are real.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use example_status::Status;
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use retrospec::{Policy, StatusTable, Stop};
use retrospec_client::{
    Answer, BlockingSendWith, Decision, RetryMiddleware, RetryOptions, RunWith, SendWith,
    TowerPolicy,
};
use tower::{Service, ServiceExt, retry};

/// The time of an adapter, which a server can read: that of the sleeps.
#[derive(Clone, Default)]
pub(crate) struct Time(Arc<Mutex<Source>>);

enum Source {
    Slept(Duration),
    /// Tokio's clock, which stands still but for the sleeps.
    Tokio(tokio::runtime::Handle, tokio::time::Instant),
    Real(Instant),
}

impl Default for Source {
    fn default() -> Self {
        Self::Slept(Duration::ZERO)
    }
}

impl Time {
    /// The sleeps are real.
    pub(crate) fn real() -> Self {
        Self(Arc::new(Mutex::new(Source::Real(Instant::now()))))
    }

    fn is_real(&self) -> bool {
        matches!(*self.0.lock().unwrap(), Source::Real(_))
    }

    pub(crate) fn now(&self) -> Duration {
        match &*self.0.lock().unwrap() {
            Source::Slept(slept) => *slept,
            Source::Tokio(runtime, start) => {
                let _inside = runtime.enter();
                start.elapsed()
            }
            Source::Real(start) => start.elapsed(),
        }
    }

    fn sleep(&self, wait: Duration) {
        match &mut *self.0.lock().unwrap() {
            Source::Slept(slept) => *slept += wait,
            Source::Tokio(..) => panic!("tokio sleeps"),
            Source::Real(_) => thread::sleep(wait),
        }
    }
}

/// How the client is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    recommended: bool,
    http2: bool,
}

impl Setup {
    /// As the client comes.
    pub(crate) const DEFAULT: Self = Self {
        recommended: false,
        http2: false,
    };
    /// As the crate's docs recommend.
    pub(crate) const RECOMMENDED: Self = Self {
        recommended: true,
        http2: false,
    };

    /// Over HTTP/2 from the first byte, which ureq does not know.
    pub(crate) const fn http2(self) -> Self {
        Self {
            http2: true,
            ..self
        }
    }
}

/// How long a connection may be idle and still be used: less than servers keep one open.
const MAX_IDLE: Duration = Duration::from_millis(500);

/// A request, and what to go by.
pub(crate) struct Job<'a, T = Status> {
    pub(crate) time: Time,
    pub(crate) setup: Setup,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) body: &'static [u8],
    pub(crate) policy: Policy<T>,
    pub(crate) idempotent_only: bool,
}

/// What came of it: the status of the last response, if there was one, the waits, and the end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Driven {
    pub(crate) status: Option<u16>,
    pub(crate) waits: Vec<Duration>,
    pub(crate) stop: Stop,
}

pub(crate) type Adapter<T = Status> = fn(&Job<'_, T>) -> Driven;

pub(crate) const ADAPTERS: [(&str, Adapter); 9] = adapters();

pub(crate) const fn adapters<T: StatusTable>() -> [(&'static str, Adapter<T>); 9] {
    [
        ("ureq", with_ureq),
        ("reqwest (blocking)", reqwest_0_13::blocking),
        ("reqwest 0.12 (blocking)", reqwest_0_12::blocking),
        ("reqwest", reqwest_0_13::send),
        ("reqwest 0.12", reqwest_0_12::send),
        ("reqwest-middleware", with_reqwest_middleware),
        ("tower over reqwest", reqwest_0_13::through_tower),
        ("tower over reqwest 0.12", reqwest_0_12::through_tower),
        ("tower over hyper-util", with_tower_over_hyper_util),
    ]
}

impl<T: StatusTable> Job<'_, T> {
    fn method(&self) -> http::Method {
        self.method.parse().unwrap()
    }

    fn http_request<B>(&self, body: B) -> http::Request<B> {
        let builder = http::Request::builder().method(self.method).uri(self.url);
        builder
            .body(body)
            .expect("the crate http takes the address")
    }

    /// Drives, and holds what the hook saw last against what came back.
    fn watch(&self, drive: impl FnOnce(Watched<T>) -> (Option<u16>, Option<Stop>)) -> Driven {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let watched = Watched {
            policy: self.policy,
            idempotent_only: self.idempotent_only,
            seen: seen.clone(),
        };
        let (status, stop) = drive(watched);
        let seen = seen.lock().unwrap();
        let (Answer::Stop(last), before) = seen
            .split_last()
            .map(|(last, before)| (last.answer, before))
            .expect("a decision")
        else {
            panic!("the last decision is a retry");
        };
        if let Some(stop) = stop {
            assert_eq!(stop, last);
        }
        let waits: Vec<Duration> = before
            .iter()
            .map(|decision| match decision.answer {
                Answer::Retry(wait) => wait.duration,
                Answer::Stop(stop) => panic!("{stop} is not the last decision"),
            })
            .collect();
        Driven {
            status,
            waits,
            stop: last,
        }
    }

    /// Of the clients' own timers, only that of the pool runs, and none while a response is awaited: a
    /// connection that a wait leaves idle is gone at its end.
    fn watch_async<F: Future<Output = (Option<u16>, Option<Stop>)>>(
        &self,
        drive: impl FnOnce(Watched<T>) -> F,
    ) -> Driven {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(!self.time.is_real())
            .build()
            .unwrap();
        self.watch(|watched| {
            runtime.block_on(async {
                if !self.time.is_real() {
                    let handle = tokio::runtime::Handle::current();
                    let clock = Source::Tokio(handle, tokio::time::Instant::now());
                    *self.time.0.lock().unwrap() = clock;
                }
                drive(watched).await
            })
        })
    }
}

/// Notes every decision.
struct Watched<T> {
    policy: Policy<T>,
    idempotent_only: bool,
    seen: Arc<Mutex<Vec<Decision>>>,
}

impl<T: StatusTable> Watched<T> {
    fn options(
        self,
    ) -> RetryOptions<T, impl Fn(&Decision) + Clone + Send + Sync + use<T> + 'static> {
        let options = RetryOptions::new(self.policy);
        let options = if self.idempotent_only {
            options.idempotent_only()
        } else {
            options
        };
        let seen = self.seen;
        options.on_decision(move |decision| seen.lock().unwrap().push(*decision))
    }
}

pub(crate) fn ureq_agent(setup: Setup) -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    let config = if setup.recommended {
        config.max_redirects(0).max_idle_age(MAX_IDLE)
    } else {
        config
    };
    config.build().new_agent()
}

fn with_ureq<T: StatusTable>(job: &Job<'_, T>) -> Driven {
    job.watch(|watched| {
        let sleep = |wait| job.time.sleep(wait);
        let request = job.http_request(job.body);
        let agent = ureq_agent(job.setup);
        let finished = agent.run_with_sleep(request, watched.options(), sleep);
        let status = finished.result.map(|response| response.status().as_u16());
        (status.ok(), Some(finished.stop))
    })
}

/// What one version of reqwest does.
macro_rules! reqwest {
    ($version:ident, $reqwest:ident) => {
        pub(crate) mod $version {
            use super::*;

            pub(crate) fn blocking_client(setup: Setup) -> ::$reqwest::blocking::Client {
                let client = ::$reqwest::blocking::Client::builder();
                let client = if setup.recommended {
                    client
                        .retry(::$reqwest::retry::never())
                        .redirect(::$reqwest::redirect::Policy::none())
                        .pool_idle_timeout(MAX_IDLE)
                } else {
                    client
                };
                let client = if setup.http2 {
                    client.http2_prior_knowledge()
                } else {
                    client
                };
                client.build().unwrap()
            }

            pub(crate) fn blocking<T: StatusTable>(job: &Job<'_, T>) -> Driven {
                job.watch(|watched| {
                    let sleep = |wait| job.time.sleep(wait);
                    let client = blocking_client(job.setup);
                    let request = client.request(job.method(), job.url).body(job.body);
                    let finished = request.send_with_sleep(watched.options(), sleep);
                    let status = finished.result.map(|response| response.status().as_u16());
                    (status.ok(), Some(finished.stop))
                })
            }

            pub(crate) fn client(setup: Setup) -> ::$reqwest::Client {
                let client = ::$reqwest::Client::builder();
                let client = if setup.recommended {
                    client
                        .retry(::$reqwest::retry::never())
                        .redirect(::$reqwest::redirect::Policy::none())
                        .pool_idle_timeout(MAX_IDLE)
                } else {
                    client
                };
                let client = if setup.http2 {
                    client.http2_prior_knowledge()
                } else {
                    client
                };
                client.build().unwrap()
            }

            pub(crate) fn send<T: StatusTable>(job: &Job<'_, T>) -> Driven {
                job.watch_async(async |watched| {
                    let client = client(job.setup);
                    let request = client.request(job.method(), job.url);
                    let finished = request.body(job.body).send_with(watched.options()).await;
                    let status = finished.result.map(|response| response.status().as_u16());
                    (status.ok(), Some(finished.stop))
                })
            }

            pub(crate) fn through_tower<T: StatusTable>(job: &Job<'_, T>) -> Driven {
                job.watch_async(async |watched| {
                    let client = client(job.setup);
                    let request = client.request(job.method(), job.url).body(job.body);
                    let mut service =
                        retry::Retry::new(TowerPolicy::new(watched.options()), client);
                    let service = service.ready().await.unwrap();
                    match service.call(request.build().unwrap()).await {
                        Ok(response) => extended(response.status().as_u16(), response.extensions()),
                        Err(_) => (None, None),
                    }
                })
            }
        }
    };
}

reqwest!(reqwest_0_13, reqwest);
reqwest!(reqwest_0_12, reqwest_0_12);

/// The status and the [`Stop`] of a response, which has to have one.
fn extended(status: u16, extensions: &http::Extensions) -> (Option<u16>, Option<Stop>) {
    let stop = extensions.get().expect("a Stop in the extensions");
    (Some(status), Some(*stop))
}

fn with_reqwest_middleware<T: StatusTable>(job: &Job<'_, T>) -> Driven {
    job.watch_async(async |watched| {
        let client = reqwest_middleware::ClientBuilder::new(reqwest_0_13::client(job.setup))
            .with(RetryMiddleware::new(watched.options()))
            .build();
        let request = client.request(job.method(), job.url).body(job.body);
        match request.send().await {
            Ok(response) => extended(response.status().as_u16(), response.extensions()),
            Err(_) => (None, None),
        }
    })
}

pub(crate) type HyperClient = legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>;

pub(crate) fn hyper_client(setup: Setup) -> HyperClient {
    let mut client = legacy::Client::builder(TokioExecutor::new());
    client.http2_only(setup.http2);
    if setup.recommended {
        client.pool_timer(TokioTimer::new());
        client.pool_idle_timeout(MAX_IDLE);
    }
    client.build_http()
}

fn with_tower_over_hyper_util<T: StatusTable>(job: &Job<'_, T>) -> Driven {
    job.watch_async(async |watched| {
        let client = hyper_client(job.setup);
        let mut service = retry::Retry::new(TowerPolicy::new(watched.options()), client);
        let request = job.http_request(Full::new(Bytes::from_static(job.body)));
        match service.ready().await.unwrap().call(request).await {
            Ok(response) => extended(response.status().as_u16(), response.extensions()),
            Err(_) => (None, None),
        }
    })
}
