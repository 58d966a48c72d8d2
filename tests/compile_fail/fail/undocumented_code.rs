//! 404 is not in the table.

use example_status::Status;

const NOT_FOUND: Status = Status::of::<404>();

fn main() {
    let _ = NOT_FOUND;
}
