use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::Received;

/// What one request is answered with.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) slow: Duration,
    pub(crate) fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Reset,
    ResetAfterRequest,
    Close,
    Cut(usize),
}

impl Reply {
    /// A response without a body; the connection stays open for more requests.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            slow: Duration::ZERO,
            fault: None,
        }
    }

    /// Returns the status code, or 0 for a fault without a response.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.status
    }

    /// Resets the connection when the head of the request is read, while a long body is still on its way.
    ///
    /// A route sees whole requests, so its reset is as late as [`reset_after_request`](Self::reset_after_request).
    #[must_use]
    pub fn reset() -> Self {
        Self::fault(Fault::Reset)
    }

    /// Resets the connection when the whole request is read.
    #[must_use]
    pub fn reset_after_request() -> Self {
        Self::fault(Fault::ResetAfterRequest)
    }

    /// Closes the connection in order when the whole request is read, without a response.
    #[must_use]
    pub fn close() -> Self {
        Self::fault(Fault::Close)
    }

    /// Promises the whole body, sends its first `sent` bytes and closes the connection in order.
    #[must_use]
    pub fn cut(status: u16, body: impl Into<Vec<u8>>, sent: usize) -> Self {
        let answer = Self::status(status).body(body);
        Self {
            fault: Some(Fault::Cut(sent)),
            ..answer
        }
    }

    fn fault(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::status(0)
        }
    }

    /// One more header line; name and value go out as they are.
    ///
    /// `Connection: close` also closes the connection after the response. A `Content-Length` or
    /// `Transfer-Encoding` replaces the `Content-Length` that is sent by default, and may lie.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The body; it is not sent with 1xx, 204 and 304, nor to `HEAD`.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Waits before answering, or before the fault; `Duration::MAX` never answers.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends the body byte by byte, with this pause before each.
    #[must_use]
    pub fn slow(mut self, pause: Duration) -> Self {
        self.slow = pause;
        self
    }

    pub(crate) fn head(&self) -> Vec<u8> {
        // A reason phrase may be empty, the blank before it may not be missing.
        let mut head = format!("HTTP/1.1 {} \r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let frames = |(name, _): &(String, _)| {
            name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
        };
        if self.has_body() && !self.headers.iter().any(frames) {
            head.extend(format!("Content-Length: {}\r\n", self.body.len()).into_bytes());
        }
        head.extend(b"\r\n");
        head
    }

    pub(crate) fn sent_body(&self) -> &[u8] {
        match self.fault {
            _ if !self.has_body() => &[],
            Some(Fault::Cut(sent)) => &self.body[..sent.min(self.body.len())],
            _ => &self.body,
        }
    }

    fn has_body(&self) -> bool {
        !matches!(self.status, 100..=199 | 204 | 304)
    }
}

/// The answers of a server.
pub struct Script(Replies);

enum Replies {
    InOrder(VecDeque<Reply>),
    Routes(Box<dyn FnMut(&Received) -> Reply + Send>),
}

impl Script {
    /// This answer to every request, unless others follow.
    #[must_use]
    pub fn new(answer: Reply) -> Self {
        Self(Replies::InOrder([answer].into()))
    }

    /// The next answer; the last one is repeated from then on.
    ///
    /// # Panics
    ///
    /// If the script has routes.
    #[must_use]
    pub fn then(mut self, answer: Reply) -> Self {
        match &mut self.0 {
            Replies::InOrder(answers) => answers.push_back(answer),
            Replies::Routes(_) => panic!("routes answer every request"),
        }
        self
    }

    /// An answer by what is asked; `route` is called for one request at a time.
    #[must_use]
    pub fn routes(route: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        Self(Replies::Routes(Box::new(route)))
    }

    pub(crate) fn resets_next(&self) -> bool {
        let Replies::InOrder(answers) = &self.0 else {
            return false;
        };
        matches!(answers[0].fault, Some(Fault::Reset))
    }

    pub(crate) fn answer(&mut self, request: &Received) -> Reply {
        match &mut self.0 {
            Replies::InOrder(answers) if answers.len() == 1 => answers[0].clone(),
            Replies::InOrder(answers) => answers.pop_front().expect("never empty"),
            Replies::Routes(route) => route(request),
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Replies::InOrder(answers) => f.debug_tuple("Script").field(answers).finish(),
            Replies::Routes(_) => f.write_str("Script(routes)"),
        }
    }
}
