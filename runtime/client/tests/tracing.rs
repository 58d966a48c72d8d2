//! The events and spans of the feature `tracing`.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "tracing",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;
mod common;

use std::io::Write;
use std::sync::{Arc, Mutex};

use adapters::{ADAPTERS, Job, Setup, Time};
use common::{ACCEPTED, Response, UNAVAILABLE, Unreachable};
use example_status::policy;
use retrospec_client::retry;
use retrospec_conformance::{Reply, Script, Server};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};
use tracing_subscriber::layer::SubscriberExt;

/// What is written, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Returns the lines that `run` writes from `level` on. A span is a line when it closes.
fn lines(level: LevelFilter, run: impl FnOnce()) -> Vec<String> {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_max_level(level)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .without_time()
        .finish();
    // Other targets are those of the HTTP clients.
    let ours = tracing_subscriber::filter::Targets::new().with_target("retrospec_client", level);
    tracing::subscriber::with_default(subscriber.with(ours), run);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines = log.lines().map(|line| line.trim_start().to_owned());
    lines.collect()
}

/// The attempts that an event or a span tells of: `1` for the first resend, nothing for the first attempt.
fn resend_counts(lines: &[String], beginning: &str) -> Vec<Option<u32>> {
    let lines = lines.iter().filter(|line| line.starts_with(beginning));
    let count = |line: &String| {
        let (_, count) = line.split_once("http.request.resend_count=")?;
        let count = count.split([' ', '}']).next();
        count.map(|count| count.parse().unwrap())
    };
    lines.map(count).collect()
}

#[test]
fn every_decision_is_an_event() {
    let lines = lines(LevelFilter::INFO, || {
        let results = [
            Ok(UNAVAILABLE),
            Ok(Response(429, Some("7.1234567"))),
            Err(Unreachable),
        ];
        let _ = retry(policy(), |n| results[n as usize], |_| {});
        let _ = retry(policy(), |_| Response(404, None), |_| {});
    });
    assert_eq!(
        lines,
        [
            r#"INFO retrospec_client: the request is sent again http.response.status_code=503 name="Service Unavailable" retry=1 wait=8s"#,
            r#"INFO retrospec_client: the request is sent again http.response.status_code=429 http.request.resend_count=1 name="Too Many Requests" retry=2 wait=7.123s"#,
            r#"WARN retrospec_client: the request is given up error.type="no_response" http.request.resend_count=2 retries=2 reason=not retried"#,
        ]
    );
}

/// The level of the event at the end of a request with these results.
fn last_level(results: &[Response]) -> String {
    let lines = lines(LevelFilter::DEBUG, || {
        let last = results.len() - 1;
        let _ = retry(policy(), |n| results[(n as usize).min(last)], |_| {});
    });
    let mut events = lines.iter().filter(|line| !line.contains("close"));
    let last = events.next_back().unwrap();
    last.split(' ').next().unwrap().to_owned()
}

#[test]
fn giving_up_is_a_warning() {
    let too_long = Response(429, Some("90000"));
    for (results, level) in [
        (&[ACCEPTED][..], "DEBUG"),
        (&[UNAVAILABLE, ACCEPTED], "DEBUG"),
        (&[Response(404, None)], "DEBUG"),
        (&[UNAVAILABLE, Response(304, None)], "DEBUG"),
        (&[UNAVAILABLE, Response(404, None)], "WARN"),
        (&[UNAVAILABLE], "WARN"),
        (&[too_long], "WARN"),
        (&[Response(429, None)], "WARN"),
    ] {
        assert_eq!(last_level(results), level, "{results:?}");
    }
}

#[test]
fn events_and_spans_name_method_and_host() {
    for (adapter, drive) in ADAPTERS {
        let server = Server::start(Script::new(Reply::status(503)).then(Reply::status(202)));
        let url = server.url("/");
        let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
        let lines = lines(LevelFilter::DEBUG, || {
            drive(&Job {
                time: Time::default(),
                setup: Setup::RECOMMENDED,
                method: "PUT",
                url: &url,
                body: b"",
                policy: policy(),
                idempotent_only: false,
            });
        });
        let request =
            format!("http.request.method=\"PUT\" server.address=\"127.0.0.1\" server.port={port} ");
        for line in &lines {
            assert!(line.contains(&request), "{adapter}: {line}");
        }
        let counts = [None, Some(1)];
        assert_eq!(resend_counts(&lines, "INFO"), counts[..1], "{adapter}");
        let spans = "DEBUG attempt{";
        if adapter.starts_with("tower") {
            assert_eq!(resend_counts(&lines, spans), [], "{adapter}");
        } else {
            assert_eq!(resend_counts(&lines, spans), counts, "{adapter}");
        }
        for (span, code) in lines
            .iter()
            .filter(|line| line.starts_with(spans))
            .zip([503, 202])
        {
            let code = format!("http.response.status_code={code}");
            assert!(span.contains(&code), "{adapter}: {span}");
        }
    }
}
