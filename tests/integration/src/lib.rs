//! Tests of what crosses crates are in `tests/`; the code in the README is compiled and run here.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
