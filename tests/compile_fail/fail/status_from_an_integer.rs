//! An integer may be no status code of the table.

use example_status::Status;

fn main() {
    let _ = 404_u16 as Status;
}
