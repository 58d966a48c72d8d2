//! A match on every row needs no arm for the rest.

use memfault_status::Status;

const fn is_success(status: Status) -> bool {
    match status {
        Status::Success | Status::Accepted | Status::NoContent => true,
        Status::BadRequest
        | Status::Unauthorized
        | Status::Forbidden
        | Status::MethodNotAllowed
        | Status::Conflict
        | Status::TooManyRequests
        | Status::InternalServerError
        | Status::BadGateway
        | Status::ServiceUnavailable
        | Status::GatewayTimeout => false,
    }
}

fn main() {
    assert_eq!(Status::ALL.iter().filter(|status| is_success(**status)).count(), 3);
}
