//! Any bytes as `Retry-After`, as `Date` and as the clock.

#![no_main]

#[path = "../invariants/header.rs"]
mod header;
#[path = "../invariants/retry_after.rs"]
mod retry_after;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let _ = retry_after::check_lines(input);
});
