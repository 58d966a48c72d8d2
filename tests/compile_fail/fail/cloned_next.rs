//! An answer is given once.

use example_status::policy;
use retrospec::Outcome;

fn log(_: impl Clone) {}

fn main() {
    log(policy().first_attempt().next(Outcome::status(503)));
}
