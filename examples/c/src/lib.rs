//! Memfault's retry table for C firmware. `include/memfault_retry.h` has the documentation.

// A host's static library takes its panic handler from std. A device's has the one below.
#![cfg_attr(target_os = "none", no_std)]

mod ffi;
mod wait;

use core::ffi::{c_char, c_int};
use core::time::Duration;

use memfault_status::Status;
use retrospec::{Next, Outcome, Policy, Reason};

pub use ffi::memfault_retry_next;
pub use wait::{Span, Wait};

/// Memfault's table. A server's wait is lengthened by up to 20 %: otherwise a whole fleet returns in one second.
const POLICY: Policy<Status> = memfault_status::policy().retry_after_jitter(20);

/// How an attempt ended: `struct memfault_retry_response`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the header has the documentation")]
pub struct Response {
    pub retry_after: *const c_char,
    pub retry_after_length: usize,
    pub date: *const c_char,
    pub date_length: usize,
    pub now: u64,
    pub passed: Span,
    pub random: u32,
    pub code: u16,
}

const NO_RESPONSE: u16 = 0;
const NOT_SENT: u16 = 1;
const RESUME: u16 = 2;

/// A pointer is null or not aligned.
pub const INVALID: c_int = -1;
/// There is a wait, and then a retry.
pub const WAIT: c_int = 0;

/// Returns the number that the header gives to `reason`.
#[must_use]
pub const fn number(reason: Reason) -> c_int {
    match reason {
        Reason::NotRetried => 1,
        Reason::NoRetryAfter => 2,
        Reason::InvalidRetryAfter => 3,
        Reason::NoClock => 4,
        Reason::RetryAfterTooLong(_) => 5,
        Reason::MaxRetries => 6,
        Reason::MaxElapsed => 7,
        _ => 8,
    }
}

/// Returns `wait` after an attempt, and the number for what to do.
fn next(
    wait: Wait,
    response: &Response,
    retry_after: Option<&[u8]>,
    date: Option<&[u8]>,
) -> (Wait, c_int) {
    let passed = Duration::from(response.passed);
    let outcome = match response.code {
        RESUME if wait.retry == 0 => return (Wait::default(), WAIT),
        RESUME => return (POLICY.resume(wait.into(), passed).save().into(), WAIT),
        NO_RESPONSE => Outcome::no_response(),
        NOT_SENT => Outcome::not_sent(),
        code => Outcome::status(code),
    };
    let mut outcome = outcome
        .retry_after(retry_after)
        .date(date)
        .random(response.random);
    if response.now != 0 {
        outcome = outcome.now(response.now);
    }
    if !passed.is_zero() {
        outcome = outcome.elapsed(passed);
    }
    let attempt = match wait.retry {
        0 => POLICY.first_attempt(),
        // Nothing of the wait has passed yet when `passed` begins.
        _ => POLICY.resume(wait.into(), Duration::ZERO).into_attempt(),
    };
    match attempt.next(outcome) {
        Next::Retry(wait) => (wait.save().into(), WAIT),
        Next::Stop(stop) => (Wait::default(), number(stop.reason)),
    }
}

/// Is in no program that was optimized: neither the table nor the engine panics.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[cfg(test)]
mod tests {
    use core::ptr;

    use super::*;

    const fn seconds(seconds: u32) -> Span {
        Span {
            seconds,
            nanoseconds: 0,
        }
    }

    fn after(wait: Wait, code: u16, passed: u32) -> (Wait, c_int) {
        let response = Response {
            retry_after: ptr::null(),
            retry_after_length: 0,
            date: ptr::null(),
            date_length: 0,
            now: 0,
            passed: seconds(passed),
            random: u32::MAX,
            code,
        };
        next(wait, &response, None, None)
    }

    #[test]
    fn what_has_passed_is_added_up() {
        let (first, _) = after(Wait::default(), 503, 2);
        let expected = Wait {
            retry: 1,
            duration: seconds(8),
            waited: seconds(8),
            elapsed: seconds(2),
        };
        assert_eq!(first, expected);
        let (second, _) = after(first, 503, 8 + 3);
        let expected = Wait {
            retry: 2,
            duration: seconds(64),
            waited: seconds(72),
            elapsed: seconds(13),
        };
        assert_eq!(second, expected);
        // If it is not known, the wait alone is.
        assert_eq!(after(second, 503, 0).0.elapsed, seconds(13 + 64));
    }

    #[test]
    fn a_stored_wait_goes_on() {
        let (stored, _) = after(Wait::default(), 503, 2);
        let rest = Wait {
            duration: seconds(3),
            elapsed: seconds(7),
            ..stored
        };
        assert_eq!(after(stored, RESUME, 5), (rest, WAIT));
        let over = Wait {
            duration: seconds(0),
            elapsed: seconds(u32::MAX),
            ..stored
        };
        assert_eq!(after(stored, RESUME, u32::MAX), (over, WAIT));
        let garbage = Wait {
            duration: seconds(u32::MAX),
            ..stored
        };
        let longest = seconds(86_400 + 86_400 / 5);
        assert_eq!(after(garbage, RESUME, 0).0.duration, longest);
        assert_eq!(after(Wait::default(), RESUME, 5), (Wait::default(), WAIT));
    }

    #[test]
    fn nothing_is_left_of_an_ended_request() {
        let (stored, _) = after(Wait::default(), 503, 2);
        for (code, reason) in [(202, Reason::NotRetried), (429, Reason::NoRetryAfter)] {
            assert_eq!(after(stored, code, 8), (Wait::default(), number(reason)));
        }
    }

    #[test]
    fn a_stored_wait_loses_nothing() {
        let span = Span {
            seconds: 86_401,
            nanoseconds: 999_999_999,
        };
        let wait = Wait {
            retry: 3,
            duration: span,
            waited: seconds(u32::MAX),
            elapsed: span,
        };
        assert_eq!(Wait::from(retrospec::SavedWait::from(wait)), wait);
    }
}
