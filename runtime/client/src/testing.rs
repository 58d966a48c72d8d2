//! Tests of a program's own retries, without the waits.
//!
//! Put the feature `testing` into `[dev-dependencies]`, and call [`divide_waits`] first in a test. The code
//! under test stays as it is, and so do its decisions: [`Stop`](retrospec::Stop) and hooks tell the waits that the
//! table asks for.
//!
//! ```
//! use std::thread;
//! use std::time::{Duration, Instant};
//!
//! use retrospec_client::{Attempted, Outcome, retry, testing};
//!
//! # struct Response(u16);
//! # impl Attempted for Response {
//! #     fn outcome(&self) -> Outcome<'_> { Outcome::status(self.0) }
//! # }
//! # fn send() -> Response { Response(503) }
//! /// The code under test.
//! fn upload() -> Result<(), String> {
//!     let finished = retry(memfault_status::policy(), |_| send(), thread::sleep);
//!     match finished.result {
//!         Response(202) => Ok(()),
//!         Response(code) => Err(format!("{code}: {}", finished.stop)),
//!     }
//! }
//!
//! testing::divide_waits(u32::MAX);
//! let start = Instant::now();
//! assert_eq!(
//!     upload().unwrap_err(),
//!     "503: stopped after 5 retries: it was retried as often as allowed"
//! );
//! assert!(start.elapsed() < Duration::from_secs(60)); // 10 hours by the table
//! ```

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

static DIVISOR: AtomicU32 = AtomicU32::new(1);

/// Divides every wait of this process from now on, before it is slept: by drivers and adapters, on all threads.
///
/// `u32::MAX` leaves nothing of a wait. A smaller divisor keeps the proportions: with 1,000, a server that asks for
/// 2 s sees the retry after 2 ms. Zero counts as 1.
///
/// It divides what a sleep that is handed in is called with, too. A bound such as
/// [`max_elapsed`](retrospec::Policy::max_elapsed) counts the waits as they are without it.
pub fn divide_waits(divisor: u32) {
    DIVISOR.store(divisor, Relaxed);
}

pub(crate) fn divided(wait: Duration) -> Duration {
    wait.checked_div(DIVISOR.load(Relaxed)).unwrap_or(wait)
}
