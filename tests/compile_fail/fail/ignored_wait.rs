//! A wait that nobody waits for is a retry that nobody makes.

#![deny(unused_must_use)]

use std::time::Duration;

use example_status::{policy, Status};
use retrospec::{SavedWait, Wait};

fn resume(saved: SavedWait) -> Wait<Status> {
    policy().resume(saved, Duration::ZERO)
}

fn main() {
    resume(SavedWait {
        retry: 1,
        duration: Duration::ZERO,
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    });
}
