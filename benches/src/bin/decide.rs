//! Deciding by status: all 65,536 codes, a hundred times, in one of three ways.
//!
//! `decide loop` is the loop alone, to be taken off the other two.

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use memfault_status::EXPONENTIAL;
use retrospec::RetryBehavior;

const ROUNDS: u32 = 100;

/// What a careful person would write.
fn by_hand(code: u16) -> RetryBehavior {
    match code {
        429 => RetryBehavior::RetryAfter,
        502..=504 => RetryBehavior::Backoff(&EXPONENTIAL),
        _ => RetryBehavior::DoNotRetry,
    }
}

#[inline(never)]
fn all_codes(decide: impl Fn(u16) -> RetryBehavior) {
    for _ in 0..ROUNDS {
        for code in 0..=u16::MAX {
            black_box(decide(black_box(code)));
        }
    }
}

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("generated") => all_codes(memfault_status::retry_behavior),
        Some("by-hand") => all_codes(by_hand),
        Some("loop") => all_codes(|_| RetryBehavior::DoNotRetry),
        _ => {
            eprintln!("usage: decide generated|by-hand|loop");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
