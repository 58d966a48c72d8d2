//! Memfault's API on a good day.

use std::collections::BTreeSet;

use retrospec_conformance::{Received, Reply};

/// The version that is offered to devices; one that has it gets 204.
pub const LATEST_RELEASE: &str = "2.0.0";

/// A server's state: how many uploads were prepared, and which addresses and tokens were used.
#[derive(Debug, Default)]
pub struct Api {
    uploads: u32,
    used: BTreeSet<String>,
}

impl Api {
    /// The success of each request, 401 without a project key of 32 hex digits, 404 for all else.
    ///
    /// For [`Script::routes`](retrospec_conformance::Script::routes). An upload's address is under `/storage/` of this server. It
    /// is good for one upload, and its token for one commit; a second is 403, or 409.
    pub fn answer(&mut self, request: &Received) -> Reply {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let key = request.header("memfault-project-key").unwrap_or_default();
        let known = key.len() == 32 && key.iter().all(u8::is_ascii_hexdigit);
        match (request.method.as_str(), path) {
            ("PUT", _) if named(path, "/storage/") => self.store(path),
            (method, _) if !is_route(method, path) => error(404, "Not found."),
            _ if !known => error(401, "Invalid project key."),
            (_, "/api/v0/upload") => self.prepare(request),
            (_, "/api/v0/upload/mar") => self.commit(request),
            (_, "/api/v0/events") => Reply::status(202),
            (_, "/api/v0/device-config") => json(200, r#"{"data":{"config":{},"revision":1}}"#),
            (_, "/api/v0/releases/latest") => release(query),
            // A chunk.
            _ => Reply::status(202)
                .header("Content-Type", "text/plain")
                .body("Accepted"),
        }
    }

    fn prepare(&mut self, request: &Received) -> Reply {
        let Some(host) = request.header("host") else {
            return error(400, "Host must be set.");
        };
        let host = String::from_utf8_lossy(host);
        self.uploads += 1;
        let n = self.uploads;
        let data = format!(r#"{{"upload_url":"http://{host}/storage/{n}","token":"token-{n}"}}"#);
        json(200, &format!(r#"{{"data":{data}}}"#))
    }

    fn store(&mut self, path: &str) -> Reply {
        if self.used.insert(path.to_owned()) {
            return Reply::status(200);
        }
        Reply::status(403)
            .header("Content-Type", "application/xml")
            .body("<Error><Code>AccessDenied</Code></Error>")
    }

    fn commit(&mut self, request: &Received) -> Reply {
        let body = String::from_utf8_lossy(&request.body);
        match body.split('"').find(|part| part.starts_with("token-")) {
            Some(token) if self.used.insert(token.to_owned()) => Reply::status(202),
            Some(_) => error(409, "The file is already there."),
            None => error(400, "A token must be set."),
        }
    }
}

fn is_route(method: &str, path: &str) -> bool {
    let posted = [
        "/api/v0/upload",
        "/api/v0/upload/mar",
        "/api/v0/events",
        "/api/v0/device-config",
    ];
    match method {
        "POST" => posted.contains(&path) || named(path, "/api/v0/chunks/"),
        "GET" => path == "/api/v0/releases/latest",
        _ => false,
    }
}

/// Whether `path` is one segment below `folder`.
fn named(path: &str, folder: &str) -> bool {
    let name = path.strip_prefix(folder);
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn release(query: &str) -> Reply {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    if pairs.any(|pair| pair == ("current_version", LATEST_RELEASE)) {
        Reply::status(204)
    } else {
        json(
            200,
            &format!(r#"{{"version":"{LATEST_RELEASE}","artifacts":[]}}"#),
        )
    }
}

fn error(status: u16, message: &str) -> Reply {
    json(
        status,
        &format!(r#"{{"error":{{"message":"{message}","http_code":{status}}}}}"#),
    )
}

fn json(status: u16, body: &str) -> Reply {
    Reply::status(status)
        .header("Content-Type", "application/json")
        .body(body)
}
