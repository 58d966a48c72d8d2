//! A daemon that sends what a device has to report. It sends each request once.

use std::fs::File;
use std::path::Path;
use std::time::Duration;
use std::{error, fmt, io};

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, InvalidHeaderValue};
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
        /// The message in the answer, if it has one.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(_) => f.write_str("the project key is not valid"),
            Self::File(error) => error.fmt(f),
            Self::Http(error) => error.fmt(f),
            Self::Refused { status, message } => write!(f, "{status}: {message}"),
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
}

impl Daemon {
    /// Creates the daemon of the device `serial`. `api` is the address of the server, without a path.
    ///
    /// # Errors
    ///
    /// Returns an error if the project key is not valid, or if no client can be made.
    pub fn new(api: &str, project_key: &str, serial: &str) -> Result<Self, Error> {
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_str(project_key)?;
        headers.insert("Memfault-Project-Key", key);
        let client = Client::builder()
            .default_headers(headers)
            .timeout(Duration::from_secs(30))
            .build()?;
        let storage = Client::builder().timeout(Duration::from_mins(5)).build()?;
        Ok(Self {
            client,
            storage,
            api: format!("{api}/api/v0"),
            serial: serial.to_owned(),
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
            .send()?;
        check(response)?;
        Ok(())
    }

    fn send_event(&self, event: &Value) -> Result<(), Error> {
        let url = format!("{}/events", self.api);
        check(self.client.post(url).json(event).send()?)?;
        Ok(())
    }

    fn send_chunk(&self, chunk: &[u8]) -> Result<(), Error> {
        let Self { api, serial, .. } = self;
        let response = self
            .client
            .post(format!("{api}/chunks/{serial}"))
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(chunk.to_vec())
            .send()?;
        check(response)?;
        Ok(())
    }

    /// Uploads a file in three requests: to prepare it, to store it at another vendor, and to commit it.
    fn upload(&self, path: &Path) -> Result<(), Error> {
        let file = File::open(path)?;
        let device = json!({ "device_serial": self.serial });
        let request = json!({ "kind": "MAR", "size": file.metadata()?.len(), "device": device });
        let url = format!("{}/upload", self.api);
        let response = check(self.client.post(url).json(&request).send()?)?;
        let Prepared { data: target } = response.json()?;

        self.storage
            .put(target.upload_url)
            .body(file)
            .send()?
            .error_for_status()?;

        let request = json!({ "file": { "token": target.token }, "device": device });
        let url = format!("{}/upload/mar", self.api);
        check(self.client.post(url).json(&request).send()?)?;
        Ok(())
    }
}

/// Returns the response if it is a success, or an error with its message.
fn check(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    // The body may be HTML of a gateway, or empty.
    let body: Value = response.json().unwrap_or_default();
    let message = body["error"]["message"].as_str().unwrap_or_default();
    Err(Error::Refused {
        status,
        message: message.to_owned(),
    })
}
