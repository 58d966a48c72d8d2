//! The invariants of the fuzz targets in `tests/fuzz`, over their corpus and over random input.

use std::collections::BTreeMap;
use std::fs;

use arbitrary::{Arbitrary, Unstructured};
use engine::Plan;
use random::Random;
use retrospec::Reason;

#[path = "../../../tests/fuzz/invariants/engine.rs"]
mod engine;
#[path = "../../../tests/fuzz/invariants/header.rs"]
mod header;
#[path = "../../../tests/fuzz/invariants/random.rs"]
mod random;
#[path = "../../../tests/fuzz/invariants/retry_after.rs"]
mod retry_after;

/// Returns the inputs in the repository for a fuzz target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus");
    let files = fs::read_dir(format!("{folder}/{target}")).unwrap();
    let inputs: Vec<Vec<u8>> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(inputs.len() >= 20, "{target}");
    inputs
}

#[test]
fn the_corpus_of_retry_after_holds() {
    for input in corpus("retry_after") {
        let _ = retry_after::check_lines(&input);
    }
}

#[test]
fn the_corpus_of_the_engine_holds() {
    for input in corpus("engine") {
        if let Ok(plan) = Plan::arbitrary_take_rest(Unstructured::new(&input)) {
            engine::check(&plan);
        }
    }
}

/// Reads some instants in every form, with clocks of every century, both intact and with one or two bytes
/// replaced.
#[test]
fn dates_match_the_second_reading() {
    let mut random = Random(1);
    let mut valid = 0;
    for _ in 0..1_000 {
        // 1970 to 2200, and up to 12240 for years that are too late.
        let last = [7_258_118_400, 324_000_000_000][random.below(2)];
        let mut instant = || random.number() % last;
        let (until, date, now) = (instant(), instant(), instant());
        for form in 0..3 {
            let date = &header::forms(date)[form];
            let mut value = header::forms(until)[form].clone().into_bytes();
            for replaced in 0..3 {
                if replaced > 0 {
                    let at = random.below(value.len());
                    value[at] = b" \t0123456789:-,GMTSunNov"[random.below(24)];
                }
                for now in [None, Some(now)] {
                    for date in [None, Some(date.as_bytes())] {
                        valid += u32::from(retry_after::check(&value, date, now).is_ok());
                    }
                }
            }
        }
    }
    assert!((6_000..15_000).contains(&valid), "{valid}");
}

#[test]
fn delay_seconds_match_the_second_reading() {
    let mut random = Random(2);
    let mut valid = 0;
    for _ in 0..20_000 {
        let mut value = random.number().to_string().into_bytes();
        value.truncate(1 + random.below(20));
        for _ in 0..random.below(3) {
            let at = random.below(value.len() + 1);
            value.insert(at, b" \t0123456789+-.\r\n"[random.below(17)]);
        }
        valid += u32::from(retry_after::check(&value, None, None).is_ok());
    }
    assert!((10_000..18_000).contains(&valid), "{valid}");
}

/// Checks that random input reaches every way in which a request can end.
#[test]
fn every_request_keeps_its_bounds_and_ends() {
    let mut random = Random(3);
    let mut ends = BTreeMap::new();
    for _ in 0..10_000 {
        let length = random.below(400);
        let input: Vec<u8> = (0..length).map(|_| random.byte()).collect();
        let Ok(plan) = Plan::arbitrary_take_rest(Unstructured::new(&input)) else {
            continue;
        };
        let end = engine::check(&plan);
        *ends.entry(end.map(|stop| kind(stop.reason))).or_insert(0) += 1;
    }
    println!("{ends:?}");
    // Every reason that the engine returns, and no end.
    assert_eq!(ends.len(), 8, "{ends:?}");
    assert!(ends.values().all(|count| *count > 20), "{ends:?}");
}

/// Returns the name of the reason, without the wait in `RetryAfterTooLong`.
fn kind(reason: Reason) -> String {
    let text = format!("{reason:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}
