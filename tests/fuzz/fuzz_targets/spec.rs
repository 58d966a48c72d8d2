//! Any bytes as a spec.

#![no_main]

#[path = "../invariants/spec.rs"]
mod spec;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = spec::check_spec(bytes);
});
