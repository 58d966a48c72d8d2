use std::io::{self, BufRead, Error, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;

/// How long a request may stall half-way: a client and a server that wait for each other end here.
const PATIENCE: Duration = Duration::from_secs(30);
/// How large a request may be.
const LIMIT: usize = 64 << 20;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// When its first bytes were seen.
    pub at: Instant,
    /// `POST` and the like.
    pub method: String,
    /// The path and the query, undecoded.
    pub target: String,
    /// Every header line in order, the name in the case it came in.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body without its chunks' framing; empty if [`Reply::reset`](crate::Reply::reset) came before it.
    pub body: Bytes,
    /// How many requests came on the same connection before it: 0 on a new one.
    pub earlier: usize,
    is_1_0: bool,
}

impl Received {
    /// Returns the value of the first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Returns whether repeating it has the effect of sending it once: its method says so (RFC 9110 section 9.2.2), or
    /// it has an `Idempotency-Key`.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.has_idempotent_method() || self.header("idempotency-key").is_some()
    }

    pub(crate) fn has_idempotent_method(&self) -> bool {
        let method = self.method.as_str();
        matches!(
            method,
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE"
        )
    }

    /// Returns whether it is the same request as `other`, sent again: method, target and body are equal.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        (&self.method, &self.target, &self.body) == (&other.method, &other.target, &other.body)
    }

    pub(crate) fn keeps_connection(&self) -> bool {
        !self.is_1_0 && !lists(&self.headers, "connection", "close")
    }
}

/// Whether a header of this name has `token` in its comma-separated list.
pub(crate) fn lists(headers: &[(String, Vec<u8>)], name: &str, token: &str) -> bool {
    headers
        .iter()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name))
        .flat_map(|(_, value)| value.split(|byte| *byte == b','))
        .any(|item| item.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

/// Reads requests by peeking, and takes bytes from the socket only to see the ones behind them.
///
/// So the end of a request stays in the socket until `finish_request`. The standard library cannot ask for a
/// connection reset, but closing a socket that holds unread bytes is one.
pub(crate) struct Reader<'a> {
    stream: &'a TcpStream,
    peeked: Box<[u8]>,
    filled: usize,
    used: usize,
    left: usize,
    heads: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(stream: &'a TcpStream) -> Self {
        Self {
            stream,
            peeked: vec![0; 64 << 10].into(),
            filled: 0,
            used: 0,
            left: LIMIT,
            heads: 0,
        }
    }

    /// Waits without limit, for a pool may hold an idle connection; false if the client has closed it.
    pub(crate) fn await_request(&mut self) -> io::Result<bool> {
        self.left = LIMIT;
        self.stream.set_read_timeout(None)?;
        let begun = !self.fill_buf()?.is_empty();
        self.stream.set_read_timeout(Some(PATIENCE))?;
        Ok(begun)
    }

    pub(crate) fn read_head(&mut self) -> io::Result<Received> {
        let at = Instant::now();
        // RFC 9112 section 2.2: an empty line before a request is ignored.
        while matches!(self.fill_buf()?.first(), Some(b'\r' | b'\n')) {
            self.consume(1);
        }
        // What does not begin as a method does may go on without a line feed, as TLS does.
        match self.fill_buf()?.first() {
            Some(first) if first.is_ascii_alphabetic() => {}
            Some(_) => return Err(malformed()),
            None => return Err(ErrorKind::UnexpectedEof.into()),
        }
        let line = text(self.read_line()?)?;
        let parts: Vec<&str> = line.split(' ').collect();
        let [method, target, version @ ("HTTP/1.1" | "HTTP/1.0")] = parts[..] else {
            return Err(malformed());
        };
        let is_1_0 = version == "HTTP/1.0";
        let mut headers = Vec::new();
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            let mut parts = line.splitn(2, |byte| *byte == b':');
            let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
                return Err(malformed());
            };
            headers.push((text(name.to_vec())?, value.trim_ascii().to_vec()));
        }
        let earlier = self.heads;
        self.heads += 1;
        Ok(Received {
            at,
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: Bytes::new(),
            earlier,
            is_1_0,
        })
    }

    pub(crate) fn read_body(&mut self, request: &mut Received) -> io::Result<()> {
        let mut body = Vec::new();
        if lists(&request.headers, "transfer-encoding", "chunked") {
            self.read_chunks(&mut body)?;
        } else if let Some(length) = request.header("content-length") {
            let length = number(length, 10)?;
            self.read_bytes(length, &mut body)?;
        }
        request.body = body.into();
        Ok(())
    }

    /// Takes the request from the socket, up to its last byte.
    pub(crate) fn finish_request(&mut self) -> io::Result<()> {
        self.stream.read_exact(&mut self.peeked[..self.used])?;
        (self.filled, self.used) = (0, 0);
        Ok(())
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = self.read_line()?;
            let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
            let size = number(size.trim_ascii(), 16)?;
            if size == 0 {
                break;
            }
            self.read_bytes(size, body)?;
            if !self.read_line()?.is_empty() {
                return Err(malformed());
            }
        }
        while !self.read_line()?.is_empty() {}
        Ok(())
    }

    fn read_bytes(&mut self, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let read = self.take(length).read_to_end(into)?;
        if u64::try_from(read).is_ok_and(|read| read == length) {
            Ok(())
        } else {
            Err(ErrorKind::UnexpectedEof.into())
        }
    }

    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.read_until(b'\n', &mut line)?;
        let line = line.strip_suffix(b"\r\n").ok_or_else(malformed)?;
        Ok(line.to_vec())
    }
}

impl BufRead for Reader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if self.used == self.filled {
            self.finish_request()?;
            self.filled = self.stream.peek(&mut self.peeked)?;
        }
        Ok(&self.peeked[self.used..self.filled])
    }

    fn consume(&mut self, count: usize) {
        self.used += count;
        self.left = self.left.saturating_sub(count);
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| malformed())
}

fn number(digits: &[u8], radix: u32) -> io::Result<u64> {
    let digits = str::from_utf8(digits).map_err(|_| malformed())?;
    u64::from_str_radix(digits, radix).map_err(|_| malformed())
}

fn malformed() -> Error {
    ErrorKind::InvalidData.into()
}
