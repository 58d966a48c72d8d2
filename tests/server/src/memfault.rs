//! Memfault's API where all goes well.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Answer, Received};

/// The version that is offered to devices; one that has it gets 204.
pub const LATEST_RELEASE: &str = "2.0.0";

/// Each prepared upload has an address and a token of its own.
static UPLOADS: AtomicU64 = AtomicU64::new(1);

/// The success of each request, 401 without a project key of 32 hex digits, 404 for all else.
///
/// For [`Script::routes`](crate::Script::routes). An upload's address is under `/storage/` of this server, and
/// good for any number of uploads.
#[must_use]
pub fn answers(request: &Received) -> Answer {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let storage = request.method == "PUT" && named(path, "/storage/");
    if storage {
        return Answer::status(200);
    }
    let answer = match (request.method.as_str(), path) {
        ("POST", "/api/v0/upload") => upload(request),
        ("POST", "/api/v0/upload/mar" | "/api/v0/events") => Answer::status(202),
        ("POST", "/api/v0/device-config") => json(200, r#"{"data":{"config":{},"revision":1}}"#),
        ("POST", _) if named(path, "/api/v0/chunks/") => Answer::status(202)
            .header("Content-Type", "text/plain")
            .body("Accepted"),
        ("GET", "/api/v0/releases/latest") => release(query),
        _ => return error(404, "Not found."),
    };
    let key = request.header("memfault-project-key").unwrap_or_default();
    if key.len() == 32 && key.iter().all(u8::is_ascii_hexdigit) {
        answer
    } else {
        error(401, "Invalid project key.")
    }
}

/// Whether `path` is one segment below `folder`.
fn named(path: &str, folder: &str) -> bool {
    let name = path.strip_prefix(folder);
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn upload(request: &Received) -> Answer {
    let Some(host) = request.header("host") else {
        return error(400, "Host must be set.");
    };
    let host = String::from_utf8_lossy(host);
    let n = UPLOADS.fetch_add(1, Ordering::Relaxed);
    let data = format!(r#"{{"upload_url":"http://{host}/storage/{n}","token":"token-{n}"}}"#);
    json(200, &format!(r#"{{"data":{data}}}"#))
}

fn release(query: &str) -> Answer {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    if pairs.any(|pair| pair == ("current_version", LATEST_RELEASE)) {
        Answer::status(204)
    } else {
        json(
            200,
            &format!(r#"{{"version":"{LATEST_RELEASE}","artifacts":[]}}"#),
        )
    }
}

fn error(status: u16, message: &str) -> Answer {
    json(
        status,
        &format!(r#"{{"error":{{"message":"{message}","http_code":{status}}}}}"#),
    )
}

fn json(status: u16, body: &str) -> Answer {
    Answer::status(status)
        .header("Content-Type", "application/json")
        .body(body)
}
