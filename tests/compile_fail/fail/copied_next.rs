//! An answer is given once.

use example_status::policy;
use retrospec::Outcome;

fn main() {
    let next = policy().first_attempt().next(Outcome::status(503));
    let _first = next;
    let _second = next;
}
