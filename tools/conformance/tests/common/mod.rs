//! A client of a few lines.

#![allow(dead_code, reason = "every test file uses some of it")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use retrospec_conformance::Server;

pub(crate) const GET: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

pub(crate) fn connect(server: &Server) -> TcpStream {
    let client = TcpStream::connect(server.url("").trim_start_matches("http://")).unwrap();
    let patience = Some(Duration::from_secs(10));
    client.set_read_timeout(patience).unwrap();
    client
}

pub(crate) fn ask(client: &mut TcpStream, request: &[u8]) -> String {
    client.write_all(request).unwrap();
    read_response(client)
}

/// Reads a head, and a body as long as it says.
pub(crate) fn read_response(client: &mut TcpStream) -> String {
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        response.extend(byte);
    }
    let head = String::from_utf8(response).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    client.read_exact(&mut body).unwrap();
    head + str::from_utf8(&body).unwrap()
}
