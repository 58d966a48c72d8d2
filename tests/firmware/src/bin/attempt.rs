//! The engine as README's program uses it: the policy as the table has it, and all that an outcome can
//! have, a date in any form included.

#![no_std]
#![no_main]

use retrospec_firmware::run;

#[no_mangle]
extern "C" fn main() -> ! {
    run(memfault_status::policy().first_attempt())
}
