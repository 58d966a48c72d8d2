//! Every adapter, driven in virtual time: the sleeps are not real, the sockets are.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::{client::legacy, rt::TokioExecutor};
use memfault_status::Status;
use retrospec::{Policy, Stop};
use retrospec_client::{
    Answer, BlockingSendWith, Decision, Retry, RetryMiddleware, RunWith, SendWith, TowerPolicy,
};
use tower::{Service, ServiceExt, retry};

/// The time of an adapter, which a server can read: that of the sleeps.
#[derive(Clone, Default)]
pub(crate) struct Time(Arc<Mutex<Source>>);

enum Source {
    Slept(Duration),
    /// Tokio's clock, which stands still but for the sleeps.
    Tokio(tokio::runtime::Handle, tokio::time::Instant),
}

impl Default for Source {
    fn default() -> Self {
        Self::Slept(Duration::ZERO)
    }
}

impl Time {
    pub(crate) fn now(&self) -> Duration {
        match &*self.0.lock().unwrap() {
            Source::Slept(slept) => *slept,
            Source::Tokio(runtime, start) => {
                let _inside = runtime.enter();
                start.elapsed()
            }
        }
    }

    fn sleep(&self, wait: Duration) {
        match &mut *self.0.lock().unwrap() {
            Source::Slept(slept) => *slept += wait,
            Source::Tokio(..) => panic!("tokio sleeps"),
        }
    }
}

/// A request, and what to go by.
pub(crate) struct Job<'a> {
    pub(crate) time: Time,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) body: &'static [u8],
    pub(crate) policy: Policy<Status>,
    pub(crate) idempotent_only: bool,
}

/// What came of it: the status of the last response, if there was one, the waits, and the end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Driven {
    pub(crate) status: Option<u16>,
    pub(crate) waits: Vec<Duration>,
    pub(crate) stop: Stop,
}

pub(crate) type Adapter = fn(&Job<'_>) -> Driven;

pub(crate) const ADAPTERS: [(&str, Adapter); 6] = [
    ("ureq", with_ureq),
    ("reqwest (blocking)", with_reqwest_blocking),
    ("reqwest", with_reqwest),
    ("reqwest-middleware", with_reqwest_middleware),
    ("tower over reqwest", with_tower_over_reqwest),
    ("tower over hyper-util", with_tower_over_hyper_util),
];

impl Job<'_> {
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
    fn watch(&self, drive: impl FnOnce(Watched) -> (Option<u16>, Option<Stop>)) -> Driven {
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

    /// The clients have no timers of their own.
    fn watch_async<F: Future<Output = (Option<u16>, Option<Stop>)>>(
        &self,
        drive: impl FnOnce(Watched) -> F,
    ) -> Driven {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        self.watch(|watched| {
            runtime.block_on(async {
                let handle = tokio::runtime::Handle::current();
                let clock = Source::Tokio(handle, tokio::time::Instant::now());
                *self.time.0.lock().unwrap() = clock;
                drive(watched).await
            })
        })
    }
}

/// Notes every decision.
struct Watched {
    policy: Policy<Status>,
    idempotent_only: bool,
    seen: Arc<Mutex<Vec<Decision>>>,
}

impl Watched {
    fn retrying(self) -> Retry<Status, impl Fn(&Decision) + Clone + Send + Sync + use<> + 'static> {
        let retry = Retry::new(self.policy);
        let retry = if self.idempotent_only {
            retry.idempotent_only()
        } else {
            retry
        };
        let seen = self.seen;
        retry.on_retry(move |decision| seen.lock().unwrap().push(*decision))
    }
}

fn with_ureq(job: &Job<'_>) -> Driven {
    job.watch(|watched| {
        let sleep = |wait| job.time.sleep(wait);
        let request = job.http_request(job.body);
        let finished = ureq::agent().run_with_sleep(request, watched.retrying(), sleep);
        let status = finished.result.map(|response| response.status().as_u16());
        (status.ok(), Some(finished.stop))
    })
}

fn with_reqwest_blocking(job: &Job<'_>) -> Driven {
    job.watch(|watched| {
        let sleep = |wait| job.time.sleep(wait);
        let client = reqwest::blocking::Client::new();
        let request = client.request(job.method(), job.url).body(job.body);
        let finished = request.send_with_sleep(watched.retrying(), sleep);
        let status = finished.result.map(|response| response.status().as_u16());
        (status.ok(), Some(finished.stop))
    })
}

fn reqwest_client() -> reqwest::Client {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0);
    client.build().unwrap()
}

fn with_reqwest(job: &Job<'_>) -> Driven {
    job.watch_async(async |watched| {
        let request = reqwest_client().request(job.method(), job.url);
        let finished = request.body(job.body).send_with(watched.retrying()).await;
        let status = finished.result.map(|response| response.status().as_u16());
        (status.ok(), Some(finished.stop))
    })
}

/// The status and the [`Stop`] of a response, which has to have one.
fn extended(status: u16, extensions: &http::Extensions) -> (Option<u16>, Option<Stop>) {
    let stop = extensions.get().expect("a Stop in the extensions");
    (Some(status), Some(*stop))
}

fn with_reqwest_middleware(job: &Job<'_>) -> Driven {
    job.watch_async(async |watched| {
        let client = reqwest_middleware::ClientBuilder::new(reqwest_client())
            .with(RetryMiddleware::new(watched.retrying()))
            .build();
        let request = client.request(job.method(), job.url).body(job.body);
        match request.send().await {
            Ok(response) => extended(response.status().as_u16(), response.extensions()),
            Err(_) => (None, None),
        }
    })
}

fn with_tower_over_reqwest(job: &Job<'_>) -> Driven {
    job.watch_async(async |watched| {
        let client = reqwest_client();
        let request = client.request(job.method(), job.url).body(job.body);
        let mut service = retry::Retry::new(TowerPolicy::new(watched.retrying()), client);
        let service = service.ready().await.unwrap();
        match service.call(request.build().unwrap()).await {
            Ok(response) => extended(response.status().as_u16(), response.extensions()),
            Err(_) => (None, None),
        }
    })
}

fn with_tower_over_hyper_util(job: &Job<'_>) -> Driven {
    job.watch_async(async |watched| {
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build_http::<Full<Bytes>>();
        let mut service = retry::Retry::new(TowerPolicy::new(watched.retrying()), client);
        let request = job.http_request(Full::new(Bytes::from_static(job.body)));
        match service.ready().await.unwrap().call(request).await {
            Ok(response) => extended(response.status().as_u16(), response.extensions()),
            Err(_) => (None, None),
        }
    })
}
