//! The engine and a generated crate link without std and without a heap.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../no_std");

#[test]
fn a_program_without_std_or_heap_links_and_runs() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--target-dir"])
        .arg(&target)
        .current_dir(PACKAGE)
        .status()
        .unwrap();
    assert!(status.success(), "cargo run in tests/no_std: {status}");
}
