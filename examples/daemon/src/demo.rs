//! Runs both daemons against servers that fail in the same way, and compares them.

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs, process};

use retrospec_conformance::Reply;
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use crate::scripted::{PROJECT_KEY, Scripted};
use crate::{Report, after, before};

const BEFORE: &str = include_str!("before.rs");
const AFTER: &str = include_str!("after.rs");

/// Returns what the program prints.
///
/// # Errors
///
/// Returns an error if the recording cannot be written, or if a daemon cannot start.
pub fn output() -> Result<String, Box<dyn Error>> {
    let recording = env::temp_dir().join(format!("recording-{}.mar", process::id()));
    fs::write(&recording, recorded())?;
    let report = report(recording);
    let result = compare(&report);
    fs::remove_file(&report.recording)?;
    result
}

fn compare(report: &Report) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    let server = Scripted::start(failures());
    let failed = run_before(&server, report)?;
    describe(&mut text, "before.rs", &server, &names(&failed))?;
    let server = Scripted::start(failures());
    let failed = run_after(&server, report)?;
    describe(&mut text, "after.rs", &server, &names(&failed))?;
    let (removed, added) = changes();
    let lines = BEFORE.lines().count();
    writeln!(
        text,
        "after.rs removes {removed} of the {lines} lines of before.rs, and adds {added}."
    )?;
    Ok(text)
}

/// What fails: each of these once.
fn failures() -> [(&'static str, Reply); 4] {
    let message = r#"{"error":{"message":"The event has no time.","http_code":400}}"#;
    [
        ("PATCH /api/v0/attributes", Reply::status(503)),
        (
            "POST /api/v0/chunks/TESTSERIAL",
            Reply::status(429).header("Retry-After", "2"),
        ),
        ("PUT /storage/1", Reply::status(500)),
        ("POST /api/v0/events", Reply::status(400).body(message)),
    ]
}

/// Returns a report with this recording.
#[must_use]
pub fn report(recording: PathBuf) -> Report {
    Report {
        attributes: json!([{ "string_key": "battery", "value": 81 }]),
        chunks: vec![b"first chunk".to_vec(), b"second chunk".to_vec()],
        recording,
        event: json!({ "type": "boot", "device_serial": "TESTSERIAL" }),
    }
}

/// Returns what is in the recording: more than a client reads at once, and no part of it is like another.
#[must_use]
pub fn recorded() -> Vec<u8> {
    (0..50_000_u32).flat_map(u32::to_be_bytes).collect()
}

/// Runs one round of the daemon as it was, and returns what could not be sent.
///
/// # Errors
///
/// Returns an error if the daemon cannot start.
pub fn run_before(
    server: &Scripted,
    report: &Report,
) -> Result<Vec<(String, before::Error)>, before::Error> {
    let daemon = before::Daemon::new(&server.url(), PROJECT_KEY, "TESTSERIAL")?;
    Ok(daemon.round(report))
}

/// Runs one round of the daemon with retries, and returns what could not be sent.
///
/// # Errors
///
/// Returns an error if the daemon cannot start.
pub fn run_after(
    server: &Scripted,
    report: &Report,
) -> Result<Vec<(String, after::Error)>, after::Error> {
    let daemon = after::Daemon::new(&server.url(), PROJECT_KEY, "TESTSERIAL", server.policy())?;
    Ok(daemon.round(report))
}

/// Returns the names of what could not be sent.
#[must_use]
pub fn names<E>(failed: &[(String, E)]) -> Vec<&str> {
    failed.iter().map(|(name, _)| name.as_str()).collect()
}

fn describe(
    text: &mut String,
    name: &str,
    server: &Scripted,
    failed: &[&str],
) -> Result<(), Box<dyn Error>> {
    writeln!(text, "{name}")?;
    for seen in server.seen() {
        writeln!(text, "{seen}")?;
    }
    writeln!(text, "lost: {}\n", failed.join(", "))?;
    Ok(())
}

/// Counts the lines that `after.rs` removes and adds.
fn changes() -> (usize, usize) {
    let diff = TextDiff::from_lines(BEFORE, AFTER);
    let count = |tag| {
        let changes = diff.iter_all_changes();
        changes.filter(|change| change.tag() == tag).count()
    };
    (count(ChangeTag::Delete), count(ChangeTag::Insert))
}
