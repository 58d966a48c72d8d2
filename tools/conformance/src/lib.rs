//! Does a client follow its retry table? A server that answers, and fails, as a script says, and a judge of what came
//! when. The command `retrospec conform` does this for any client, in any language; this is its library.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
//! use retrospec_conformance::{End, Reply, Script, Server, Verdict, judge, of_table};
//!
//! let replies = [Reply::status(503), Reply::status(202)];
//! let server = Server::start(Script::replies(&replies));
//!
//! // A client that sends its request once, whatever the answer:
//! let mut client = TcpStream::connect(server.url("").trim_start_matches("http://"))?;
//! client.write_all(b"POST /chunks HTTP/1.1\r\nContent-Length: 0\r\n\r\n")?;
//! client.read(&mut [0; 64])?;
//!
//! let judgment = judge(&server.exchanges(), &replies, End::Ended, of_table(memfault_status::policy()));
//! assert_eq!(judgment.verdict, Verdict::Wrong);
//! assert_eq!(judgment.detail, "stopped without a retry; 1 was due");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # The server
//!
//! [`Server`] speaks HTTP/1.1 on loopback, over real sockets. A [`Script`] says what each request is answered with: a
//! [`Reply`] has a status, headers and a body, may be late, and may end the connection before, within or after the
//! response. Each request is on record with its answer, as an [`Exchange`].
//!
//! No clock decides what the server does, but for a scripted delay and a date.
//!
//! # The judge
//!
//! [`judge`] asks the engine what was due after each answer, and compares. It counts from the first byte of an answer
//! to the first byte of the next request.
//!
//! - It goes by [`Exchange::answered`] and [`Received::at`], which are real. For a client that waits in virtual time, set
//!   them to its times, or compare its waits with [`due`].
//! - A retry that is too early, or was not due, is wrong. So is a retry that was due and did not come.
//! - A late retry is noted, because a system may be busy. If the wait was at least twice as long as the longest that
//!   was due, and at least 250 ms longer, it is another wait, and wrong. After a wait of zero, nothing is too late.
//! - Jitter makes a range: any wait in it is as due.
//! - Clocks differ by a little. A wait may be shorter than due by 5 %, but by no more than 50 ms, and by 5 ms in any case.
//! - Header lines of one name may be read one by one or as one list, and a body that breaks off as a response or as none.
//! - What could not be seen is [`Unseen`](Verdict::Unseen), never right.

mod connection;
mod date;
mod due;
mod exchange;
mod judge;
mod range;
mod reply;
mod request;
mod script;
mod server;

pub use date::TimeForm;
pub use due::{Question, due, of_table};
pub use exchange::Exchange;
pub use judge::{End, Judgment, Verdict, judge};
pub use reply::Reply;
pub use request::Received;
pub use script::Script;
pub use server::{Server, refused_url};
