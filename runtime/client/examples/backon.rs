//! Hands a schedule of the table to backon, which takes any iterator of waits: for code that has its retries
//! from there. backon is told by the table what to retry; what `Retry-After` says, it does not hear.
//!
//! ```sh
//! cargo run -p retrospec-client --example backon --features ureq
//! ```

use backon::BlockingRetryable;
use memfault_status::{EXPONENTIAL, retry_behavior};
use retrospec::RetryBehavior;
use retrospec_conformance::{Reply, Script, Server};

fn main() -> Result<(), ureq::Error> {
    let script = Script::new(Reply::status(503))
        .then(Reply::status(502))
        .then(Reply::status(200));
    let server = Server::start(script);
    let url = server.url("/api/v0/releases/latest");

    let by_schedule = |error: &ureq::Error| match error {
        ureq::Error::StatusCode(code) => {
            matches!(retry_behavior(*code), RetryBehavior::Backoff(_))
        }
        _ => false,
    };
    let response = (|| ureq::get(&url).call())
        .retry((1..).map_while(|n| EXPONENTIAL.wait(n)))
        .sleep(|wait| println!("(not waited: {wait:?})"))
        .when(by_schedule)
        .call()?;
    println!("{}", response.status());
    Ok(())
}
