//! Uploads from a device that runs embassy, and retries as Memfault's table says.
//!
//! Your firmware brings a [`Radio`], a [`Store`] and random numbers. [`upload`] has the loop.

#![no_std]
#![forbid(unsafe_code)]
#![allow(
    async_fn_in_trait,
    reason = "embassy's executors do not ask for `Send`"
)]

mod record;

use embassy_time::{Duration, Instant, Timer};
use memfault_status::Status;
use retrospec::{Next, Outcome, Policy, SavedWait, Stop};

pub use record::Record;

/// The code in the guide compiles and runs. A copy of this package has no guide: remove this there.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/firmware.md")]
struct Guide;

/// Memfault's table. A server's wait is lengthened by up to 20 %: otherwise a whole fleet returns in one second.
pub const POLICY: Policy<Status> = memfault_status::policy().retry_after_jitter(20);

/// Sends one request.
pub trait Radio {
    /// Sends `chunk` once. Put a timeout around it: [`embassy_time::with_timeout`] and
    /// [`Failure::NoResponse`].
    async fn post(&mut self, chunk: &[u8]) -> Result<Response<'_>, Failure>;
}

/// The part of a response that the table goes by.
pub struct Response<'a> {
    /// The status code.
    pub code: u16,
    /// The value of `Retry-After`.
    pub retry_after: Option<&'a [u8]>,
    /// The value of `Date`, from which a date in `Retry-After` is counted.
    pub date: Option<&'a [u8]>,
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No part of the request left the device.
    NotSent,
    /// The request may have arrived.
    NoResponse,
}

/// Keeps a wait while it lasts, so that neither a dropped future nor a restart loses it.
pub trait Store {
    /// Keeps a wait that begins now, in place of the one before. `None` says that the upload is over.
    fn save(&mut self, wait: Option<SavedWait>);

    /// Returns the wait that was saved last, and how much time has passed since then.
    ///
    /// Use a clock that a restart does not stop. If there is none, return zero: the wait begins anew.
    fn load(&mut self) -> Option<(SavedWait, core::time::Duration)>;
}

/// Uploads `chunk`. Returns how the last attempt ended, and why it was the last.
///
/// `random` returns a number that is uniform over all of `u32`.
///
/// # Cancel safety
///
/// You can drop the future at any time, and call this again with the same chunk and store. A wait goes on
/// from the moment at which it began, and an attempt is made again under the same number.
pub async fn upload(
    radio: &mut impl Radio,
    store: &mut impl Store,
    chunk: &[u8],
    mut random: impl FnMut() -> u32,
) -> (Result<u16, Failure>, Stop) {
    let start = Instant::now();
    let mut attempt = match store.load() {
        Some((saved, passed)) => POLICY.resume(saved, passed).sleep_async(timer).await,
        None => POLICY.first_attempt(),
    };
    loop {
        let result = radio.post(chunk).await;
        let outcome = match &result {
            Ok(response) => Outcome::status(response.code)
                .retry_after(response.retry_after)
                .date(response.date),
            Err(Failure::NotSent) => Outcome::not_sent(),
            Err(Failure::NoResponse) => Outcome::no_response(),
        };
        let outcome = outcome.elapsed(start.elapsed().into()).random(random());
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                store.save(Some(wait.save()));
                attempt = wait.sleep_async(timer).await;
            }
            Next::Stop(stop) => {
                store.save(None);
                return (result.map(|response| response.code), stop);
            }
        }
    }
}

/// Returns a timer for `wait`. It never ends if embassy's clock cannot show the end.
///
/// `Timer::after(wait.try_into()?)` is not enough. The conversion cuts off nanoseconds, and the addition to
/// now may panic. At some tick rates, the conversion overflows.
pub fn timer(wait: core::time::Duration) -> Timer {
    let end = Duration::try_from_secs(wait.as_secs())
        .and_then(|secs| secs.checked_add(Duration::from_nanos(wait.subsec_nanos().into())))
        .and_then(|wait| Instant::now().checked_add(wait));
    Timer::at(end.unwrap_or(Instant::MAX))
}
