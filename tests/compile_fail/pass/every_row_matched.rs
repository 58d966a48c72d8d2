//! A match on every row needs no arm for the rest.

use example_status::Status;

const fn is_success(status: Status) -> bool {
    match status {
        Status::Ok | Status::Accepted => true,
        Status::BadRequest
        | Status::Conflict
        | Status::TooManyRequests
        | Status::BadGateway
        | Status::ServiceUnavailable
        | Status::GatewayTimeout => false,
    }
}

fn main() {
    assert_eq!(Status::ALL.iter().filter(|status| is_success(**status)).count(), 2);
}
