//! `spec/schema.json` has the keys, words and units of the parser.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::duration::UNITS;
use crate::lower::bounds::LARGEST_MAX_RETRIES;
use crate::lower::keys::{
    ROOT, SCHEDULE, SHOULD_RETRY, SOURCE, STATUS, Shape, TRANSPORT, WAIT_HEADER,
};
use crate::lower::names::WORDS;

fn schema(pointer: &str) -> Value {
    let schema: Value = serde_json::from_str(include_str!("../../../../spec/schema.json")).unwrap();
    let part = schema.pointer(pointer);
    part.unwrap_or_else(|| panic!("no {pointer}")).clone()
}

/// Asserts that both give the same strings in any order, none of them twice.
fn assert_same<'a>(
    found: impl Iterator<Item = &'a str>,
    expected: impl Iterator<Item = &'a str>,
    pointer: &str,
) {
    let found: Vec<&str> = found.collect();
    let set: BTreeSet<&str> = found.iter().copied().collect();
    assert_eq!(set.len(), found.len(), "{pointer} says one twice");
    assert_eq!(set, expected.collect(), "{pointer}");
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .map(|text| text.as_str().unwrap())
}

#[test]
fn every_map_has_the_keys_of_the_parser() {
    let maps: [(&str, &Shape); 7] = [
        ("", &ROOT),
        ("/definitions/source", &SOURCE),
        ("/definitions/row", &STATUS),
        ("/definitions/schedule", &SCHEDULE),
        ("/definitions/transport/then", &TRANSPORT),
        ("/definitions/wait-header", &WAIT_HEADER),
        ("/definitions/should-retry", &SHOULD_RETRY),
    ];
    for (pointer, shape) in maps {
        let map = schema(pointer);
        let keys = map["properties"].as_object().unwrap().keys();
        let known = shape.keys.iter().map(|key| key.name);
        assert_same(keys.map(String::as_str), known, pointer);
        let required = shape.keys.iter().filter(|key| key.required);
        let required = required.map(|key| key.name);
        assert_same(texts(&map["required"]), required, pointer);
        assert_eq!(map["additionalProperties"], false, "{pointer}");
    }
}

#[test]
fn behaviors_are_the_words_of_the_parser() {
    let pointer = "/definitions/behavior/anyOf/0/enum";
    assert_same(texts(&schema(pointer)), WORDS.into_iter(), pointer);
}

#[test]
fn durations_have_the_units_of_the_parser() {
    let parts = UNITS.map(|(unit, _)| format!("([0-9]+{unit})?")).concat();
    for (definition, condition) in [("duration", "(?=.)"), ("positive-duration", "(?=.*[1-9])")] {
        assert_eq!(
            schema(&format!("/definitions/{definition}/pattern")),
            format!("^{condition}{parts}$")
        );
    }
}

#[test]
fn max_retries_has_the_bound_of_the_parser() {
    assert_eq!(
        schema("/definitions/max-retries/maximum"),
        LARGEST_MAX_RETRIES
    );
}
