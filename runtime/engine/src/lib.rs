//! Decides whether a request is sent again, and how long to wait first, by the table its API
//! documents.
//!
//! A success ends a request in [`Next::Stop`] with [`Reason::NotRetried`], like every outcome that is not
//! retried. The caller knows which codes are successes.
//!
//! The table is a type that implements [`StatusTable`]; `retrospec-codegen` writes such a type from
//! a YAML file. The engine is sans I/O: it never sleeps, reads a clock, draws a random number or
//! allocates. It takes the [`Outcome`] of one [`Attempt`] and returns
//! [`Next::Retry`] or [`Next::Stop`].
//!
//! ```
//! use core::time::Duration;
//! use retrospec::{Backoff, Next, Outcome, Policy, RetryBehavior, StatusTable};
//!
//! /// Usually generated; this one retries 503 twice, after one and after ten seconds.
//! struct Table;
//!
//! const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(10)];
//! const STEPS: Backoff = Backoff::new(&WAITS);
//!
//! impl StatusTable for Table {
//!     const MAX_RETRIES: Option<u32> = Some(2);
//!     const MAX_ELAPSED: Option<Duration> = None;
//!     const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;
//!
//!     fn retry_behavior(code: u16) -> RetryBehavior {
//!         match code {
//!             429 => RetryBehavior::RetryAfter,
//!             503 => RetryBehavior::Backoff(&STEPS),
//!             _ => RetryBehavior::DoNotRetry,
//!         }
//!     }
//!
//!     fn name(_code: u16) -> Option<&'static str> {
//!         None
//!     }
//! }
//!
//! let mut responses = [503, 503, 200].into_iter();
//! let mut slept = Vec::new();
//!
//! let mut attempt = Policy::<Table>::new().first_attempt();
//! let stop = loop {
//!     let code = responses.next().unwrap();
//!     match attempt.next(Outcome::status(code)) {
//!         Next::Retry(wait) => attempt = wait.sleep(|duration| slept.push(duration)),
//!         Next::Stop(stop) => break stop,
//!     }
//! };
//!
//! assert_eq!(slept, WAITS);
//! assert_eq!(stop.retries, 2);
//! ```
//!
//! # The rules
//!
//! 1. An exact row of the table beats a class row, which beats what holds for unlisted codes. The
//!    table answers this; see [`StatusTable::retry_behavior`]. A table that goes by more than the status
//!    overrides [`StatusTable::behavior`] and [`StatusTable::server_wait`].
//! 2. [`RetryBehavior::DoNotRetry`] stops, whatever the headers say.
//! 3. [`RetryBehavior::RetryAfter`] waits as long as a valid `Retry-After` says. Without one it
//!    stops, and the [`Reason`] tells an absent header from an invalid one.
//! 4. [`RetryBehavior::Backoff`] waits [`Backoff::wait`]`(n)` and ignores the header. `n` is the number of
//!    this retry, counting all retries of the request from 1.
//! 5. [`RetryBehavior::RetryAfterOrBackoff`] waits as long as a valid header says. Without one, or if it says
//!    zero, it waits by the schedule.
//! 6. [`Policy::max_retries`] counts every retry, whatever caused it. [`Policy::max_elapsed`] counts
//!    [`Outcome::elapsed`], but at least the last known time plus the engine's own waits since. A sleep that is
//!    not real, or a clock that stops during it, does not stretch the bound. Both stop rather than shorten a wait.
//!    Times saturate after 136 years.
//! 7. [`Policy::max_retry_after`] bounds what a server may ask for, never what the table says.
//! 8. `Retry-After` is read in all its forms; see [`retry_after`]. Any byte sequence is safe.
//! 9. After [`Outcome::no_response`], [`StatusTable::TRANSPORT`] decides. After [`Outcome::not_sent`],
//!    [`StatusTable::CONNECT`] does, which is the same unless a table says otherwise. [`Policy::transport`]
//!    replaces both. [`Outcome::failed`] is never retried.
//! 10. Jitter applies only if the table or the policy asks for it and [`Outcome::random`] is set. A server's
//!     wait is spread only by [`StatusTable::RETRY_AFTER_JITTER`] or [`Policy::retry_after_jitter`], and only
//!     upward.
//! 11. A wait can be stored as a [`SavedWait`] and resumed with [`Policy::resume`]. Any stored values are
//!     safe. The attempt after a resumed wait is always made, and the bounds hold again after it.
//!
//! If several reasons to stop hold at once, [`Stop`] has the first of: the row's own ([`Reason::NotRetried`],
//! [`Reason::NotIdempotent`], [`Reason::NoRetryAfter`], [`Reason::InvalidRetryAfter`],
//! [`Reason::NoClock`]), [`Reason::MaxRetries`], [`Reason::RetryAfterTooLong`],
//! [`Reason::MaxElapsed`].
//!
//! Only [`Backoff::new`] can panic: if it is given no waits. In a constant, that is a compile error.

#![no_std]
#![forbid(unsafe_code)]

/// The code in the README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod attempt;
mod backoff;
mod behavior;
mod headers;
mod http_date;
mod outcome;
mod policy;
mod retry_after;
mod row;
mod stop;
mod time;

pub use attempt::{Attempt, Next, SavedWait, Wait};
pub use backoff::{Backoff, Jitter};
pub use behavior::{RetryBehavior, StatusTable};
pub use headers::{Header, Headers};
pub use outcome::Outcome;
pub use policy::Policy;
pub use retry_after::{first_wait, milliseconds, retry_after, seconds, unix_seconds};
pub use row::{ClassRow, Row};
pub use stop::{Reason, Stop};
