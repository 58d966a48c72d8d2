//! What becomes of a request on a connection that its server gives up.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use adapters::{ADAPTERS, Adapter, Driven, Job, Setup, Time, reqwest_0_13, ureq_agent};
use example_status::policy;
use retrospec::Reason;
use retrospec_client::{BlockingSendWith, RunWith};
use retrospec_conformance::{Reply, Script, Server};

const SECOND: Duration = Duration::from_secs(1);

fn post(adapter: Adapter, setup: Setup, time: Time, url: &str) -> Driven {
    adapter(&Job {
        time,
        setup,
        method: "POST",
        url,
        body: b"body",
        policy: policy(),
        idempotent_only: false,
    })
}

/// Asks for a second, and ends a connection, in one way or the other, when a second request comes on it.
fn stale(end: fn() -> Reply) -> Server {
    let mut busy = Some(Reply::status(429).header("Retry-After", "1"));
    Server::start(Script::routes(move |request| {
        if request.earlier > 0 {
            return end();
        }
        busy.take().unwrap_or_else(|| Reply::status(202))
    }))
}

const ENDS: [fn() -> Reply; 2] = [Reply::close, Reply::reset_after_request];

#[test]
fn a_retry_arrives_on_a_new_connection() {
    thread::scope(|scope| {
        for ((adapter, drives), end) in ADAPTERS.into_iter().flat_map(|a| ENDS.map(|end| (a, end)))
        {
            scope.spawn(move || {
                let server = stale(end);
                let driven = post(drives, Setup::RECOMMENDED, Time::real(), &server.url("/"));
                let found = (driven.status, driven.stop.retries);
                assert_eq!(found, (Some(202), 1), "{adapter}");
            });
        }
    });
}

#[test]
fn without_a_pool_each_attempt_connects() {
    let server = stale(Reply::close);
    let client = reqwest::blocking::Client::builder().pool_max_idle_per_host(0);
    let request = client.build().unwrap().post(server.url("/"));
    let finished = request.send_with_sleep(policy(), |_| {});
    assert_eq!(finished.result.unwrap().status(), 202);
}

/// But for ureq, whose adapter asks for a new connection itself.
#[test]
fn a_client_as_it_comes_loses_the_retry() {
    for (adapter, drives) in ADAPTERS {
        for end in ENDS {
            let server = stale(end);
            let driven = post(drives, Setup::DEFAULT, Time::default(), &server.url("/"));
            let found = (driven.status, driven.stop.reason, driven.stop.retries);
            let status = (adapter == "ureq").then_some(202);
            assert_eq!(found, (status, Reason::NotRetried, 1), "{adapter}");
        }
    }
}

/// The first attempt may take one from the pool.
#[test]
fn ureq_retries_on_new_connections_only() {
    let busy = || Reply::status(503).body("0123456789");
    let script = Script::new(Reply::status(202)).then(busy()).then(busy());
    let server = Server::start(script.then(Reply::status(202)));
    let agent = ureq::agent();
    for _ in 0..2 {
        let request = http::Request::post(server.url("/")).body("body").unwrap();
        let finished = agent.run_with_sleep(request, policy(), |_| {});
        assert_eq!(finished.result.unwrap().status(), 202);
    }
    let earlier = server.requests().into_iter().map(|request| request.earlier);
    assert_eq!(earlier.collect::<Vec<_>>(), [0, 1, 0, 0]);
}

/// Reads a head, and the length of the body behind it; `None` if the connection ends first.
fn read_head(reader: &mut impl BufRead) -> Option<(String, u64)> {
    let (mut first, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        match &first {
            Some(first) if line.is_empty() => return Some((String::clone(first), length)),
            Some(_) => {}
            None => first = Some(line),
        }
    }
}

/// Serves each connection in a thread until the process ends, and returns the address.
fn serve(connection: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connection = Arc::new(connection);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = connection.clone();
            thread::spawn(move || connection(stream));
        }
    });
    url
}

/// Answers 503 from the head alone, and closes after a pause.
fn early(pause: Duration) -> String {
    serve(move |stream| {
        if read_head(&mut BufReader::with_capacity(1, &stream)).is_some() {
            let answer = "HTTP/1.1 503 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _ = (&stream).write_all(answer.as_bytes());
            thread::sleep(pause);
        }
    })
}

static UPLOAD: [u8; 8_000_000] = [0; 8_000_000];

/// Without a limit to the time that it waits for `100 Continue`, so that no clock decides.
#[test]
fn ureq_sees_an_early_answer_it_expects() {
    let config = ureq::Agent::config_builder().timeout_await_100(None);
    let request = http::Request::post(early(Duration::ZERO)).header("Expect", "100-continue");
    let request = request.body(&UPLOAD[..]).unwrap();
    let agent = config.build().new_agent();
    let finished = agent.run_with(request, policy().max_retries(0));
    assert_eq!(finished.result.unwrap().status(), 503);
}

/// Prints how often an early answer is lost.
#[test]
#[ignore = "it measures"]
fn early_answers_measured() {
    const TIMES: usize = 20;
    for pause in [Duration::ZERO, Duration::from_millis(500)] {
        let url = early(pause);
        println!("closed after {pause:?}, lost of {TIMES}:");
        for (adapter, drives) in ADAPTERS {
            let lost = (0..TIMES).filter(|_| {
                let driven = drives(&Job {
                    time: Time::default(),
                    setup: Setup::RECOMMENDED,
                    method: "POST",
                    url: &url,
                    body: &UPLOAD,
                    policy: policy().max_retries(0),
                    idempotent_only: false,
                });
                driven.status.is_none()
            });
            println!("{:4} {adapter}", lost.count());
        }
        let lost = (0..TIMES).filter(|_| {
            let request = http::Request::post(&url).header("Expect", "100-continue");
            let request = request.body(&UPLOAD[..]).unwrap();
            let agent = ureq_agent(Setup::RECOMMENDED);
            agent
                .run_with(request, policy().max_retries(0))
                .result
                .is_err()
        });
        println!("{:4} ureq, with Expect: 100-continue", lost.count());
        let lost = (0..TIMES).filter(|_| {
            let request = reqwest_0_13::blocking_client(Setup::RECOMMENDED).post(&url);
            let request = request.header("Expect", "100-continue").body(&UPLOAD[..]);
            request.send_with(policy().max_retries(0)).result.is_err()
        });
        println!(
            "{:4} reqwest (blocking), with Expect: 100-continue",
            lost.count()
        );
    }
}

/// Asks the first request for each target to come again in a second, and closes connections that are idle for
/// as long.
fn idle() -> String {
    let seen = Mutex::new(HashSet::new());
    serve(move |stream| {
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(SECOND)).unwrap();
        let mut reader = BufReader::new(&stream);
        while let Some((target, length)) = read_head(&mut reader) {
            if io::copy(&mut reader.by_ref().take(length), &mut io::sink()).is_err() {
                return;
            }
            let answer = if seen.lock().unwrap().insert(target) {
                "HTTP/1.1 429 \r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
            } else {
                "HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n"
            };
            if (&stream).write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    })
}

/// Prints how many of 500 requests are lost if the server's idle timeout is the wait it asks for.
#[test]
#[ignore = "it measures, for a minute"]
fn stale_connections_measured() {
    const AT_ONCE: usize = 100;
    const EACH: usize = 5;
    for (setup, name) in [
        (Setup::DEFAULT, "as it comes"),
        (Setup::RECOMMENDED, "as recommended"),
    ] {
        println!("{name}, lost of {}:", AT_ONCE * EACH);
        for (adapter, drives) in ADAPTERS {
            let url = idle();
            let lost = |thread| {
                let targets = (0..EACH).map(|n| format!("{url}/{thread}/{n}"));
                let lost = targets.filter(|target| {
                    let driven = post(drives, setup, Time::real(), target);
                    driven.status != Some(202)
                });
                lost.count()
            };
            let lost: usize = thread::scope(|scope| {
                let lost = &lost;
                let threads: Vec<_> = (0..AT_ONCE).map(|n| scope.spawn(move || lost(n))).collect();
                threads
                    .into_iter()
                    .map(|thread| thread.join().unwrap())
                    .sum()
            });
            println!("{lost:4} {adapter}");
        }
    }
}
