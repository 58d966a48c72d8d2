//! One contender in one scenario: real sockets, and a clock that moves only with what is slept.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use retrospec_conformance::{Reply, Script, Server};
use tokio::time::Instant;

use crate::contender::{Contender, Send};
use crate::scenario::Scenario;

pub(crate) const CHUNK: &[u8] = b"chunk\0of\xffbytes";

/// So many requests, and the server answers 202: some never end.
pub(crate) const LIMIT: usize = 20;

#[derive(Debug)]
pub(crate) struct Trial {
    /// When each request was at the server, since the first.
    pub(crate) attempts: Vec<Duration>,
    /// Whether only [`LIMIT`] ended it.
    pub(crate) is_cut_off: bool,
}

impl Trial {
    pub(crate) fn run(contender: &Contender, scenario: Scenario) -> Self {
        match contender.send {
            Send::Async(send) => {
                // Nothing but the sleeps has a timer, so the clock stands while a request is on its way.
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .start_paused(true)
                    .build()
                    .expect("a runtime");
                let clock = runtime.handle().clone();
                let start = runtime.block_on(async { Instant::now() });
                let now = move || {
                    let _clock = clock.enter();
                    start.elapsed()
                };
                record(scenario, now, |url| runtime.block_on(send(url)))
            }
            Send::Blocking(send) => {
                let slept = Arc::new(Mutex::new(Duration::ZERO));
                let now = {
                    let slept = slept.clone();
                    move || *slept.lock().expect("no panic")
                };
                let sleep = move |wait| *slept.lock().expect("no panic") += wait;
                record(scenario, now, |url| send(&url, Box::new(sleep)))
            }
        }
    }
}

/// The server reads the clock, so that no client is believed.
fn record(
    scenario: Scenario,
    now: impl Fn() -> Duration + std::marker::Send + 'static,
    send: impl FnOnce(String),
) -> Trial {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let route = {
        let seen = seen.clone();
        move |_: &_| {
            let mut seen = seen.lock().expect("no panic");
            seen.push(now());
            if seen.len() == LIMIT {
                return Reply::status(202);
            }
            scenario.answer(seen.len() - 1)
        }
    };
    let server = Server::start(Script::routes(route));
    send(server.url("/api/v0/chunks/TESTSERIAL"));
    for request in server.requests() {
        assert_eq!((&*request.method, &*request.body), ("POST", CHUNK));
    }
    let attempts = seen.lock().expect("no panic").clone();
    Trial {
        is_cut_off: attempts.len() >= LIMIT,
        attempts,
    }
}
