//! The engine as README's program uses it: the policy as the table has it, and all that an outcome can
//! have, a date in any form included.

#![no_std]
#![no_main]

use core::hint::black_box;

use retrospec::Next;
use retrospec_firmware::Server;

#[no_mangle]
extern "C" fn main() -> ! {
    let mut server = Server::start();
    let mut attempt = memfault_status::policy().first_attempt();
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
