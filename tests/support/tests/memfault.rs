//! Memfault's API as its clients see it.

#[path = "../../../tools/conformance/tests/common/mod.rs"]
mod common;

use std::net::TcpStream;

use common::{ask, connect};
use retrospec_conformance::{Script, Server};
use retrospec_test_support::memfault;

const KEY: &str = "0123456789abcdefABCDEF0123456789";

fn server() -> (Server, TcpStream) {
    let mut api = memfault::Api::default();
    let server = Server::start(Script::routes(move |request| api.answer(request)));
    let client = connect(&server);
    (server, client)
}

/// The status and the body.
fn call(client: &mut TcpStream, request: &str, key: &str) -> (u16, String) {
    let head = format!("{request} HTTP/1.1\r\nhost: localhost:1\r\nmemfault-project-KEY: {key}");
    let answer = ask(client, format!("{head}\r\n\r\n").as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

#[test]
fn every_request_has_its_success() {
    let (_server, mut client) = server();
    for (request, status, body) in [
        ("POST /api/v0/chunks/TESTSERIAL", 202, "Accepted"),
        ("PUT /storage/1", 200, ""),
        (
            "POST /api/v0/device-config",
            200,
            r#"{"data":{"config":{},"revision":1}}"#,
        ),
        (
            "GET /api/v0/releases/latest?device_serial=1&current_version=1.9.0",
            200,
            r#"{"version":"2.0.0","artifacts":[]}"#,
        ),
        (
            "GET /api/v0/releases/latest?device_serial=1&current_version=2.0.0",
            204,
            "",
        ),
        ("POST /api/v0/events", 202, ""),
    ] {
        let answer = call(&mut client, request, KEY);
        assert_eq!(answer, (status, body.to_owned()), "{request}");
    }
}

#[test]
fn each_upload_gets_its_own_address() {
    let (_server, mut client) = server();
    let mut upload = || call(&mut client, "POST /api/v0/upload", KEY);
    let (status, first) = upload();
    assert_eq!(status, 200);
    let begin = r#"{"data":{"upload_url":"http://localhost:1/storage/"#;
    assert!(first.starts_with(begin), "{first}");
    assert!(first.contains(r#"","token":"token-"#), "{first}");
    assert_ne!(upload().1, first);
}

#[test]
fn an_upload_is_good_for_once() {
    let (_server, mut client) = server();
    assert_eq!(call(&mut client, "PUT /storage/1", KEY).0, 200);
    let (status, body) = call(&mut client, "PUT /storage/1", KEY);
    assert_eq!(status, 403);
    assert!(body.starts_with("<Error>"), "{body}");

    let mut commit = |body: &str| {
        let head = format!("POST /api/v0/upload/mar HTTP/1.1\r\nmemfault-project-key: {KEY}");
        let length = body.len();
        let request = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        ask(&mut client, request.as_bytes())[9..12].to_owned()
    };
    let token = r#"{"file":{"token":"token-1"}}"#;
    assert_eq!(
        [commit(token), commit(token), commit("{}")],
        ["202", "409", "400"]
    );
}

#[test]
fn a_wrong_key_is_401_except_for_storage() {
    let (_server, mut client) = server();
    let body = r#"{"error":{"message":"Invalid project key.","http_code":401}}"#;
    let short = &KEY[1..];
    for key in ["", short, &format!("{short}g"), &format!("{KEY}0")] {
        let answer = call(&mut client, "POST /api/v0/chunks/1", key);
        assert_eq!(answer, (401, body.to_owned()), "{key}");
    }
    let answer = ask(&mut client, b"POST /api/v0/events HTTP/1.1\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(call(&mut client, "PUT /storage/1", "").0, 200);
}

#[test]
fn all_else_is_404() {
    let (_server, mut client) = server();
    let body = r#"{"error":{"message":"Not found.","http_code":404}}"#;
    for request in [
        "GET /",
        "GET /api/v0/upload",
        "POST /api/v0/chunks/",
        "POST /api/v0/chunks/1/2",
        "GET /storage/1",
        "POST /api/v0/upload/elf",
    ] {
        let answer = call(&mut client, request, KEY);
        assert_eq!(answer, (404, body.to_owned()), "{request}");
    }
}
