use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::date::unix_seconds;
use crate::exchange::Exchange;
use crate::reply::Fault;
use crate::request::{Reader, lists};
use crate::{Received, Reply, Script};

/// How many connections one server serves at once. Each costs a thread.
const CONNECTIONS: usize = 128;
/// How long a client has to read a response before the connection is reset.
const BEFORE_RESET: Duration = Duration::from_millis(50);

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
        if open.stopped || open.streams.len() >= CONNECTIONS {
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
    fn write_now(&self, Recorded { index, reply }: Recorded) -> io::Result<Reply> {
        self.pause(reply.delay)?;
        if reply.has_times() {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            self.pause(Duration::from_secs(now.as_secs() + 1).saturating_sub(now))?;
        }
        let now = SystemTime::now();
        let reply = reply.written(now);
        let mut exchanges = self.exchanges();
        let exchange = &mut exchanges[index];
        exchange.reply = reply.clone();
        exchange.answered = Some(Instant::now());
        exchange.unix_seconds = unix_seconds(now);
        Ok(reply)
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
        let answer = shared.write_now(recorded)?;
        let is_head = request.method == "HEAD";
        // The reader has left bytes in the socket, which makes closing it a reset.
        match answer.fault {
            Some(Fault::Reset | Fault::ResetAfterRequest) => return Ok(()),
            Some(Fault::ResetWithin(sent)) => {
                write(&answer, is_head, sent, stream, shared)?;
                return shared.pause(BEFORE_RESET);
            }
            _ => reader.finish_request()?,
        }
        if answer.fault != Some(Fault::Close) {
            write(&answer, is_head, usize::MAX, stream, shared)?;
        }
        let closes = |headers| lists(headers, "connection", "close");
        if answer.fault.is_some() || closes(answer.headers()) || !request.keeps_connection() {
            return Ok(());
        }
    }
    Ok(())
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
