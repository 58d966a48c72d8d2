//! As `attempt`, with every bound that a policy can have, and jitter.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::time::Duration;

use memfault_status::{Status, EXPONENTIAL};
use retrospec::{Jitter, Next, Policy, RetryBehavior};
use retrospec_firmware::Server;

const POLICY: Policy<Status> = memfault_status::policy()
    .max_retries(5)
    .max_elapsed(Duration::from_secs(1 << 20))
    .max_retry_after(Duration::from_secs(3_600))
    .transport(RetryBehavior::Backoff(&EXPONENTIAL))
    .jitter(Jitter::Percent(20));

#[no_mangle]
extern "C" fn main() -> ! {
    let mut server = Server::start();
    let mut attempt = POLICY.first_attempt();
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
