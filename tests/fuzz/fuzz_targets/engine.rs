//! Any outcomes, bounds and stored waits through the engine.

#![no_main]

#[path = "../invariants/engine.rs"]
mod engine;
#[path = "../invariants/header.rs"]
mod header;

libfuzzer_sys::fuzz_target!(|plan: engine::Plan| {
    let _ = engine::check(&plan);
});
