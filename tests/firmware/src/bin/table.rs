//! The generated table and its schedule, in place of the `match` and the formula of `by_hand`.

#![no_std]
#![no_main]

use core::time::Duration;

use memfault_status::{MAX_RETRIES, retry_behavior};
use retrospec::RetryBehavior;
use retrospec_firmware::Server;

fn wait(code: u16, retry: u32, retry_after: Option<u32>) -> Option<Duration> {
    if retry > MAX_RETRIES {
        return None;
    }
    let asked = || Some(Duration::from_secs(retry_after?.into()));
    match retry_behavior(code) {
        RetryBehavior::DoNotRetry => None,
        RetryBehavior::RetryAfter => asked(),
        RetryBehavior::Backoff(schedule) => schedule.wait(retry),
        RetryBehavior::RetryAfterOrBackoff(schedule) => asked().or(schedule.wait(retry)),
    }
}

#[no_mangle]
extern "C" fn main() -> ! {
    let mut server = Server::start();
    let mut retry = 0;
    loop {
        let response = server.response();
        retry += 1;
        match wait(response.code, retry, response.retry_after_seconds) {
            Some(wait) => server.sleep(wait),
            None => server.finish(),
        }
    }
}
