//! Only an attempt gives a wait.

use std::time::Duration;

use example_status::{policy, Status};
use retrospec::Wait;

fn main() {
    let _: Wait<Status> = Wait {
        duration: Duration::ZERO,
        attempt: policy().first_attempt(),
    };
}
