//! Answers every request with 202, in a process of its own, whose instructions nobody counts.

use std::thread;

use retrospec_conformance::{Reply, Script, Server};

fn main() {
    let server = Server::start(Script::new(Reply::status(202)));
    println!("{}", server.url("/api/v0/chunks/TESTSERIAL"));
    loop {
        thread::park();
    }
}
