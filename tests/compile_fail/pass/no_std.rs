//! The table and the engine with nothing of std in scope. `tests/no_std` links without it.

#![no_std]

// A program needs somebody's panic handler.
extern crate std;

use example_status::{policy, Status};
use retrospec::{Next, Outcome, Stop};

fn upload(mut send: impl FnMut() -> u16, mut sleep: impl FnMut(core::time::Duration)) -> Stop {
    let mut attempt = policy().first_attempt();
    loop {
        match attempt.next(Outcome::status(send())) {
            Next::Retry(wait) => attempt = wait.sleep(&mut sleep),
            Next::Stop(stop) => return stop,
        }
    }
}

fn main() {
    let stop = upload(|| Status::GatewayTimeout.code(), |_| {});
    assert_eq!(stop.retries, example_status::MAX_RETRIES);
}
