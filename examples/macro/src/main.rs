//! What the table of the API says about each of its codes.

mod parcels {
    retrospec_macros::table!("parcels.yaml");
}

use parcels::Status;

fn main() {
    for status in Status::ALL {
        println!("{status}: {:?}", status.retry_behavior());
    }
}
