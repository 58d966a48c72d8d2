//! Which codes are documented is for the table to say.

use example_status::{Documented, Status};

impl Documented<404> for Status {
    const STATUS: Status = Status::BadRequest;
}

fn main() {}
