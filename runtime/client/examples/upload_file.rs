//! Uploads a file with ureq, which takes three requests: to prepare it, to send it to the storage service
//! of another vendor, and to commit it. What is retried is all three, for an upload URL is good for one
//! upload. The server is busy when the first is committed.
//!
//! ```sh
//! cargo run -p retrospec-client --example upload_file --features ureq
//! ```

use std::thread;
use std::time::Duration;

use retrospec::Outcome;
use retrospec_client::{Attempted, RetryOptions, retry};
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::memfault;
use ureq::{Agent, Body, Error, http::Response};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// What one attempt came to.
enum Upload {
    Done,
    /// Memfault's answer, at whichever request, or none.
    Refused(Result<Response<Body>, Error>),
    /// The storage service's, whose codes are not in Memfault's table.
    NotStored(Result<Response<Body>, Error>),
    /// An answer that makes no sense.
    Nonsense,
}

impl Attempted for Upload {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Done => Outcome::status(202),
            Self::Refused(result) => result.outcome(),
            Self::NotStored(Err(error)) => error.outcome(),
            // Nothing is carried out before the commit, as if nothing were sent.
            Self::NotStored(Ok(response)) if response.status().is_server_error() => {
                Outcome::not_sent()
            }
            Self::NotStored(Ok(_)) | Self::Nonsense => Outcome::failed(),
        }
    }
}

fn upload(agent: &Agent, api: &str, file: &[u8]) -> Upload {
    let size = file.len();
    let prepare =
        format!(r#"{{"kind":"MAR","size":{size},"device":{{"device_serial":"TESTSERIAL"}}}}"#);
    let mut prepared = match post(agent, &format!("{api}/upload"), prepare) {
        Ok(response) if response.status() == 200 => response,
        refused => return Upload::Refused(refused),
    };
    let Some((url, token)) = target(&mut prepared) else {
        return Upload::Nonsense;
    };

    println!("to {}", url.rsplit('/').next().unwrap_or_default());
    match agent.put(&url).send(file) {
        Ok(response) if response.status() == 200 => {}
        refused => return Upload::NotStored(refused),
    }

    let commit = format!(r#"{{"file":{{"token":"{token}"}}}}"#);
    match post(agent, &format!("{api}/upload/mar"), commit) {
        Ok(response) if response.status() == 202 => Upload::Done,
        refused => Upload::Refused(refused),
    }
}

fn post(agent: &Agent, url: &str, json: String) -> Result<Response<Body>, Error> {
    agent
        .post(url)
        .header("Memfault-Project-Key", KEY)
        .content_type("application/json")
        .send(json)
}

/// Where to send the file, and by what token to commit it.
fn target(prepared: &mut Response<Body>) -> Option<(String, String)> {
    let text = prepared.body_mut().read_to_string().ok()?;
    let answer: serde_json::Value = serde_json::from_str(&text).ok()?;
    let part = |name| answer["data"][name].as_str().map(str::to_owned);
    Some((part("upload_url")?, part("token")?))
}

fn main() {
    let mut busy = Some(Reply::status(429).header("Retry-After", "1"));
    let mut api = memfault::Api::default();
    let script = Script::routes(move |request| {
        let commits = request.target == "/api/v0/upload/mar";
        let refused = if commits { busy.take() } else { None };
        refused.unwrap_or_else(|| api.answer(request))
    });
    let server = Server::start(script);
    let api = server.url("/api/v0");

    // A response of any status is a response: as an error it would have lost `Retry-After`.
    let agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        // Less than the server keeps an idle connection open.
        .max_idle_age(Duration::from_millis(500))
        .build()
        .new_agent();
    let options =
        RetryOptions::new(memfault_status::policy()).on_decision(|decision| println!("{decision}"));
    let finished = retry(options, |_| upload(&agent, &api, b"MAR"), thread::sleep);
    match finished.result {
        Upload::Done => println!("uploaded"),
        Upload::Refused(Ok(response)) => println!("refused: {}", response.status()),
        Upload::NotStored(Ok(response)) => println!("not stored: {}", response.status()),
        Upload::Refused(Err(error)) | Upload::NotStored(Err(error)) => println!("{error}"),
        Upload::Nonsense => println!("the answer makes no sense"),
    }
}
