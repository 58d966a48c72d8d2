//! Timeouts, dates by the system's clock, and waits that were stored: adapters and real time.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "serde",
    feature = "tower",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;

use std::ops::ControlFlow;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use adapters::{ADAPTERS, Job, Setup, Time, reqwest_0_13::client};
use example_status::{Status, policy};
use retrospec::{Backoff, Policy, Reason, RetryBehavior, SavedWait};
use retrospec_client::{BlockingSendWith, Resumed, RunWith, SendWith};
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::forms;
use serde::{Deserialize, Serialize};

/// The next attempt follows at once.
static AT_ONCE: Backoff = Backoff::new(&[Duration::ZERO]).repeat_last();
const TIMEOUT: Duration = Duration::from_millis(300);

/// Every response comes long after the timeout, but for the last.
fn slow(failures: usize) -> Script {
    let late = || Reply::status(202).delay(Duration::from_hours(1));
    (1..failures)
        .fold(Script::new(late()), |script, _| script.then(late()))
        .then(Reply::status(202))
}

fn impatient() -> Policy<Status> {
    policy().transport(RetryBehavior::Backoff(&AT_ONCE))
}

/// The status, if there was a response, why it was the last, and after how many retries.
type Ended = (Option<u16>, Reason, u32);

fn ureq(url: &str, policy: Policy<Status>) -> Ended {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
    let request = http::Request::get(url).body(()).unwrap();
    let finished = config.build().new_agent().run_with(request, policy);
    let status = finished.result.map(|response| response.status().as_u16());
    (status.ok(), finished.stop.reason, finished.stop.retries)
}

macro_rules! versions {
    ($($module:ident: $reqwest:ident;)*) => {
        $(mod $module {
            use super::*;

            pub(crate) fn blocking(url: &str, policy: Policy<Status>) -> Ended {
                let request = ::$reqwest::blocking::Client::new().get(url).timeout(TIMEOUT);
                let finished = request.send_with(policy);
                let status = finished.result.map(|response| response.status().as_u16());
                (status.ok(), finished.stop.reason, finished.stop.retries)
            }

            pub(crate) fn send(url: &str, policy: Policy<Status>) -> Ended {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                let request = ::$reqwest::Client::new().get(url).timeout(TIMEOUT);
                let finished = runtime.block_on(request.send_with(policy));
                let status = finished.result.map(|response| response.status().as_u16());
                (status.ok(), finished.stop.reason, finished.stop.retries)
            }
        })*
    };
}

versions! {
    reqwest_0_13: reqwest;
    reqwest_0_12: reqwest_0_12;
}

const CLIENTS: [fn(&str, Policy<Status>) -> Ended; 5] = [
    ureq,
    reqwest_0_13::blocking,
    reqwest_0_12::blocking,
    reqwest_0_13::send,
    reqwest_0_12::send,
];

/// Two of them are longer than one timeout, and the third attempt has its own.
#[test]
fn a_timeout_is_for_each_attempt() {
    for client in CLIENTS {
        let server = Server::start(slow(2));
        let (status, reason, retries) = client(&server.url("/"), impatient());
        assert_eq!((status, reason), (Some(202), Reason::NotRetried));
        assert!(retries >= 2, "{retries}");
    }
}

#[test]
fn max_elapsed_is_for_all_of_them() {
    let late = Reply::status(202).delay(Duration::from_hours(1));
    let server = Server::start(Script::new(late));
    let policy = impatient()
        .max_retries(1000)
        .max_elapsed(Duration::from_millis(700));
    for client in CLIENTS {
        let (status, reason, _) = client(&server.url("/"), policy);
        assert_eq!((status, reason), (None, Reason::MaxElapsed));
    }
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

/// Without a `Date` in the response, the adapter's clock is what a date counts from.
#[test]
fn a_date_counts_from_the_clock_of_the_adapter() {
    const HOUR: Duration = Duration::from_hours(1);
    for (adapter, drive) in ADAPTERS {
        for form in 0..3 {
            let fails = move || {
                let date = forms(now() + HOUR.as_secs())[form].clone();
                Reply::status(429).header("Retry-After", date)
            };
            let server = Server::start(Script::routes(move |_| fails()));
            let driven = drive(&Job {
                time: Time::default(),
                setup: Setup::RECOMMENDED,
                method: "GET",
                url: &server.url("/"),
                body: b"",
                policy: policy().max_retries(1),
                idempotent_only: true,
            });
            // What a request takes, and the part of a second that a date leaves out.
            let [wait] = driven.waits[..] else {
                panic!("{adapter}: {driven:?}");
            };
            assert!(wait <= HOUR, "{adapter}: {wait:?}");
            assert!(wait > Duration::from_mins(59), "{adapter}: {wait:?}");
        }
    }
}

/// What a program keeps over a restart.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pending {
    #[serde(with = "retrospec_client::saved_wait")]
    wait: SavedWait,
    since: u64,
}

const PENDING: Pending = Pending {
    wait: SavedWait {
        retry: 2,
        duration: Duration::from_secs(64),
        waited: Duration::from_millis(72_500),
        elapsed: Duration::from_secs(9),
    },
    since: 1_795_000_000,
};

#[test]
fn a_wait_can_be_stored() {
    let text = serde_json::to_string(&PENDING).unwrap();
    assert_eq!(
        text,
        "{\"wait\":{\"retry\":2,\"duration\":{\"secs\":64,\"nanos\":0},\
         \"waited\":{\"secs\":72,\"nanos\":500000000},\
         \"elapsed\":{\"secs\":9,\"nanos\":0}},\"since\":1795000000}"
    );
    assert_eq!(serde_json::from_str::<Pending>(&text).unwrap(), PENDING);
    for (what, instead) in [
        ("\"retry\":2", "\"retry\":-2"),
        ("\"retry\":2", "\"retry\":4294967296"),
        ("\"retry\":2,", ""),
        (
            "\"secs\":9,\"nanos\":0",
            "\"secs\":18446744073709551615,\"nanos\":1000000000",
        ),
    ] {
        let wrong = text.replacen(what, instead, 1);
        assert_ne!(wrong, text);
        assert!(serde_json::from_str::<Pending>(&wrong).is_err(), "{wrong}");
    }
}

/// What is left of the wait comes first, and the schedule goes on after it.
#[test]
fn adapters_go_on_with_a_stored_wait() {
    let secs = |waits: &[u64]| waits.iter().map(|&n| Duration::from_secs(n)).collect();
    let expected: Vec<Duration> = secs(&[60, 512, 4096, 32_768]);
    let resumed = || Resumed::new(policy(), PENDING.wait, Duration::from_secs(4));
    let server = Server::start(Script::new(Reply::status(503)));
    let url = server.url("/");

    let mut slept = Vec::new();
    let request = http::Request::get(&url).body(()).unwrap();
    let ended = ureq::agent().run_with_sleep(request, resumed(), |wait| slept.push(wait));
    assert_eq!((slept, ended.stop.retries), (expected.clone(), 5));

    let mut slept = Vec::new();
    let request = reqwest::blocking::Client::new().get(&url);
    let ended = request.send_with_sleep(resumed(), |wait| slept.push(wait));
    assert_eq!((slept, ended.stop.retries), (expected.clone(), 5));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let request = client(Setup::RECOMMENDED).get(&url);
    runtime.block_on(async {
        let start = tokio::time::Instant::now();
        let ended = request.send_with(resumed()).await;
        assert_eq!(ended.stop.retries, 5);
        let total: Duration = expected.iter().sum();
        assert_eq!(start.elapsed().as_secs(), total.as_secs());
    });
    assert_eq!(server.requests().len(), 3 * 4);
}

/// As the README's snippet does it: the sender is dropped.
#[test]
fn a_channel_ends_the_wait_of_each_blocking_client() {
    let server = Server::start(Script::new(Reply::status(503)));
    let url = server.url("/");
    let (sender, shutdown) = std::sync::mpsc::channel::<()>();
    drop(sender);
    let sleep = |wait| match shutdown.recv_timeout(wait) {
        Err(RecvTimeoutError::Timeout) => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let request = http::Request::get(&url).body(()).unwrap();
    let ended = ureq::agent().run_with_sleep(request, policy(), sleep);
    let ureq = (ended.result.unwrap().status().as_u16(), ended.stop);
    let request = reqwest::blocking::Client::new().get(&url);
    let ended = request.send_with_sleep(policy(), sleep);
    let newer = (ended.result.unwrap().status().as_u16(), ended.stop);
    let request = ::reqwest_0_12::blocking::Client::new().get(&url);
    let ended = request.send_with_sleep(policy(), sleep);
    let older = (ended.result.unwrap().status().as_u16(), ended.stop);
    for (status, stop) in [ureq, newer, older] {
        assert_eq!(
            (status, stop.reason, stop.retries),
            (503, Reason::Canceled, 0)
        );
    }
    assert_eq!(server.requests().len(), 3);
}

/// Neither in a wait nor in an attempt does anything go on.
#[tokio::test]
async fn a_dropped_request_does_nothing_more() {
    let never = Reply::status(202).delay(Duration::from_hours(1));
    for reply in [Reply::status(503), never] {
        let server = Server::start(Script::new(reply));
        let request = reqwest::Client::new().get(server.url("/"));
        tokio::select! {
            finished = request.send_with(policy()) => panic!("{}", finished.stop),
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(server.requests().len() <= 1);
    }
}

#[test]
fn what_cannot_be_built_does_not_wait_for_it() {
    let resumed = || Resumed::new(policy(), PENDING.wait, Duration::ZERO);
    let request = reqwest::blocking::Client::new().get("nowhere");
    let mut slept = Vec::new();
    let ended = request.send_with_sleep(resumed(), |wait| slept.push(wait));
    assert_eq!(slept, []);
    assert!(ended.result.unwrap_err().is_builder());
    assert_eq!(ended.stop.reason, Reason::NotRetried);
}
