//! 429 is retried as the header says, not by a schedule.

use example_status::Status;
use retrospec::Backoff;

const TOO_MANY_REQUESTS: &Backoff = Status::backoff_of::<429>();

fn main() {
    let _ = TOO_MANY_REQUESTS;
}
