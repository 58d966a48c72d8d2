//! Lays a program out as the device has it, and hands it the facts of Memfault's page.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use retrospec_test_support::{Action, Facts};

fn main() {
    println!("cargo:rerun-if-changed=device.ld");
    println!("cargo:rustc-link-arg-bins=-Tdevice.ld");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let text = constants(&Facts::memfault());
    fs::write(Path::new(&out).join("facts.rs"), text).expect("OUT_DIR can be written");
}

/// Returns the facts as Rust, in types that a device has.
fn constants(facts: &Facts) -> String {
    let seconds: Vec<u64> = facts.waits.iter().map(|wait| wait.as_secs()).collect();
    let retries = facts.retries.expect("a limit");
    let mut text = format!(
        "pub const RETRIES: u32 = {retries};\npub const SECONDS: [u64; {}] = {seconds:?};\n",
        seconds.len()
    );
    let names: String = facts
        .exact_rows()
        .iter()
        .map(|(code, name)| format!("{code} => Some({name:?}), "))
        .collect();
    let _ = writeln!(
        text,
        "pub const fn name(code: u16) -> Option<&'static str> {{ match code {{ {names} _ => None }} }}"
    );
    let _ = writeln!(
        text,
        "pub const fn action(code: u16) -> Action {{ match code {{ {} }} }}",
        arms(facts)
    );
    text
}

/// Returns an arm for each run of codes with one action.
fn arms(facts: &Facts) -> String {
    let mut runs: Vec<(u16, u16, Action)> = Vec::new();
    for code in 0..=u16::MAX {
        let action = facts.action(code);
        match runs.last_mut() {
            Some((_, last, same)) if *same == action => *last = code,
            _ => runs.push((code, code, action)),
        }
    }
    runs.iter()
        .map(|(first, last, action)| format!("{first}..={last} => Action::{action:?}, "))
        .collect()
}
