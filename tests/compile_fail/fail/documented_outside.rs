//! Which codes are documented is for the table to say.

use example_status::{Documented, Status};

struct Mine;

impl Documented<404> for Mine {
    const STATUS: Status = Status::BadRequest;
}

fn main() {}
