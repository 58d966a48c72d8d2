//! Any bytes as an OpenAPI document.

#![no_main]

#[path = "../invariants/import.rs"]
mod import;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = import::check_import(bytes);
});
