//! Prints what the API's table says about each code.

mod parcels {
    retrospec_macros::table!("parcels.yaml");
}

use parcels::Status;

fn main() {
    for status in Status::ALL {
        println!("{status}: {:?}", status.retry_behavior());
    }
}
