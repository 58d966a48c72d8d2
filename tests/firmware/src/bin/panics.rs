//! Must not link: `run.sh` sees by it that no other program here can panic.

#![no_std]
#![no_main]

use core::hint::black_box;

use retrospec_firmware::device;

#[no_mangle]
extern "C" fn main() -> ! {
    assert!(black_box(true));
    device::exit(true)
}
