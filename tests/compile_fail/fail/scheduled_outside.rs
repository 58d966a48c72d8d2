//! Which codes have a schedule is for the table to say.

use example_status::{Scheduled, EXPONENTIAL};
use retrospec::Backoff;

struct Mine;

impl Scheduled<400> for Mine {
    const BACKOFF: &'static Backoff = &EXPONENTIAL;
}

fn main() {}
