//! The futures are small.
#![cfg(feature = "reqwest")]

use std::time::Duration;

use backon::Retryable;
use memfault_status::policy;
use retrospec_client::{RetryOptions, SendWith, retry_async};

#[test]
fn sizes() {
    let client = reqwest::Client::new();
    let send = || client.post("http://localhost/").body("x").send();
    let bare = size_of_val(&send());
    println!("bare {bare}");
    println!(
        "sleep {}",
        size_of_val(&async { tokio::time::sleep(Duration::from_secs(1)).await })
    );
    println!(
        "ours {}",
        size_of_val(&retry_async(policy(), |_| send(), tokio::time::sleep))
    );
    let p = policy();
    println!(
        "ours, by ref {}",
        size_of_val(&retry_async(&p, |_| send(), tokio::time::sleep))
    );
    let waits = backon::ExponentialBuilder::new()
        .with_factor(8.0)
        .with_max_times(5);
    println!(
        "backon {}",
        size_of_val(&send.retry(waits).sleep(tokio::time::sleep))
    );
    println!(
        "send_with {}",
        size_of_val(&client.post("http://localhost/").send_with(policy()))
    );
    println!(
        "send_with by ref {}",
        size_of_val(&client.post("http://localhost/").send_with(&p))
    );
    println!(
        "execute {}",
        size_of_val(&client.execute(client.post("http://localhost/").build().unwrap()))
    );
    println!("request {}", size_of::<reqwest::Request>());
    println!("builder {}", size_of::<reqwest::RequestBuilder>());
    println!("result {}", size_of::<reqwest::Result<reqwest::Response>>());
    println!(
        "attempt {} policy {}",
        size_of::<retrospec::Attempt<memfault_status::Status>>(),
        size_of::<retrospec::Policy<memfault_status::Status>>()
    );
    async fn fails() -> reqwest::StatusCode {
        reqwest::StatusCode::OK
    }
    struct S(u16);
    impl retrospec_client::Attempted for S {
        fn outcome(&self) -> retrospec::Outcome<'_> {
            retrospec::Outcome::status(self.0)
        }
    }
    println!(
        "tiny ours {}",
        size_of_val(&retry_async(
            policy(),
            |_| async { S(503) },
            tokio::time::sleep
        ))
    );
    println!(
        "tiny backon {}",
        size_of_val(
            &(|| async { Err::<(), u16>(503) })
                .retry(waits)
                .sleep(tokio::time::sleep)
        )
    );
}
