use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::connection::{self, Shared};
use crate::{Exchange, Received, Script};

/// A running server; dropping it ends its threads and connections, whatever they are at.
///
/// It serves up to 128 connections at once, and closes more than that unread.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port of loopback and answers as `script` says.
    ///
    /// # Panics
    ///
    /// If loopback has no free port. [`bind`](Self::bind) returns an error instead.
    #[must_use]
    pub fn start(script: Script) -> Self {
        Self::bind(0, script).expect("a free port on loopback")
    }

    /// Listens on a port of loopback, or on a free one if it is 0.
    ///
    /// # Errors
    ///
    /// If the port is taken, or may not be used.
    pub fn bind(port: u16, script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(script));
        let acceptor = thread::Builder::new().spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        })?;
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Returns the address of `path`, which starts with a slash and may have a query.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the requests so far and their answers, in the order of the answers.
    ///
    /// One is here before the first byte of its answer is out. One that its client broke off is not here.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.exchanges().clone()
    }

    /// Returns the requests so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        let exchanges = self.shared.exchanges();
        let requests = exchanges.iter().map(|exchange| exchange.request.clone());
        requests.collect()
    }

    /// Returns how many requests there are so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shared.exchanges().len()
    }

    /// Returns how many bytes the bodies of the requests have so far.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let exchanges = self.shared.exchanges();
        exchanges.iter().map(|each| each.request.body.len()).sum()
    }

    /// Returns how many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.accepted()
    }

    /// Returns how many connections were closed because they did not carry HTTP/1.1.
    #[must_use]
    pub fn malformed(&self) -> usize {
        self.shared.malformed()
    }
}

impl Drop for Server {
    /// Panics if a route has panicked, so that an assertion in a route fails its test.
    fn drop(&mut self) {
        self.shared.stop();
        // `accept` returns for a connection only.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take())
            && let Err(panic) = acceptor.join()
            && !thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}

/// Returns an address on loopback where nothing listens: connecting is refused.
///
/// No system hands out its port as a free one, so no other test can come to listen there.
#[must_use]
pub fn refused_url() -> String {
    "http://127.0.0.1:1/".to_owned()
}

fn accept(listener: &TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        for stream in listener.incoming() {
            if shared.is_stopped() {
                break;
            }
            let Ok(stream) = stream.map(Arc::new) else {
                // The process has no more files to open, for now.
                thread::sleep(Duration::from_millis(10));
                continue;
            };
            if shared.register(&stream) {
                let serve = move || shared.ended(&connection::serve(&stream, shared));
                // Without a thread, the connection is closed.
                let _ = thread::Builder::new().spawn_scoped(scope, serve);
            }
        }
    });
}
