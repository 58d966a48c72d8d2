//! `retrospec serve`: what it answers, and what it prints of each request.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use common::{Folder, assert_contains, memfault};

/// A server, which ends with the test.
struct Serving {
    child: Child,
    lines: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(folder: &Folder, options: &[&str]) -> Self {
        folder.write("memfault.yaml", memfault());
        let mut child = Command::new(env!("CARGO_BIN_EXE_retrospec"))
            .args([&["serve", "memfault.yaml"], options].concat())
            .current_dir(folder.path(""))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut serving = Self {
            child,
            lines,
            address: String::new(),
        };
        let first = serving.line();
        let address = first.strip_prefix("Memfault: listening on http://");
        serving.address.push_str(address.expect(&first));
        serving
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Returns the head of the response.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("{request} HTTP/1.1\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a line without the times that the clock gave.
fn untimed(line: &str) -> String {
    let (time, rest) = line.trim_start().split_once(" s  ").unwrap();
    assert!(time.parse::<f64>().is_ok(), "{line}");
    let Some((before, after)) = rest.split_once(" after ") else {
        return rest.to_owned();
    };
    match after.split_once(" s, ") {
        Some((wait, after)) if wait.parse::<f64>().is_ok() => format!("{before} after T, {after}"),
        _ => rest.to_owned(),
    }
}

#[test]
fn each_request_is_printed_with_what_was_due() {
    let folder = Folder::new("printed");
    let mut serving = Serving::start(&folder, &["--answer", "503,503,202"]);
    for (request, code, line) in [
        (
            "POST /a",
            "503",
            "POST /a: first attempt; answered 503, retry 1 is due after 8 s",
        ),
        (
            "POST /b",
            "503",
            "POST /b: first attempt; answered 503, retry 1 is due after 8 s",
        ),
        (
            "POST /a",
            "503",
            "POST /a: retry 1 after T, due after 8 s; answered 503, retry 2 is due after 1 min 4 s",
        ),
        (
            "POST /a",
            "202",
            "POST /a: retry 2 after T, due after 1 min 4 s; answered 202, retry 3 is not due",
        ),
        (
            "POST /a",
            "202",
            "POST /a: retry 3 after T, not due; answered 202, retry 4 is not due",
        ),
    ] {
        let response = serving.ask(request);
        assert_eq!(&response[9..12], code);
        assert_eq!(untimed(&serving.line()), line);
    }
}

#[test]
fn the_header_is_sent_but_on_success() {
    let folder = Folder::new("header");
    let options = ["--answer", "429,202", "--retry-after", "-5"];
    let mut serving = Serving::start(&folder, &options);
    assert_contains(&serving.ask("GET /"), "\r\nRetry-After: -5\r\n");
    assert_eq!(
        untimed(&serving.line()),
        "GET /: first attempt; answered 429, retry 1 is not due"
    );
    assert!(!serving.ask("GET /").contains("Retry-After"));
}

#[test]
fn a_reset_can_be_an_answer() {
    let folder = Folder::new("reset");
    let mut serving = Serving::start(&folder, &["--answer", "transport, 202"]);
    let mut stream = TcpStream::connect(&serving.address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert!(stream.read(&mut [0]).is_err());
    assert_eq!(
        untimed(&serving.line()),
        "GET /: first attempt; reset, retry 1 is not due"
    );
    assert_eq!(&serving.ask("GET /")[9..12], "202");
}

#[test]
fn a_wrong_option_is_refused() {
    let folder = Folder::new("options");
    let serving = Serving::start(&folder, &[]);
    let port = serving.address.rsplit(':').next().unwrap();
    let refused = folder
        .run(&["serve", "memfault.yaml", "--port", port])
        .with(2);
    assert_contains(
        &refused.err,
        &format!("error: cannot listen on port {port}: "),
    );
    for answer in ["connect", "100", "1000", "503;202", ""] {
        folder
            .run(&["serve", "memfault.yaml", "--answer", answer])
            .with(2);
    }
}
