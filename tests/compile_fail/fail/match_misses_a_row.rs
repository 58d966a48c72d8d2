//! A row that the table gains must be looked at.

use example_status::Status;

fn is_error(status: Status) -> bool {
    match status {
        Status::Ok | Status::Accepted => false,
        Status::BadRequest
        | Status::Conflict
        | Status::BadGateway
        | Status::ServiceUnavailable
        | Status::GatewayTimeout => true,
    }
}

fn main() {
    is_error(Status::Ok);
}
