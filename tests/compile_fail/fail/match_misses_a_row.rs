//! A row that the table gains must be looked at.

use memfault_status::Status;

fn is_error(status: Status) -> bool {
    match status {
        Status::Success | Status::Accepted | Status::NoContent => false,
        Status::BadRequest
        | Status::Unauthorized
        | Status::Forbidden
        | Status::MethodNotAllowed
        | Status::Conflict
        | Status::InternalServerError
        | Status::BadGateway
        | Status::ServiceUnavailable
        | Status::GatewayTimeout => true,
    }
}

fn main() {
    is_error(Status::Success);
}
