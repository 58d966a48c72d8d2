use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::request::{Reader, lists};
use crate::script::Fault;
use crate::{Received, Reply, Script};

/// What the threads of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    script: Mutex<Script>,
    pub(crate) requests: Mutex<Vec<Received>>,
    open: Mutex<Open>,
    stopping: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    stopped: bool,
    // Weak: a socket closes with its last owner, and a reset must not wait for the server's end.
    streams: Vec<Weak<TcpStream>>,
}

impl Shared {
    pub(crate) fn new(script: Script) -> Self {
        Self {
            script: Mutex::new(script),
            requests: Mutex::default(),
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

    pub(crate) fn register(&self, stream: &Arc<TcpStream>) {
        let mut open = self.open();
        if open.stopped {
            let _ = stream.shutdown(Shutdown::Both);
        }
        open.streams.push(Arc::downgrade(stream));
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

    /// The answer to a request of which only the head is read, if it needs no more.
    fn early_answer(&self, request: &Received) -> Option<Reply> {
        let mut script = self.script();
        let early = script.resets_next();
        early.then(|| self.record(&mut script, request))
    }

    fn answer(&self, request: &Received) -> Reply {
        self.record(&mut self.script(), request)
    }

    /// With the script locked, so that the n-th request on record is the one with the n-th answer.
    fn record(&self, script: &mut Script, request: &Received) -> Reply {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.clone());
        drop(requests);
        script.answer(request)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers the requests of one connection, until either side ends it.
pub(crate) fn serve(mut stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = Reader::new(stream);
    while reader.await_request()? {
        let mut request = reader.read_head()?;
        let answer = match shared.early_answer(&request) {
            Some(reset) => reset,
            None => {
                if lists(&request.headers, "expect", "100-continue") {
                    stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
                }
                reader.read_body(&mut request)?;
                shared.answer(&request)
            }
        };
        shared.pause(answer.delay)?;
        if matches!(answer.fault, Some(Fault::Reset | Fault::ResetAfterRequest)) {
            // The reader has left bytes in the socket, which makes closing it a reset.
            return Ok(());
        }
        reader.finish_request()?;
        if !matches!(answer.fault, Some(Fault::Close)) {
            write(&answer, request.method == "HEAD", stream, shared)?;
        }
        let closes = |headers| lists(headers, "connection", "close");
        if answer.fault.is_some() || closes(&answer.headers) || closes(&request.headers) {
            return Ok(());
        }
    }
    Ok(())
}

fn write(answer: &Reply, head: bool, mut stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    let mut bytes = answer.head();
    let body = if head { &[] } else { answer.sent_body() };
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
