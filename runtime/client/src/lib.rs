//! Sends requests again as an API's documented table says.
//!
//! A table is a type, which `retrospec-codegen` generates, and a [`Policy`](retrospec::Policy) is a
//! table with the bounds that one client sets. The drivers [`retry`] and [`retry_async`] take a policy,
//! a closure that performs one whole operation, and a sleep; they hand back the last result, with the
//! reason why there is no further one.
//!
//! ```
//! use std::{io, thread};
//!
//! use retrospec::Outcome;
//! use retrospec_client::{Attempted, retry};
//!
//! /// What uploading came to: three requests, of which the second goes to another vendor.
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
//!             // Not a code of this table.
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
//! # What a driver adds to the engine
//!
//! The clock, so that a date in `Retry-After` has something to count from and
//! [`max_elapsed`](retrospec::Policy::max_elapsed) counts real time (by [`Instant`](std::time::Instant), which
//! on Linux stands still while the machine is suspended), and the random numbers that jitter asks for. It
//! drops a result before it waits for the next one: no connection is held meanwhile.
//!
//! # HTTP clients
//!
//! | feature | what it has |
//! |---|---|
//! | `http` | [`Attempted`] for `http::Response` |
//! | `reqwest` | `SendWith`: `.send_with(&policy)` in place of `.send()` |
//! | `reqwest-blocking` | `BlockingSendWith`: the same |
//! | `ureq` | `RunWith`: `agent.run_with(request, &policy)` in place of `agent.run(request)` |
//! | `tower` | `TowerPolicy` for `tower::retry::Retry`, over `http::Request` and, with `reqwest`, over `reqwest::Client`; [`Attempted`] for errors in boxes |
//! | `hyper-util` | [`Attempted`] for the error of hyper-util's client |
//! | `reqwest-middleware` | `RetryMiddleware` |
//! | `tracing` | an event for each decision, with the target `retrospec_client`: INFO with `code`, `name`, `retry` and `wait` for a retry, DEBUG with `code`, `name`, `retries` and `reason` for the end |
//! | `serde` | `saved_wait`, to store a wait |
//!
//! What is no response, and what is never retried, stands with each `impl` of [`Attempted`].
//!
//! # What it costs
//!
//! Drivers allocate nothing. An adapter that must be able to send again clones the request once for each
//! time it is sent; clones of reqwest's bodies and of `Bytes` share the bytes.
//!
//! Where the first response is a success, the client takes about so many instructions more (x86-64, counted by
//! callgrind, over 30,000 with ureq to 72,000; `benches/run.sh success`). Of `send_with`'s, the copy of the
//! request is about half.
//!
//! | `retry_async` | `send_with` | `BlockingSendWith` | `run_with` | `TowerPolicy` | `RetryMiddleware` |
//! |---|---|---|---|---|---|
//! | 900 | 2,600 | 2,000 | 3,400 | 3,700 | 4,400 |

mod attempted;
#[cfg(any(
    feature = "hyper-util",
    feature = "reqwest",
    feature = "reqwest-blocking",
    feature = "tower"
))]
mod causes;
mod decision;
mod driver;
#[cfg(any(
    feature = "hyper-util",
    feature = "reqwest",
    feature = "reqwest-blocking"
))]
mod hyper;
#[cfg(feature = "hyper-util")]
mod hyper_util;
mod observe;
#[cfg(feature = "http")]
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "reqwest-blocking")]
mod reqwest_blocking;
#[cfg(any(feature = "reqwest", feature = "reqwest-blocking"))]
mod reqwest_common;
#[cfg(feature = "reqwest-middleware")]
mod reqwest_middleware;
mod resend;
mod retrying;
#[cfg(feature = "serde")]
pub mod saved_wait;
mod start;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "ureq")]
mod ureq;

pub use attempted::Attempted;
pub use decision::{Answer, Decision};
pub use driver::{Finished, retry, retry_async};
/// The engine: its `Outcome`, `Stop` and `SavedWait` are in this crate's signatures.
pub use retrospec;
pub use retrying::{Retry, Retrying};
pub use start::{Resumed, Start};

#[cfg(feature = "http")]
pub use request::Resend;
#[cfg(feature = "reqwest")]
pub use reqwest::SendWith;
#[cfg(feature = "reqwest-blocking")]
pub use reqwest_blocking::SendWith as BlockingSendWith;
#[cfg(feature = "reqwest-middleware")]
pub use reqwest_middleware::RetryMiddleware;
#[cfg(feature = "tower")]
pub use tower::{Extended, TowerPolicy};
#[cfg(feature = "ureq")]
pub use ureq::{Resendable, RunWith};
