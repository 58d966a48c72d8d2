//! A retry takes a wait, not a duration.

use std::time::Duration;

use example_status::Status;
use retrospec::Next;

fn main() {
    let _: Next<Status> = Next::Retry(Duration::ZERO);
}
