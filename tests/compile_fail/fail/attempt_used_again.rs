//! One attempt has one outcome.

use example_status::policy;
use retrospec::Outcome;

fn main() {
    let attempt = policy().first_attempt();
    let _first = attempt.next(Outcome::status(503));
    let _second = attempt.next(Outcome::status(503));
}
