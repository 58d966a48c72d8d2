//! What each client does by itself, line by line as the table in the crate's docs has it.
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

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use adapters::{Adapter, Driven, Job, Setup, Time, adapters};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use retrospec::{Backoff, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_client::Attempted;
use retrospec_conformance::{Reply, Script, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A table with a row of 3xx, and three retries without a response.
struct Table;

static AT_ONCE: Backoff = Backoff::new(&[Duration::ZERO]).repeat_last();

impl StatusTable for Table {
    const MAX_RETRIES: Option<u32> = Some(3);
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::Backoff(&AT_ONCE);

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            303 => RetryBehavior::RetryAfter,
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

/// How an HTTP/2 server refuses a request, which it has not begun to process.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Stream,
    GoAway,
}

struct Http2 {
    url: String,
    seen: Arc<AtomicU32>,
}

impl Http2 {
    fn start(refusal: Refusal) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let seen = Arc::new(AtomicU32::new(0));
        let count = seen.clone();
        thread::spawn(move || {
            block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    let count = count.clone();
                    tokio::spawn(async move {
                        match refusal {
                            Refusal::Stream => refuse_streams(stream, &count).await,
                            Refusal::GoAway => {
                                let _ = go_away(stream, &count).await;
                            }
                        }
                    });
                }
            });
        });
        Self { url, seen }
    }
}

async fn refuse_streams(stream: TcpStream, seen: &AtomicU32) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        seen.fetch_add(1, SeqCst);
        respond.send_reset(h2::Reason::REFUSED_STREAM);
    }
}

/// Says, when a request has come, that none was processed: by hand, for `h2` counts it as processed.
async fn go_away(mut stream: TcpStream, seen: &AtomicU32) -> io::Result<()> {
    const PREFACE: usize = 24;
    const HEADERS: u8 = 1;
    stream.write_all(b"\0\0\0\x04\0\0\0\0\0").await?;
    stream.read_exact(&mut [0; PREFACE]).await?;
    loop {
        let mut frame = [0; 9];
        stream.read_exact(&mut frame).await?;
        let [a, b, c, kind, ..] = frame;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        if kind == HEADERS {
            break;
        }
    }
    seen.fetch_add(1, SeqCst);
    // The last stream that was processed is 0, and the error none.
    let goaway = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";
    stream.write_all(goaway).await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

fn policy() -> Policy<Table> {
    Policy::new()
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// Sends `POST` with a body, and says what came of it.
fn drive(adapter: Adapter<Table>, setup: Setup, url: &str, policy: Policy<Table>) -> Driven {
    send(adapter, setup, "POST", url, policy)
}

fn send(
    adapter: Adapter<Table>,
    setup: Setup,
    method: &str,
    url: &str,
    policy: Policy<Table>,
) -> Driven {
    adapter(&Job {
        time: Time::default(),
        setup,
        method,
        url,
        body: b"body",
        policy,
        idempotent_only: false,
    })
}

/// Two resends of each attempt that no policy sees, or none.
#[test]
fn reqwest_resends_what_http_2_refuses() {
    const ONE: (Reason, u32) = (Reason::NotRetried, 0);
    const FOUR: (Reason, u32) = (Reason::MaxRetries, 3);
    let (never, thrice) = (policy().transport(RetryBehavior::DoNotRetry), policy());
    for (adapter, drives) in adapters() {
        let by_itself = match adapter {
            "ureq" => continue,
            "tower over hyper-util" => 1,
            _ => 3,
        };
        for (setup, policy, seen, ended) in [
            (Setup::DEFAULT, never, by_itself, ONE),
            (Setup::DEFAULT, thrice, 4 * by_itself, FOUR),
            (Setup::RECOMMENDED, never, 1, ONE),
            (Setup::RECOMMENDED, thrice, 4, FOUR),
        ] {
            for refusal in [Refusal::Stream, Refusal::GoAway] {
                let server = Http2::start(refusal);
                let stop = drive(drives, setup.http2(), &server.url, policy).stop;
                let found = (server.seen.load(SeqCst), (stop.reason, stop.retries));
                assert_eq!(found, (seen, ended), "{adapter}, {setup:?}, {refusal:?}");
            }
        }
    }
}

/// What the server sees of a request that it answers `code`, with another address; and the last status.
fn redirected(
    adapter: Adapter<Table>,
    setup: Setup,
    method: &str,
    code: u16,
) -> (Vec<String>, Option<u16>) {
    let script = Script::routes(move |request| match request.target.as_str() {
        "/" => Reply::status(code).header("Location", "/there"),
        _ => Reply::status(200),
    });
    let server = Server::start(script);
    let status = send(adapter, setup, method, &server.url("/"), policy()).status;
    let requests = server.requests();
    let requests = requests.iter().map(|request| {
        let body = if request.body.is_empty() {
            ""
        } else {
            " with a body"
        };
        format!("{}{body}", request.method)
    });
    (requests.collect(), status)
}

/// What follows `POST` and `DELETE` with a body, or nothing; ureq's end without a response is an error.
#[test]
fn redirects_come_before_the_table() {
    const GET: Option<&str> = Some("GET");
    const POST: Option<&str> = Some("POST with a body");
    const DELETE: Option<&str> = Some("DELETE with a body");
    for (adapter, drives) in adapters() {
        let rows: [(u16, [Option<&str>; 2]); 8] = match adapter {
            "ureq" => [
                (300, [GET, GET]),
                (301, [GET, GET]),
                (302, [GET, GET]),
                (303, [GET, GET]),
                (304, [None, None]),
                (305, [GET, GET]),
                (307, [None, None]),
                (308, [None, None]),
            ],
            "tower over hyper-util" => {
                [300, 301, 302, 303, 304, 305, 307, 308].map(|code| (code, [None, None]))
            }
            _ => [
                (300, [None, None]),
                (301, [GET, DELETE]),
                (302, [GET, DELETE]),
                (303, [GET, GET]),
                (304, [None, None]),
                (305, [None, None]),
                (307, [POST, DELETE]),
                (308, [POST, DELETE]),
            ],
        };
        for (code, followed_by) in rows {
            for (method, next) in ["POST", "DELETE"].into_iter().zip(followed_by) {
                let row = format!("{adapter}: {method}, {code}");
                let first = format!("{method} with a body");
                let status = match (adapter, code, next) {
                    (_, _, Some(_)) => Some(200),
                    ("ureq", 307 | 308, None) => None,
                    _ => Some(code),
                };
                let mut seen = vec![first.clone()];
                seen.extend(next.map(str::to_owned));
                let found = redirected(drives, Setup::DEFAULT, method, code);
                assert_eq!(found, (seen, status), "{row}");

                let found = redirected(drives, Setup::RECOMMENDED, method, code);
                assert_eq!(found, (vec![first], Some(code)), "{row}");
            }
        }
    }
}

#[test]
fn ten_redirects_are_followed() {
    for (adapter, drives) in adapters() {
        let server = Server::start(Script::new(Reply::status(302).header("Location", "/")));
        let driven = send(drives, Setup::DEFAULT, "GET", &server.url("/"), policy());
        let (status, requests) = match adapter {
            "tower over hyper-util" => (Some(302), 1),
            _ => (None, 11),
        };
        let found = (driven.status, server.requests().len());
        assert_eq!(found, (status, requests), "{adapter}");
        assert_eq!(driven.stop.reason, Reason::NotRetried, "{adapter}");
    }
}

#[test]
fn without_redirects_a_row_of_303_decides() {
    let busy = Reply::status(303)
        .header("Location", "/there")
        .header("Retry-After", "7");
    for (adapter, drives) in adapters() {
        let server = Server::start(Script::new(busy.clone()).then(Reply::status(200)));
        let driven = drive(drives, Setup::RECOMMENDED, &server.url("/"), policy());
        let found = (driven.status, &driven.waits[..]);
        assert_eq!(
            found,
            (Some(200), &[Duration::from_secs(7)][..]),
            "{adapter}"
        );
        for request in server.requests() {
            let sent = (request.method.as_str(), &request.body[..]);
            assert_eq!(sent, ("POST", &b"body"[..]), "{adapter}");
        }
    }
}

/// A server that answers, and closes its connections when it is told to.
struct Closing {
    url: String,
    close: mpsc::Sender<()>,
    closed: mpsc::Receiver<()>,
}

impl Closing {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (close, told) = mpsc::channel();
        let (tell, closed) = mpsc::channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    head.extend(byte);
                }
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                stream.write_all(answer).unwrap();
                if told.recv().is_err() {
                    return;
                }
                drop(stream);
                tell.send(()).unwrap();
            }
        });
        Self { url, close, closed }
    }
}

/// The client has not noticed yet that the connection is closed when it takes it from the pool.
#[test]
fn hyper_util_resends_unwritten_requests() {
    for resends in [true, false] {
        let server = Closing::start();
        let mut client = legacy::Client::builder(TokioExecutor::new());
        let client = client.retry_canceled_requests(resends);
        let client = client.build_http::<Full<Bytes>>();
        let get = || Request::get(&server.url).body(Full::default()).unwrap();
        block_on(async {
            client.request(get()).await.unwrap();
            server.close.send(()).unwrap();
            server.closed.recv().unwrap();
            // The runtime hears of the close, and the connection's task has not run yet.
            tokio::task::yield_now().await;
            let second = client.request(get()).await;
            assert_eq!(second.is_ok(), resends);
            if let Err(error) = second {
                let outcome = format!("{:?}", error.outcome());
                assert!(outcome.contains("NotSent"), "{outcome}");
            }
        });
    }
}
