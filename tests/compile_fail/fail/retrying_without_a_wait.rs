//! The way to the next attempt leads through the wait.

use example_status::policy;
use retrospec::{Next, Outcome};

fn send() -> u16 {
    503
}

fn main() {
    let mut attempt = policy().first_attempt();
    loop {
        match attempt.next(Outcome::status(send())) {
            Next::Retry(wait) => attempt = wait,
            Next::Stop(_) => break,
        }
    }
}
