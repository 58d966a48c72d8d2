//! Only a policy or a wait gives an attempt.

use example_status::{policy, Status};
use retrospec::Attempt;

fn main() {
    let _: Attempt<Status> = Attempt {
        policy: policy(),
        retries: 0,
    };
}
