//! The events of the feature `tracing`.
#![cfg(feature = "tracing")]

mod common;

use std::io::Write;
use std::sync::{Arc, Mutex};

use common::{Response, UNAVAILABLE, Unreachable};
use example_status::policy;
use retrospec_client::retry;
use tracing_subscriber::fmt::MakeWriter;

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

#[test]
fn every_decision_is_an_event() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_ansi(false)
        .without_time()
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let results = [
            Ok(UNAVAILABLE),
            Ok(Response(429, Some("7.1234567"))),
            Err(Unreachable),
        ];
        let _ = retry(policy(), |n| results[n as usize], |_| {});
        let _ = retry(policy(), |_| Response(404, None), |_| {});
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = log.lines().map(str::trim_start).collect();
    assert_eq!(
        lines,
        [
            r#"INFO retrospec_client: the request is sent again code=503 name="Service Unavailable" retry=1 wait=8s"#,
            r#"INFO retrospec_client: the request is sent again code=429 name="Too Many Requests" retry=2 wait=7.123s"#,
            "DEBUG retrospec_client: the request is not sent again retries=2 reason=not retried",
            "DEBUG retrospec_client: the request is not sent again code=404 retries=0 reason=not retried",
        ]
    );
}
