//! Which codes have a schedule is for the table to say.

use example_status::{Scheduled, Status, EXPONENTIAL};
use retrospec::Backoff;

impl Scheduled<400> for Status {
    const BACKOFF: &'static Backoff = &EXPONENTIAL;
}

fn main() {}
