//! A daemon that sends what a device has to report. Memfault's table says when it sends a request again.

use std::fs::File;
use std::path::Path;
use std::time::Duration;
use std::{error, fmt, io, thread};

use memfault_status::Status;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, InvalidHeaderValue};
use retrospec_client::{
    Attempted, BlockingSendWith, Outcome, Policy, SharedPolicy, outcome, retry,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Report;

/// Why something was not sent.
#[derive(Debug)]
pub enum Error {
    /// The project key cannot be sent in a header.
    Key(InvalidHeaderValue),
    /// The file cannot be read.
    File(io::Error),
    /// A request failed.
    Http(reqwest::Error),
    /// Memfault refused a request.
    Refused {
        /// The status of its answer.
        status: StatusCode,
        /// Its headers, which may say when to send the request again.
        headers: HeaderMap,
        /// The message in the answer, if it has one.
        message: String,
    },
    /// The storage did not take a file.
    NotStored(reqwest::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(_) => f.write_str("the project key is not valid"),
            Self::File(error) => error.fmt(f),
            Self::Http(error) | Self::NotStored(error) => error.fmt(f),
            Self::Refused {
                status, message, ..
            } => write!(f, "{status}: {message}"),
        }
    }
}

impl error::Error for Error {}

impl From<InvalidHeaderValue> for Error {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::Key(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

/// What a failed upload means to Memfault's table.
impl Attempted for Error {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Key(_) | Self::File(_) => Outcome::failed(),
            Self::Http(error) => error.outcome(),
            Self::Refused {
                status, headers, ..
            } => outcome(*status, headers),
            Self::NotStored(error) => not_stored(error),
        }
    }
}

/// The answer to a request for an upload.
#[derive(Deserialize)]
struct Prepared {
    data: Target,
}

/// The address to send a file to, and the token to commit it by.
#[derive(Deserialize)]
struct Target {
    upload_url: String,
    token: String,
}

/// The daemon of one device.
#[derive(Debug)]
pub struct Daemon {
    client: Client,
    // It must not send the project key to another vendor.
    storage: Client,
    api: String,
    serial: String,
    policy: SharedPolicy<Status>,
}

/// Returns Memfault's table, with an end: a request that waits holds up the rest of the round.
#[must_use]
pub fn policy() -> Policy<Status> {
    memfault_status::policy().max_elapsed(Duration::from_mins(10))
}

impl Daemon {
    /// Creates the daemon of the device `serial`. `api` is the address of the server, without a path.
    ///
    /// # Errors
    ///
    /// Returns an error if the project key is not valid, or if no client can be made.
    pub fn new(
        api: &str,
        project_key: &str,
        serial: &str,
        policy: SharedPolicy<Status>,
    ) -> Result<Self, Error> {
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_str(project_key)?;
        headers.insert("Memfault-Project-Key", key);
        let client = Client::builder()
            .default_headers(headers)
            .timeout(Duration::from_secs(30))
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            // Less than the server keeps an idle connection open.
            .pool_idle_timeout(Duration::from_millis(500))
            .build()?;
        let storage = Client::builder()
            .timeout(Duration::from_mins(5))
            .pool_idle_timeout(Duration::from_millis(500))
            .build()?;
        Ok(Self {
            client,
            storage,
            api: format!("{api}/api/v0"),
            serial: serial.to_owned(),
            policy,
        })
    }

    /// Sends everything in `report`, and returns what could not be sent. Without what failed, the rest is sent.
    #[must_use]
    pub fn round(&self, report: &Report) -> Vec<(String, Error)> {
        let mut failed = Vec::new();
        if let Err(error) = self.set_attributes(&report.attributes) {
            failed.push(("the attributes".to_owned(), error));
        }
        for (n, chunk) in (1..).zip(&report.chunks) {
            if let Err(error) = self.send_chunk(chunk) {
                failed.push((format!("chunk {n}"), error));
            }
        }
        if let Err(error) = self.upload(&report.recording) {
            failed.push(("the recording".to_owned(), error));
        }
        if let Err(error) = self.send_event(&report.event) {
            failed.push(("the event".to_owned(), error));
        }
        failed
    }

    fn set_attributes(&self, attributes: &Value) -> Result<(), Error> {
        let Self { api, serial, .. } = self;
        let response = self
            .client
            .patch(format!("{api}/attributes?device_serial={serial}"))
            .json(attributes)
            .send_with(&self.policy)
            .result?;
        check(response)?;
        Ok(())
    }

    fn send_event(&self, event: &Value) -> Result<(), Error> {
        let url = format!("{}/events", self.api);
        let request = self.client.post(url).json(event);
        check(request.send_with(&self.policy).result?)?;
        Ok(())
    }

    fn send_chunk(&self, chunk: &[u8]) -> Result<(), Error> {
        let Self { api, serial, .. } = self;
        let response = self
            .client
            .post(format!("{api}/chunks/{serial}"))
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(chunk.to_vec())
            .send_with(&self.policy)
            .result?;
        check(response)?;
        Ok(())
    }

    fn upload(&self, path: &Path) -> Result<(), Error> {
        // Whichever request fails, all three start again: the address of an upload is good for one, and expires.
        retry(&self.policy, |_| self.upload_once(path), thread::sleep).result?;
        Ok(())
    }

    /// Uploads a file in three requests: to prepare it, to store it at another vendor, and to commit it. Returns the
    /// last response.
    fn upload_once(&self, path: &Path) -> Result<Response, Error> {
        let file = File::open(path)?;
        let device = json!({ "device_serial": self.serial });
        let request = json!({ "kind": "MAR", "size": file.metadata()?.len(), "device": device });
        let url = format!("{}/upload", self.api);
        let response = check(self.client.post(url).json(&request).send()?)?;
        let Prepared { data: target } = response.json()?;

        self.storage
            .put(target.upload_url)
            .body(file)
            .send()
            .and_then(Response::error_for_status)
            .map_err(Error::NotStored)?;

        let request = json!({ "file": { "token": target.token }, "device": device });
        let url = format!("{}/upload/mar", self.api);
        check(self.client.post(url).json(&request).send()?)
    }
}

/// Returns the response if it is a success, or an error with its message.
fn check(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let headers = response.headers().clone();
    // The body may be HTML of a gateway, or empty.
    let body: Value = response.json().unwrap_or_default();
    let message = body["error"]["message"].as_str().unwrap_or_default();
    Err(Error::Refused {
        status,
        headers,
        message: message.to_owned(),
    })
}

/// Returns what a failure of the storage means. Its codes are not those of Memfault's table.
fn not_stored(error: &reqwest::Error) -> Outcome<'_> {
    match error.status() {
        // Memfault does not know the file before it is committed. So nothing is carried out, as if nothing were sent.
        Some(status) if status.is_server_error() => Outcome::not_sent(),
        Some(_) => Outcome::failed(),
        None if error.outcome().is_no_response() => Outcome::not_sent(),
        None => error.outcome(),
    }
}
