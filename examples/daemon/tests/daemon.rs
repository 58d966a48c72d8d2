//! What a server sees of both daemons, and what the README says of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use example_daemon::demo::{names, recorded, report, run_after, run_before};
use example_daemon::scripted::{PROJECT_KEY, Scripted, Seen};
use example_daemon::{Report, after};
use retrospec_client::testing;
use retrospec_conformance::Reply;
use serde_json::{Value, json};

const ATTRIBUTES: &str = "PATCH /api/v0/attributes";
const CHUNKS: &str = "POST /api/v0/chunks/TESTSERIAL";
const PREPARE: &str = "POST /api/v0/upload";
const STORE: &str = "PUT /storage/1";
const COMMIT: &str = "POST /api/v0/upload/mar";
const EVENTS: &str = "POST /api/v0/events";

/// One failure of each kind.
fn failures() -> [(&'static str, Reply); 4] {
    let busy = Reply::status(429).header("Retry-After", "2");
    [
        (ATTRIBUTES, Reply::status(503)),
        (CHUNKS, busy),
        (STORE, Reply::status(500)),
        (EVENTS, Reply::status(400)),
    ]
}

/// A report whose recording is in a file of this name.
fn report_in(name: &str) -> Report {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, recorded()).unwrap();
    report(path)
}

fn lines(server: &Scripted) -> Vec<String> {
    server.seen().iter().map(ToString::to_string).collect()
}

/// What the server saw of an upload alone.
fn lines_of_upload(server: &Scripted) -> Vec<String> {
    let is_of_upload = |line: &String| {
        [" /api/v0/upload", " /storage"]
            .iter()
            .any(|part| line.contains(part))
    };
    lines(server).into_iter().filter(is_of_upload).collect()
}

fn after(
    failures: Vec<(&'static str, Reply)>,
    report: &Report,
) -> (Scripted, Vec<(String, after::Error)>) {
    testing::divide_waits(u32::MAX);
    let server = Scripted::start(failures);
    let failed = run_after(&server, report).unwrap();
    (server, failed)
}

#[test]
fn before_sends_each_request_once() {
    let server = Scripted::start(failures());
    let failed = run_before(&server, &report_in("once.mar")).unwrap();
    assert_eq!(
        names(&failed),
        ["the attributes", "chunk 1", "the recording", "the event"]
    );
    assert_eq!(
        lines(&server),
        [
            "   0 s  503  PATCH /api/v0/attributes",
            "   0 s  429  POST /api/v0/chunks/TESTSERIAL",
            "   0 s  202  POST /api/v0/chunks/TESTSERIAL",
            "   0 s  200  POST /api/v0/upload",
            "   0 s  500  PUT /storage/1",
            "   0 s  400  POST /api/v0/events",
        ]
    );
}

#[test]
fn after_loses_only_what_is_refused() {
    let (server, failed) = after(failures().into(), &report_in("refused.mar"));
    assert_eq!(names(&failed), ["the event"]);
    assert_eq!(
        lines(&server),
        [
            "   0 s  503  PATCH /api/v0/attributes",
            "   8 s  202  PATCH /api/v0/attributes",
            "   8 s  429  POST /api/v0/chunks/TESTSERIAL",
            "  10 s  202  POST /api/v0/chunks/TESTSERIAL",
            "  10 s  202  POST /api/v0/chunks/TESTSERIAL",
            "  10 s  200  POST /api/v0/upload",
            "  10 s  500  PUT /storage/1",
            "  18 s  200  POST /api/v0/upload",
            "  18 s  200  PUT /storage/2",
            "  18 s  202  POST /api/v0/upload/mar",
            "  18 s  400  POST /api/v0/events",
        ]
    );
}

#[test]
fn every_body_is_whole() {
    let report = report_in("whole.mar");
    let (server, _) = after(failures().into(), &report);
    let seen = server.seen();
    let bodies: Vec<&[u8]> = seen.iter().map(|seen| &*seen.request.body).collect();
    let [
        set,
        set_again,
        chunk,
        chunk_again,
        next_chunk,
        prepare,
        store,
        prepare_again,
        store_again,
        commit,
        event,
    ] = bodies[..]
    else {
        panic!("{seen:?}");
    };
    let parsed = |body| serde_json::from_slice::<Value>(body).unwrap();
    assert_eq!(parsed(set), report.attributes);
    assert_eq!(set_again, set);
    assert_eq!(
        (chunk, chunk_again),
        (&*report.chunks[0], &*report.chunks[0])
    );
    assert_eq!(next_chunk, report.chunks[1]);
    assert_eq!(parsed(prepare)["size"], recorded().len());
    assert_eq!(prepare_again, prepare);
    assert!(store == recorded() && store_again == recorded());
    let device = json!({ "device_serial": "TESTSERIAL" });
    assert_eq!(
        parsed(commit),
        json!({ "file": { "token": "token-2" }, "device": device })
    );
    assert_eq!(parsed(event), report.event);
}

#[test]
fn the_storage_does_not_see_the_project_key() {
    let (server, _) = after(Vec::new(), &report_in("key.mar"));
    for Seen { request, .. } in server.seen() {
        let is_for_storage = request.target.starts_with("/storage/");
        let key = request.header("Memfault-Project-Key");
        assert_eq!(key.is_none(), is_for_storage);
        assert!(key.is_none_or(|key| key == PROJECT_KEY.as_bytes()));
    }
}

#[test]
fn a_busy_commit_starts_the_upload_again() {
    let busy = Reply::status(429).header("Retry-After", "30");
    let (server, failed) = after(vec![(COMMIT, busy)], &report_in("commit.mar"));
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(
        lines_of_upload(&server),
        [
            "   0 s  200  POST /api/v0/upload",
            "   0 s  200  PUT /storage/1",
            "   0 s  429  POST /api/v0/upload/mar",
            "  30 s  200  POST /api/v0/upload",
            "  30 s  200  PUT /storage/2",
            "  30 s  202  POST /api/v0/upload/mar",
        ]
    );
    let stored = server
        .seen()
        .into_iter()
        .filter(|seen| seen.request.method == "PUT");
    assert!(
        stored
            .map(|seen| seen.request.body)
            .all(|body| body == recorded())
    );
}

#[test]
fn a_lost_answer_of_the_storage_is_retried() {
    let failures = vec![(STORE, Reply::reset_after_request())];
    let (server, failed) = after(failures, &report_in("reset.mar"));
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(
        lines_of_upload(&server),
        [
            "   0 s  200  POST /api/v0/upload",
            "   0 s    0  PUT /storage/1",
            "   8 s  200  POST /api/v0/upload",
            "   8 s  200  PUT /storage/2",
            "   8 s  202  POST /api/v0/upload/mar",
        ]
    );
}

/// Memfault may have carried it out, and its table says not to ask twice.
#[test]
fn a_lost_answer_of_memfault_is_final() {
    let failures = vec![(COMMIT, Reply::reset_after_request())];
    let (server, failed) = after(failures, &report_in("lost.mar"));
    assert_eq!(names(&failed), ["the recording"]);
    assert_eq!(lines_of_upload(&server).len(), 3);
}

#[test]
fn a_refused_file_is_not_sent_again() {
    let (server, failed) = after(
        vec![(STORE, Reply::status(403))],
        &report_in("refused-file.mar"),
    );
    assert_eq!(names(&failed), ["the recording"]);
    assert_eq!(lines_of_upload(&server).len(), 2);
}

#[test]
fn an_upload_ends_after_ten_minutes() {
    let closed = vec![(PREPARE, Reply::status(503)); 9];
    let (server, failed) = after(closed, &report_in("closed.mar"));
    assert_eq!(names(&failed), ["the recording"]);
    assert_eq!(
        lines_of_upload(&server),
        [
            "   0 s  503  POST /api/v0/upload",
            "   8 s  503  POST /api/v0/upload",
            "  72 s  503  POST /api/v0/upload",
            " 584 s  503  POST /api/v0/upload",
        ]
    );
}

/// The waits count as they are by the table, although no test waits them.
#[test]
fn waits_for_a_header_end_after_ten_minutes() {
    let busy = || Reply::status(429).header("Retry-After", "250");
    let busy = (0..9).map(|_| (ATTRIBUTES, busy())).collect();
    let (server, failed) = after(busy, &report_in("header.mar"));
    assert_eq!(names(&failed), ["the attributes"]);
    assert_eq!(
        lines(&server)[..4],
        [
            "   0 s  429  PATCH /api/v0/attributes",
            " 250 s  429  PATCH /api/v0/attributes",
            " 500 s  429  PATCH /api/v0/attributes",
            " 500 s  202  POST /api/v0/chunks/TESTSERIAL",
        ]
    );
}

#[test]
fn a_missing_file_is_not_retried() {
    let (server, failed) = after(Vec::new(), &report(PathBuf::from("no such file")));
    assert_eq!(names(&failed), ["the recording"]);
    assert!(lines_of_upload(&server).is_empty());
}

#[test]
fn the_readme_shows_the_output() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-daemon"))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let readme = include_str!("../README.md");
    let shown = readme
        .split("```text\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert_eq!(shown, printed);
}

#[test]
fn the_readme_counts_every_line() {
    let readme = include_str!("../README.md");
    let numbers = |line: &str| {
        let cells: Vec<usize> = line
            .split(['|', ' '])
            .filter_map(|cell| cell.parse().ok())
            .collect();
        <[usize; 2]>::try_from(cells).ok()
    };
    let rows = readme
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(numbers);
    let [removed, added] = rows.fold([0, 0], |sum, row| [sum[0] + row[0], sum[1] + row[1]]);
    let total = readme
        .lines()
        .find(|line| line.starts_with("after.rs removes"))
        .unwrap();
    assert!(
        total.contains(&format!("removes {removed} of ")),
        "{removed}: {total}"
    );
    assert!(
        total.ends_with(&format!("adds {added}.")),
        "{added}: {total}"
    );
}
