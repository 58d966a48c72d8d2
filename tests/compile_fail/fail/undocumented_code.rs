//! 404 is not in the table.

use memfault_status::Status;

const NOT_FOUND: Status = Status::of::<404>();

fn main() {
    let _ = NOT_FOUND;
}
