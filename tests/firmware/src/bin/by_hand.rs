//! To measure against: Memfault's table as one writes it for this client alone.

#![no_std]
#![no_main]

use core::time::Duration;

use retrospec_firmware::Server;

fn wait(code: u16, retry: u32, retry_after: Option<u32>) -> Option<u32> {
    if retry > 5 {
        return None;
    }
    match code {
        429 => retry_after,
        502..=504 => Some(1 << (3 * retry)),
        _ => None,
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
            Some(seconds) => server.sleep(Duration::from_secs(seconds.into())),
            None => server.finish(),
        }
    }
}
