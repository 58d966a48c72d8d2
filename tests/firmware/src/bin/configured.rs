//! As `engine`, by a policy that the optimizer does not see.

#![no_std]
#![no_main]

use core::hint::black_box;

use retrospec::Next;
use retrospec_firmware::{Server, POLICY};

#[no_mangle]
extern "C" fn main() -> ! {
    let mut server = Server::start();
    let mut attempt = black_box(POLICY).first_attempt();
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
