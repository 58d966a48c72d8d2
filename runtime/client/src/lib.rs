//! Sends requests again as an API's documented table says, through the HTTP client that you use.
//!
#![cfg_attr(feature = "reqwest", doc = "```no_run")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! use std::time::Duration;
//!
//! use retrospec_client::SendWith;
//!
//! async fn upload(chunk: Vec<u8>) -> reqwest::Result<reqwest::StatusCode> {
//!     let client = reqwest::Client::builder()
//!         .retry(reqwest::retry::never()) // the table decides, not reqwest
//!         .redirect(reqwest::redirect::Policy::none())
//!         .pool_idle_timeout(Duration::from_millis(500)) // less than the server keeps an idle connection open
//!         .build()?;
//!     let policy = memfault_status::policy().max_elapsed(Duration::from_secs(3600)); // no retry after an hour
//!     let request = client.post("https://chunks.memfault.com/api/v0/chunks/TESTSERIAL").body(chunk);
//!     let finished = request.send_with(policy).await;
//!     let status = finished.result?.status();
//!     println!("{status}: {}", finished.stop); // 202 Accepted: not retried
//!     Ok(status)
//! }
//! ```
//!
//! A table is a type, which `retrospec-codegen` generates, and a [`Policy`](retrospec::Policy) is a
//! table with the bounds that one client sets. You get back the last response or error, whatever it is, and a
//! [`Stop`](retrospec::Stop) that says why it was the last. [`RetryOptions`] add a hook that sees every
//! decision, and [`Resumed`] continues a stored wait.
//!
//! # HTTP clients
//!
//! | feature | what it adds |
//! |---|---|
//! | `http` | [`Attempted`] for `http::Response` |
//! | `reqwest` | `SendWith`: `.send_with(&policy)` in place of `.send()` |
//! | `reqwest-blocking` | `BlockingSendWith`: the same |
//! | `reqwest-0-12`, `reqwest-0-12-blocking` | both for reqwest 0.12 |
//! | `ureq` | `RunWith`: `agent.run_with(request, &policy)` in place of `agent.run(request)` |
//! | `tower` | `TowerPolicy` for `tower::retry::Retry`, over `http::Request` and, with `reqwest` or `reqwest-0-12`, over `reqwest::Client`; [`Attempted`] for errors in boxes |
//! | `hyper-util` | [`Attempted`] for the error of hyper-util's client |
//! | `reqwest-middleware` | `RetryMiddleware` |
//! | `tracing` | an event for each decision, and a span for each attempt if its target is enabled, named as OpenTelemetry names them |
//! | `serde` | `saved_wait`, to store a wait |
//! | `testing` | `testing`, to test your retries without the waits |
//!
//! Each `impl` of [`Attempted`] documents what counts as not sent, what counts as no response, and what is
//! never retried. [`outcome_of_error`] finds it out for an error that wraps one of them.
//!
//! # Any other client
//!
//! The drivers [`retry`] and [`retry_async`] take a policy, a closure that performs the whole operation, and
//! a sleep. An operation may be several requests:
//!
//! ```
//! use std::{io, thread};
//!
//! use retrospec_client::{Attempted, Outcome, retry};
//!
//! /// The outcome of an upload: three requests, of which the second goes to another vendor.
//! enum Upload {
//!     Done,
//!     Refused { code: u16, retry_after: Option<Vec<u8>> },
//!     StorageFailed(u16),
//!     Unreachable(io::Error),
//! }
//!
//! impl Attempted for Upload {
//!     fn outcome(&self) -> Outcome<'_> {
//!         match self {
//!             Self::Done => Outcome::status(202),
//!             Self::Refused { code, retry_after } => {
//!                 Outcome::status(*code).retry_after(retry_after.as_deref())
//!             }
//!             // Not codes of this table. Before the last request, nothing is carried out, as if nothing were sent.
//!             Self::StorageFailed(500..) => Outcome::not_sent(),
//!             Self::StorageFailed(_) => Outcome::failed(),
//!             Self::Unreachable(_) => Outcome::no_response(),
//!         }
//!     }
//! }
//!
//! # fn upload() -> Upload { Upload::Done }
//! let finished = retry(memfault_status::policy(), |_retry| upload(), thread::sleep);
//! match finished.result {
//!     Upload::Done => println!("done, after {} retries", finished.stop.retries),
//!     _ => println!("{}", finished.stop),
//! }
//! ```
//!
//! ## Error codes, and idempotent requests
//!
//! Some tables tell two causes of one status apart by an error code in the body. Adapters read no body. With a
//! driver, the operation reads it, and [`Attempted`] hands the code over:
//!
//! ```
//! use retrospec_client::{Attempted, Outcome};
//!
//! /// A response whose body was read.
//! struct Reply {
//!     status: u16,
//!     error: String, // as in `{"error": {"code": "insufficient_quota"}}`
//! }
//!
//! impl Attempted for Reply {
//!     fn outcome(&self) -> Outcome<'_> {
//!         Outcome::status(self.status).error(&self.error)
//!     }
//! }
//! ```
//!
//! A driver does not know whether a request is idempotent, so to a table that asks it is not. With
//! [`RetryOptions::idempotent`], it is. Adapters go by the method, or an `Idempotency-Key`.
//!
//! ## What a driver adds to the engine
//!
//! A driver adds the clock. A date in `Retry-After` is counted from it, and
//! [`max_elapsed`](retrospec::Policy::max_elapsed) counts real time, or the waits if they are longer. It counts by
//! [`Instant`](std::time::Instant), which stops on Linux while the machine is suspended. A driver also adds
//! the random numbers for jitter. It drops each result before the next wait, so that no connection is held
//! during the wait.
//!
//! For a success, it reads no clock and draws no number, unless `max_elapsed` is set, which begins with the first
//! attempt. Without `max_elapsed`, [`SavedWait::elapsed`](retrospec::SavedWait::elapsed) is the sum of the waits. Do not
//! resume such a wait with a bound.
//!
//! # What a client does by itself
//!
//! Below an adapter, a client resends or redirects some requests by itself. No policy decides that, no hook
//! sees it, and [`Stop`](retrospec::Stop) does not count it.
//!
//! | client | what it does by itself | what turns it off |
//! |---|---|---|
//! | reqwest, blocking too, and the layers over it | Resends a request that an HTTP/2 server refused (`REFUSED_STREAM`, or `GOAWAY` without an error), up to twice for each attempt: 12 requests under `max_retries: 3` | `.retry(reqwest::retry::never())` |
//! | the same | Follows up to ten redirects, after 301, 302, 303, 307 and 308. After 303, or if a `POST` is answered 301 or 302, the next request is a `GET` without the body. Otherwise, method and body stay | `.redirect(reqwest::redirect::Policy::none())` |
//! | ureq | Follows up to ten redirects, after any 3xx but 304. The next request is a `GET` without the body. After 307 and 308 the method stays. For `POST`, `PUT`, `PATCH` and `DELETE`, these two are a final error | `.max_redirects(0)`: a 3xx comes back as a response |
//! | hyper-util, and reqwest with it | Sends a request on another connection if the one from the pool closed before a byte was written | `.retry_canceled_requests(false)`; not with reqwest |
//! | tower, reqwest-middleware | Nothing | |
//!
//! Redirects are followed before the table is consulted. A row for 3xx decides only if the client follows no
//! redirects: hyper-util's client never does. If a connection fails after a redirect, the attempt counts as
//! [not sent](retrospec::Outcome::not_sent), although the request before it was answered.
//!
//! # Connections
//!
//! A server closes a connection that has been idle for some time, and a wait leaves one idle. A request that
//! is sent while the server closes is lost. The client cannot know whether it was carried out, so it counts
//! as [no response](retrospec::Outcome::no_response). It is not retried if the table's `transport` is
//! `never`.
//!
//! ureq's adapter makes each retry on a new connection. reqwest and hyper-util have no such setting for one
//! request: set `.pool_idle_timeout(duration)` to less than the server's timeout. If you do not know it,
//! `.pool_max_idle_per_host(0)` makes a connection for each attempt. The docs of `SendWith`,
//! `BlockingSendWith`, `RunWith`, `TowerPolicy` and `RetryMiddleware` show the lines.
//!
//! A server may also answer before it has read a large body, and then close the connection. The reset may
//! overtake the answer, and a lost answer counts as no response. ureq loses none if the request has
//! `Expect: 100-continue`. reqwest and hyper-util send that header, but do not wait for the answer to it.
//!
//! The repository's `docs/EVIDENCE.md` says how many requests each client lost, and how to count them again.
//!
//! # What it costs
//!
//! Drivers allocate nothing. An adapter clones the request once for each time it is sent, to be able to retry
//! it. Clones of reqwest's bodies and of `Bytes` share the bytes.
//!
//! If the first response is a success, an adapter adds a few percent to the instructions of the bare client. Most of
//! what `send_with` adds is the copy of the request. `cargo xtask bench success` counts them, and the repository's
//! `docs/EVIDENCE.md` has the figures.

/// The code in the README compiles and runs.
#[cfg(all(
    doctest,
    feature = "hyper-util",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "testing",
    feature = "tower",
    feature = "ureq"
))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "__adapter")]
mod adapters;
mod attempted;
mod clock;
mod decide;
mod decision;
mod driver;
mod errors;
mod kept;
mod observe;
mod policy;
#[cfg(feature = "serde")]
pub mod saved_wait;
mod slept;
mod start;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "__adapter")]
pub use adapters::*;
pub use attempted::Attempted;
#[cfg(feature = "http")]
pub use attempted::outcome;
pub use decision::{Answer, Decision};
pub use driver::{Finished, retry, retry_async};
pub use errors::outcome_of_error;
pub use policy::{RetryOptions, RetryPolicy, SharedPolicy};
/// The engine.
pub use retrospec;
/// The engine's types in this crate's signatures.
pub use retrospec::{Outcome, Policy, Reason, SavedWait, Stop};
pub use slept::Slept;
pub use start::{Resumed, Start};
