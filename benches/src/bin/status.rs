//! Deciding by status: the codes 100 to 999, which `http::StatusCode` can hold, in several ways.

use std::collections::HashMap;
use std::hint::black_box;
use std::process::ExitCode;

use http::StatusCode;
use memfault_status::{EXPONENTIAL, retry_behavior};
use reqwest::Response;
use reqwest_retry::default_on_request_success;
use retrospec::RetryBehavior;
use retrospec_benches::{Case, case, run};

/// The rows that are retried; the other ways look a code up here, and find most codes absent.
const RETRIED: [(u16, RetryBehavior); 4] = [
    (429, RetryBehavior::RetryAfter),
    (502, RetryBehavior::Backoff(&EXPONENTIAL)),
    (503, RetryBehavior::Backoff(&EXPONENTIAL)),
    (504, RetryBehavior::Backoff(&EXPONENTIAL)),
];

/// What a careful person would write.
fn by_hand(code: u16) -> RetryBehavior {
    match code {
        429 => RetryBehavior::RetryAfter,
        502..=504 => RetryBehavior::Backoff(&EXPONENTIAL),
        _ => RetryBehavior::DoNotRetry,
    }
}

fn list(rows: &[(u16, RetryBehavior)], code: u16) -> RetryBehavior {
    rows.iter()
        .find(|row| row.0 == code)
        .map_or(RetryBehavior::DoNotRetry, |row| row.1)
}

fn map(rows: &HashMap<u16, RetryBehavior>, code: u16) -> RetryBehavior {
    rows.get(&code)
        .copied()
        .unwrap_or(RetryBehavior::DoNotRetry)
}

fn codes<'a, R>(name: &'a str, decide: impl Fn(u16) -> R + 'a) -> Case<'a> {
    case(name, move || {
        for code in 100..=999 {
            black_box(decide(black_box(code)));
        }
    })
}

fn responses<'a, R>(
    name: &'a str,
    responses: &'a [Response],
    decide: impl Fn(&Response) -> R + 'a,
) -> Case<'a> {
    case(name, move || {
        for response in responses {
            black_box(decide(black_box(response)));
        }
    })
}

fn main() -> ExitCode {
    let rows = HashMap::from(RETRIED);
    let all: Vec<Response> = (100..=999)
        .map(|code| {
            let mut response = http::Response::new("");
            *response.status_mut() = StatusCode::from_u16(code).expect("100 to 999");
            response.into()
        })
        .collect();
    run(&mut [
        codes("loop", |_| RetryBehavior::DoNotRetry),
        codes("ours", retry_behavior),
        codes("by-hand", by_hand),
        codes("list", |code| list(&RETRIED, code)),
        codes("hash-map", |code| map(&rows, code)),
        responses("response-loop", &all, |_| RetryBehavior::DoNotRetry),
        responses("response-ours", &all, |response| {
            retry_behavior(response.status().as_u16())
        }),
        responses("reqwest-retry-loop", &all, |_| {
            None::<reqwest_retry::Retryable>
        }),
        responses("reqwest-retry", &all, default_on_request_success),
    ])
}
