use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::date::TimeForm;

/// What one request is answered with.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) slow: Duration,
    pub(crate) fault: Option<Fault>,
    /// Headers that give the time after a wait.
    times: Vec<(String, TimeForm, Duration)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Reset,
    ResetAfterRequest,
    Close,
    Cut(usize),
    /// After this many bytes, of the head and the body together.
    ResetWithin(usize),
}

/// What of a response a client never gets.
enum Missing {
    Nothing,
    Body,
    Head,
}

impl Reply {
    /// Creates a response without a body; the connection stays open for more requests.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            slow: Duration::ZERO,
            fault: None,
            times: Vec::new(),
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

    /// Resets the connection after the first `sent` bytes of this response, its head counted in. `usize::MAX` sends
    /// all of it first, as a server does that closes a connection which the client wants to keep.
    #[must_use]
    pub fn reset_within(mut self, sent: usize) -> Self {
        self.fault = Some(Fault::ResetWithin(sent));
        self
    }

    fn fault(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::status(0)
        }
    }

    /// Adds a header line; name and value go out as they are.
    ///
    /// `Connection: close` also closes the connection after the response. A `Content-Length` or
    /// `Transfer-Encoding` replaces the `Content-Length` that is sent by default, and may lie.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a header that gives the time when `wait` is over, counted from when the response is written.
    ///
    /// Such times have no fractions of seconds. So the response is held back to the next whole second, and a fraction
    /// in `wait` is dropped. The response has a `Date`, too, unless one is given.
    #[must_use]
    pub fn until(mut self, name: &str, form: TimeForm, wait: Duration) -> Self {
        self.times.push((name.to_owned(), form, wait));
        self
    }

    /// Sets the body; it is not sent with 1xx, 204 and 304, nor to `HEAD`.
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

    /// Returns the header lines, the name in the case it is sent in. Times from [`until`](Self::until) are among them
    /// once the response is written.
    #[must_use]
    pub fn headers(&self) -> &[(String, Vec<u8>)] {
        &self.headers
    }

    /// Returns the length of the head in bytes, as [`reset_within`](Self::reset_within) counts them.
    #[must_use]
    pub fn head_len(&self) -> usize {
        self.head().len()
    }

    /// Returns how long to wait with the answer now: as scripted, and to the next whole second if it gives a time.
    pub(crate) fn wait(&self) -> Duration {
        if !self.has_times() {
            return self.delay;
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let then = now.saturating_add(self.delay);
        self.delay.saturating_add(
            Duration::from_secs(then.as_secs().saturating_add(1)).saturating_sub(then),
        )
    }

    pub(crate) fn has_times(&self) -> bool {
        !self.times.is_empty()
    }

    /// Returns the reply as it is written at `now`, with all times as headers.
    pub(crate) fn written(&self, now: SystemTime) -> Self {
        let mut written = Self {
            times: Vec::new(),
            ..self.clone()
        };
        if self.has_times() && !self.names("date") {
            written = written.header("Date", TimeForm::ImfFixdate.write(now));
        }
        for (name, form, wait) in &self.times {
            let time = now.checked_add(*wait).unwrap_or(now);
            written = written.header(name, form.write(time));
        }
        written
    }

    /// Returns what a client can take it for: a reply, and the status code that it saw, or `None` if it saw no
    /// response. Header lines of one name may be joined on their way (RFC 9110 section 5.3).
    pub(crate) fn readings(&self, is_head: bool) -> Vec<(Self, Option<u16>)> {
        let status = Some(self.status);
        let statuses: &[Option<u16>] = match self.missing(is_head) {
            Missing::Nothing => &[status],
            Missing::Body => &[status, None],
            Missing::Head => &[None],
        };
        let replies = [Some(self.clone()), self.joined()].into_iter().flatten();
        let each = |reply: Self| statuses.iter().map(move |status| (reply.clone(), *status));
        replies.flat_map(each).collect()
    }

    fn missing(&self, is_head: bool) -> Missing {
        let (head, body) = (self.head().len(), self.body.len());
        let has_body = self.has_body() && !is_head;
        let sent = match self.fault {
            None => return Missing::Nothing,
            Some(Fault::Reset | Fault::ResetAfterRequest | Fault::Close) => return Missing::Head,
            Some(Fault::ResetWithin(sent)) => sent,
            Some(Fault::Cut(sent)) => head.saturating_add(sent),
        };
        if sent < head {
            Missing::Head
        } else if has_body && sent < head + body {
            Missing::Body
        } else {
            Missing::Nothing
        }
    }

    /// Returns it with one line for each name of a header, or `None` if there is one already.
    fn joined(&self) -> Option<Self> {
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, value) in &self.headers {
            let same = headers
                .iter_mut()
                .find(|(other, _)| other.eq_ignore_ascii_case(name));
            match same {
                Some((_, first)) => first.extend([b", ", value.as_slice()].concat()),
                None => headers.push((name.clone(), value.clone())),
            }
        }
        (headers.len() < self.headers.len()).then(|| Self {
            headers,
            ..self.clone()
        })
    }

    fn names(&self, name: &str) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        names.any(|other| other.eq_ignore_ascii_case(name))
    }

    pub(crate) fn head(&self) -> Vec<u8> {
        // A reason phrase may be empty, the blank before it may not be missing.
        let mut head = format!("HTTP/1.1 {} \r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let is_framed = self.names("content-length") || self.names("transfer-encoding");
        if self.has_body() && !is_framed {
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
