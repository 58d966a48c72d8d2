//! As `engine`, with each wait stored and resumed.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::time::Duration;

use retrospec::Next;
use retrospec_firmware::{POLICY, Server};

#[no_mangle]
extern "C" fn main() -> ! {
    let mut server = Server::start();
    let mut attempt = POLICY.first_attempt();
    loop {
        match attempt.next(server.outcome()) {
            Next::Retry(wait) => {
                let saved = black_box(wait.save());
                let wait = POLICY.resume(saved, black_box(Duration::ZERO));
                attempt = wait.sleep(|wait| server.sleep(wait));
            }
            Next::Stop(stop) => {
                black_box(stop);
                server.finish()
            }
        }
    }
}
