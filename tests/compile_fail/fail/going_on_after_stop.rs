//! A stop leaves nothing to retry with.

use example_status::policy;
use retrospec::{Next, Outcome};

fn send() -> u16 {
    400
}

fn main() {
    let mut attempt = policy().first_attempt();
    loop {
        match attempt.next(Outcome::status(send())) {
            Next::Retry(wait) => attempt = wait.sleep(std::thread::sleep),
            Next::Stop(stop) => println!("{stop}"),
        }
    }
}
