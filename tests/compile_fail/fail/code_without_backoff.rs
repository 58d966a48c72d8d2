//! 400 is never retried.

use example_status::Status;
use retrospec::Backoff;

const BAD_REQUEST: &Backoff = Status::backoff_of::<400>();

fn main() {
    let _ = BAD_REQUEST;
}
