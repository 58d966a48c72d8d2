//! One wait leads to one attempt.

use example_status::policy;
use retrospec::{Next, Outcome};

fn main() {
    if let Next::Retry(wait) = policy().first_attempt().next(Outcome::status(503)) {
        let _second = wait.clone();
    }
}
