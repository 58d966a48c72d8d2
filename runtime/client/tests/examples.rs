//! The examples, which `cargo test` has built, say what they should.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "serde",
    feature = "tower",
    feature = "ureq"
))]

use std::env;
use std::process::Command;

fn run(example: &str) -> String {
    let test = env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples");
    let output = Command::new(path.join(example)).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{example}: {error}; `cargo test` without `--test` builds it")
    });
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

const BUSY: &str = "429 Too Many Requests: retry 1 in 1s\n";
const ACCEPTED: &str = "202 Accepted: not retried again after 1 retry\n";

#[test]
fn upload_chunk() {
    assert_eq!(run("upload_chunk"), format!("{BUSY}{ACCEPTED}Accepted\n"));
}

/// Each attempt has an upload URL of its own.
#[test]
fn upload_file() {
    assert_eq!(
        run("upload_file"),
        format!("to 1\n{BUSY}to 2\n{ACCEPTED}uploaded\n")
    );
}

#[test]
fn check_release() {
    assert_eq!(
        run("check_release"),
        "503 Service Unavailable: retry 1 in 8s\n\
         (not waited: 8s)\n\
         200 Success: not retried again after 1 retry\n\
         1.0.0: update to 2.0.0\n\
         204 No Content: not retried\n\
         2.0.0: up to date\n"
    );
}

#[test]
fn tower_stack() {
    assert_eq!(
        run("tower_stack"),
        "202 Accepted: not retried again after 1 retry\n"
    );
}

#[test]
fn backon() {
    assert_eq!(
        run("backon"),
        "(not waited: 8s)\n(not waited: 64s)\n200 OK\n"
    );
}

#[test]
fn resume() {
    assert_eq!(
        run("resume"),
        format!(
            "device: on\n\
             device: 429 Too Many Requests: retry 1 in 4s\n\
             device: off\n\
             device: on, with a stored wait before retry 1\n\
             device: {ACCEPTED}\
             device: 202 Accepted\n\
             requests that the server saw: 2\n"
        )
    );
}
