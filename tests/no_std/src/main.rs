//! A program without std and without a heap that takes decisions by the generated table.
//!
//! It stops compiling as soon as something pulls std in, which brings a panic handler of its own,
//! and linking as soon as something allocates, for there is no allocator.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;
use core::time::Duration;

use example_status::{Status, policy};
use retrospec::{Next, Outcome};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Returns the exit status: 0 if five retries waited as long as documented.
#[no_mangle]
extern "C" fn main() -> i32 {
    let mut waited = Duration::ZERO;
    let mut attempt = policy().first_attempt();
    loop {
        let outcome = Outcome::status(black_box(Status::BadGateway.code()))
            .retry_after(black_box(Some(b"Sun, 06 Nov 1994 08:49:37 GMT")))
            .now(black_box(784_111_770))
            .random(black_box(1));
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                attempt = wait.sleep(|duration| waited = waited.saturating_add(duration))
            }
            Next::Stop(stop) => {
                let documented = Duration::from_secs(8 + 64 + 512 + 4_096 + 32_768);
                return i32::from(stop.retries != 5 || waited != documented);
            }
        }
    }
}
