//! As `engine`, by a policy that the optimizer does not see.

#![no_std]
#![no_main]

use core::hint::black_box;

use retrospec_firmware::{POLICY, run};

#[no_mangle]
extern "C" fn main() -> ! {
    run(black_box(POLICY).first_attempt())
}
