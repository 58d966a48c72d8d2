//! An HTTP/1.1 server on loopback for tests of HTTP clients: real sockets, and answers as a script says.
//!
//! No clock decides anything here but a scripted delay, so that a client may wait in virtual time.
//!
//! ```
//! use retrospec_conformance::{Reply, Script, Server};
//!
//! let busy = Reply::status(503).header("RETRY-after", "2.5");
//! let server = Server::start(Script::new(busy).then(Reply::reset()).then(Reply::status(202)));
//! let url = server.url("/api/v0/chunks/1");
//! // ... a client asks `url` until it is content ...
//! assert_eq!(server.requests().len(), 0);
//! ```

mod connection;
mod request;
mod script;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use request::Received;
pub use script::{Reply, Script};

use connection::Shared;

/// A running server; dropping it ends its threads and connections, whatever they are at.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port and answers as `script` says.
    ///
    /// # Panics
    ///
    /// If loopback has no free port.
    #[must_use]
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared::new(script));
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Self {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    /// The address of `path`, which starts with a slash and may have a query.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order of their answers.
    ///
    /// One is here before the first byte of its answer is out. One that its client broke off is not here.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        let requests = self.shared.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
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
        let streams = listener.incoming().take_while(|_| !shared.is_stopped());
        for stream in streams.flatten().map(Arc::new) {
            shared.register(&stream);
            scope.spawn(move || {
                // What ends a connection early is the client's matter, and a script's.
                let _ = connection::serve(&stream, shared);
            });
        }
    });
}
