//! A second attempt of the same number would be one too many.

use example_status::policy;

fn main() {
    let attempt = policy().first_attempt();
    let _second = attempt.clone();
}
