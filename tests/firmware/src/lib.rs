//! What every program here stands on: the device, and a server's responses.

#![no_std]

pub mod device;
pub mod facts;
mod server;

pub use server::{Response, Server};

use core::hint::black_box;
use core::time::Duration;

use memfault_status::{EXPONENTIAL, Status};
use retrospec::{Attempt, Jitter, Next, Policy, RetryBehavior};

/// With every bound that a policy can have, and jitter.
pub const POLICY: Policy<Status> = memfault_status::policy()
    .max_retries(facts::RETRIES)
    .max_elapsed(Duration::from_secs(1 << 20))
    .max_retry_after(Duration::from_secs(3_600))
    .transport(RetryBehavior::Backoff(&EXPONENTIAL))
    .jitter(Jitter::Percent(20));

/// A client's loop, from the first attempt on. Inlined, what is known of the policy stays known.
#[inline(always)]
pub fn run(mut attempt: Attempt<Status>) -> ! {
    let mut server = Server::start();
    loop {
        match attempt.next(server.outcome()) {
            Next::Retry(wait) => attempt = wait.sleep(|wait| server.sleep(wait)),
            Next::Stop(stop) => {
                black_box(stop);
                server.finish()
            }
        }
    }
}

/// `core::fmt` is left out everywhere: the programs are measured, and it panics.
pub fn print_number(number: usize) {
    if number >= 10 {
        print_number(number / 10);
    }
    device::print(DIGITS[number % 10]);
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
