//! What a client is answered, beside the status, and what it knows of its request.

use std::ffi::OsString;
use std::time::Duration;

use retrospec::{Outcome, Reason, first_wait};
use retrospec_codegen::internal::model::{Model, WaitForm, WaitHeader};
use retrospec_codegen::internal::terminal::Failure;

pub(crate) struct Response {
    headers: Vec<(String, Vec<u8>)>,
    pub(crate) error: Option<String>,
    pub(crate) is_idempotent: bool,
}

impl Response {
    /// Reads headers, each as `NAME: VALUE`.
    pub(crate) fn new(
        retry_after: Option<&OsString>,
        lines: &[OsString],
        error: Option<String>,
        is_idempotent: bool,
    ) -> Result<Self, Failure> {
        let value = |value: &OsString| value.as_encoded_bytes().to_vec();
        let mut headers: Vec<_> = retry_after
            .map(|given| ("Retry-After".to_owned(), value(given)))
            .into_iter()
            .collect();
        for line in lines {
            headers.push(header(line)?);
        }
        Ok(Self {
            headers,
            error,
            is_idempotent,
        })
    }

    /// Takes headers as they were sent.
    pub(crate) fn received(headers: &[(String, Vec<u8>)], is_idempotent: bool) -> Self {
        Self {
            headers: headers.to_vec(),
            error: None,
            is_idempotent,
        }
    }

    pub(crate) fn has_headers(&self) -> bool {
        !self.headers.is_empty()
    }

    /// Returns the value of a header as the engine reads it, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let value = self.outcome(Duration::ZERO).header(&name)?;
        str::from_utf8(value).ok()
    }

    /// Returns whether one of the headers by which the server asks for a wait is given.
    pub(crate) fn has_wait(&self, model: &Model) -> bool {
        let outcome = self.outcome(Duration::ZERO);
        let mut names = model
            .wait_headers
            .iter()
            .map(|header| header.name.to_lowercase());
        names.any(|name| outcome.header(&name).is_some())
    }

    /// Returns the names of the headers that the table does not go by.
    pub(crate) fn unread(&self, model: &Model) -> Vec<&str> {
        let conditions = model.wait_headers.iter().flat_map(|header| &header.only_if);
        let waits = model.wait_headers.iter().map(|header| &header.name);
        let should_retry = model.should_retry.iter().map(|header| &header.header);
        let read: Vec<&String> = waits
            .chain(conditions.map(|(name, _)| name))
            .chain(should_retry)
            .collect();
        let is_read = |name: &str| {
            name.eq_ignore_ascii_case("date")
                || read.iter().any(|read| read.eq_ignore_ascii_case(name))
        };
        let names = self.headers.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !is_read(name)).collect()
    }

    /// Returns how long the server asks to wait at `now`, since 1970.
    pub(crate) fn wait(&self, model: &Model, now: Duration) -> Result<Duration, Reason> {
        let outcome = self.outcome(now);
        let waits: Vec<_> = model
            .wait_headers
            .iter()
            .map(|header| self.wait_in(header, &outcome))
            .collect();
        first_wait(&waits)
    }

    fn wait_in(&self, header: &WaitHeader, outcome: &Outcome<'_>) -> Result<Duration, Reason> {
        let is_met = |(name, value): &(String, String)| self.header(name) == Some(value);
        if !header.only_if.iter().all(is_met) {
            return Err(Reason::NoRetryAfter);
        }
        let name = header.name.to_lowercase();
        match header.form {
            WaitForm::RetryAfter => outcome.retry_after_in(&name),
            WaitForm::Seconds => outcome.seconds_in(&name),
            WaitForm::Milliseconds => outcome.milliseconds_in(&name),
            WaitForm::UnixSeconds => outcome.unix_seconds_in(&name),
        }
    }

    fn outcome(&self, now: Duration) -> Outcome<'_> {
        Outcome::no_response()
            .headers(&self.headers)
            .now(now.as_secs())
    }
}

fn header(line: &OsString) -> Result<(String, Vec<u8>), Failure> {
    let bytes = line.as_encoded_bytes();
    let colon = bytes.iter().position(|byte| *byte == b':');
    let name = colon.and_then(|colon| str::from_utf8(&bytes[..colon]).ok());
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    match (name, colon) {
        (Some(name), Some(colon)) => Ok((name.to_owned(), bytes[colon + 1..].to_vec())),
        _ => Err(format!(
            "expected a header, found `{}`: write `--header 'NAME: VALUE'`",
            line.display()
        )
        .into()),
    }
}
