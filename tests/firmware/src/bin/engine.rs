//! As `attempt`, with every bound that a policy can have, and jitter.

#![no_std]
#![no_main]

use retrospec_firmware::{POLICY, run};

#[no_mangle]
extern "C" fn main() -> ! {
    run(POLICY.first_attempt())
}
