//! What every program here stands on: the device, and a server's responses.

#![no_std]

pub mod device;
mod server;

pub use server::{Response, Server};

use core::time::Duration;

use memfault_status::{Status, EXPONENTIAL};
use retrospec::{Jitter, Policy, RetryBehavior};

/// With every bound that a policy can have, and jitter.
pub const POLICY: Policy<Status> = memfault_status::policy()
    .max_retries(5)
    .max_elapsed(Duration::from_secs(1 << 20))
    .max_retry_after(Duration::from_secs(3_600))
    .transport(RetryBehavior::Backoff(&EXPONENTIAL))
    .jitter(Jitter::Percent(20));

/// `core::fmt` is left out everywhere: the programs are measured, and it panics.
pub fn print_number(number: usize) {
    if number >= 10 {
        print_number(number / 10);
    }
    device::print(DIGITS[number % 10]);
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
