//! As `engine`, with the server's wait spread as well.

#![no_std]
#![no_main]

use retrospec_firmware::{POLICY, run};

#[no_mangle]
extern "C" fn main() -> ! {
    run(POLICY.retry_after_jitter(20).first_attempt())
}
