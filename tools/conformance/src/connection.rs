use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use crate::date::unix_seconds;
use crate::exchange::Exchange;
use crate::reply::Fault;
use crate::request::{Reader, lists};
use crate::{Received, Reply, Script};

/// How many connections one server serves at once. Each costs a thread.
const MOST_CONNECTIONS: usize = 128;
/// How long a client has to read a response before the connection is reset.
const BEFORE_RESET: Duration = Duration::from_millis(50);
/// How often a delay looks whether the client is still there.
const GLANCE: Duration = Duration::from_millis(5);

/// What the threads of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    script: Mutex<Script>,
    exchanges: Mutex<Vec<Exchange>>,
    open: Mutex<Open>,
    stopping: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    stopped: bool,
    // Weak: a socket closes with its last owner, and a reset must not wait for the server's end.
    streams: Vec<Weak<TcpStream>>,
    accepted: usize,
    malformed: usize,
}

impl Shared {
    pub(crate) fn new(script: Script) -> Self {
        Self {
            script: Mutex::new(script),
            exchanges: Mutex::default(),
            open: Mutex::default(),
            stopping: Condvar::new(),
        }
    }

    /// Ends every pause, read and write.
    pub(crate) fn stop(&self) {
        let mut open = self.open();
        open.stopped = true;
        self.stopping.notify_all();
        for stream in open.streams.iter().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.open().stopped
    }

    /// Counts a connection in, and returns whether it is to be served.
    pub(crate) fn register(&self, stream: &Arc<TcpStream>) -> bool {
        let mut open = self.open();
        open.accepted += 1;
        open.streams.retain(|stream| stream.strong_count() > 0);
        if open.stopped || open.streams.len() >= MOST_CONNECTIONS {
            return false;
        }
        open.streams.push(Arc::downgrade(stream));
        true
    }

    /// Notes how a connection ended.
    pub(crate) fn ended(&self, end: &io::Result<()>) {
        if let Err(error) = end
            && error.kind() == ErrorKind::InvalidData
        {
            self.open().malformed += 1;
        }
    }

    pub(crate) fn accepted(&self) -> usize {
        self.open().accepted
    }

    pub(crate) fn malformed(&self) -> usize {
        self.open().malformed
    }

    pub(crate) fn exchanges(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn pause(&self, duration: Duration) -> io::Result<()> {
        let open = self.open();
        let waited = self
            .stopping
            .wait_timeout_while(open, duration, |open| !open.stopped);
        let (open, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if open.stopped {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    /// Returns the answer to a request of which only the head is read, if it needs no more.
    fn early_answer(&self, request: &Received) -> Option<Recorded> {
        let mut script = self.script();
        let early = script.resets_next();
        early.then(|| self.record(&mut script, request))
    }

    fn answer(&self, request: &Received) -> Recorded {
        self.record(&mut self.script(), request)
    }

    /// With the script locked, so that the n-th request on record is the one with the n-th answer.
    fn record(&self, script: &mut Script, request: &Received) -> Recorded {
        let index = {
            let mut exchanges = self.exchanges();
            exchanges.push(Exchange::unanswered(request.clone()));
            exchanges.len() - 1
        };
        let reply = script.answer(request);
        self.exchanges()[index].reply = reply.clone();
        Recorded { index, reply }
    }

    /// Returns the reply as it is written now, and notes that.
    fn write_now(&self, Recorded { index, reply }: &Recorded) -> Reply {
        let now = SystemTime::now();
        let reply = reply.written(now);
        let mut exchanges = self.exchanges();
        let exchange = &mut exchanges[*index];
        exchange.reply = reply.clone();
        exchange.answered = Some(Instant::now());
        exchange.unix_seconds = unix_seconds(now);
        reply
    }

    /// Notes that the client had gone by then, and saw no answer.
    fn left(&self, Recorded { index, .. }: &Recorded, at: Instant) {
        let mut exchanges = self.exchanges();
        let exchange = &mut exchanges[*index];
        exchange.reply = Reply::close();
        exchange.answered = Some(at);
    }

    /// Pauses, and returns when the client closed its side of the connection, if it did.
    fn pause_watching(&self, stream: &TcpStream, pause: Duration) -> io::Result<Option<Instant>> {
        let begin = Instant::now();
        let mut left = None;
        while let rest = pause.saturating_sub(begin.elapsed())
            && !rest.is_zero()
        {
            self.pause(rest.min(GLANCE))?;
            if left.is_none() && is_closed(stream)? {
                left = Some(Instant::now());
            }
        }
        Ok(left)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer, and the place of its request on record.
struct Recorded {
    index: usize,
    reply: Reply,
}

/// Answers the requests of one connection, until either side ends it.
pub(crate) fn serve(mut stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = Reader::new(stream);
    while reader.await_request()? {
        let mut request = reader.read_head()?;
        let recorded = match shared.early_answer(&request) {
            Some(reset) => reset,
            None => {
                if lists(&request.headers, "expect", "100-continue") {
                    stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
                }
                reader.read_body(&mut request)?;
                shared.answer(&request)
            }
        };
        let is_head = request.method == "HEAD";
        // Bytes that are left in the socket make closing it a reset.
        if let Some(fault @ (Fault::Reset | Fault::ResetAfterRequest | Fault::ResetWithin(_))) =
            recorded.reply.fault
        {
            shared.pause(recorded.reply.wait())?;
            let answer = shared.write_now(&recorded);
            if let Fault::ResetWithin(sent) = fault {
                write(&answer, is_head, sent, stream, shared)?;
                shared.pause(BEFORE_RESET)?;
            }
            return Ok(());
        }
        reader.finish_request()?;
        let left = shared.pause_watching(stream, recorded.reply.wait())?;
        let answer = shared.write_now(&recorded);
        let written = match answer.fault {
            Some(Fault::Close) => Ok(()),
            _ => write(&answer, is_head, usize::MAX, stream, shared),
        };
        // One that has closed its side only still reads.
        if let Some(left) = left {
            shared.pause(GLANCE)?;
            if written.is_err() || stream.take_error()?.is_some() || stream.peek(&mut [0]).is_err()
            {
                shared.left(&recorded, left);
            }
            return Ok(());
        }
        written?;
        let closes = |headers| lists(headers, "connection", "close");
        if answer.fault.is_some() || closes(answer.headers()) || !request.keeps_connection() {
            return Ok(());
        }
    }
    Ok(())
}

/// Returns whether the client has closed its side of the connection, or all of it.
fn is_closed(stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    Ok(match peeked {
        Ok(count) => count == 0,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    })
}

/// Writes the first `limit` bytes of a response.
fn write(
    answer: &Reply,
    is_head: bool,
    limit: usize,
    mut stream: &TcpStream,
    shared: &Shared,
) -> io::Result<()> {
    let mut bytes = answer.head();
    let body = if is_head { &[] } else { answer.sent_body() };
    let body = &body[..body.len().min(limit.saturating_sub(bytes.len()))];
    bytes.truncate(limit);
    if answer.slow.is_zero() {
        bytes.extend_from_slice(body);
        return stream.write_all(&bytes);
    }
    stream.write_all(&bytes)?;
    for byte in body.chunks(1) {
        shared.pause(answer.slow)?;
        stream.write_all(byte)?;
    }
    Ok(())
}
