//! An answer that nobody looks at is a retry that nobody makes.

#![deny(unused_must_use)]

use example_status::policy;
use retrospec::Outcome;

fn main() {
    policy().first_attempt().next(Outcome::status(503));
}
