//! `spec/schema.json`, by which editors check a spec as it is typed.
//!
//! It may accept what the parser refuses, but never refuse what the parser accepts.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use retrospec_codegen::{Source, check};
use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The bad specs that no schema can refuse, and why.
const BEYOND: &[(&str, &str)] = &[
    ("SPEC0006-anchor", "syntax"),
    ("SPEC0007-tags", "syntax"),
    ("SPEC0008-merge-key", "syntax"),
    ("SPEC0105-crate", "quotes make it a string"),
    ("SPEC0110-endless-zero", "the last of a list"),
    ("SPEC0110-too-long", "arithmetic"),
    ("SPEC0113-sign", "the same number to YAML"),
    ("SPEC0203-duplicate-class", "duplicate"),
    ("SPEC0203-duplicate-code", "duplicate"),
    ("SPEC0203-duplicate-row", "duplicate"),
    ("SPEC0205-same-variant", "duplicate"),
    ("SPEC0207-unseen-rows", "a warning"),
    ("SPEC0301-unknown-schedule", "reference"),
    (
        "SPEC0304-conditional-retry-after",
        "`should_retry` and lists",
    ),
    ("SPEC0305-long-evidence", "a draft"),
    ("SPEC0305-undecided", "a draft"),
    ("SPEC0401-clash", "duplicate"),
    ("SPEC0403-unused", "reference"),
    ("SPEC0404-too-precise", "floating point"),
    ("SPEC0405-initial-over-max", "arithmetic"),
    ("SPEC0406-overflow", "arithmetic"),
    ("SPEC0407-another-multiplier", "arithmetic"),
    ("SPEC0407-another-number", "arithmetic"),
    ("SPEC0407-another-wait", "arithmetic"),
    ("SPEC0407-own-limit", "arithmetic"),
    ("SPEC0407-too-many", "arithmetic"),
    ("SPEC0408-own-limit", "arithmetic"),
    ("SPEC0408-short", "arithmetic"),
    ("SPEC0409-grows", "reference"),
    ("SPEC0409-grows-too-slowly", "arithmetic"),
    ("SPEC0409-list-ends", "reference"),
    ("SPEC0411-late", "a warning"),
    ("SPEC0412-over-the-limit", "arithmetic"),
    ("SPEC0504-duplicate-condition", "duplicate"),
    ("SPEC0504-duplicate-header", "duplicate"),
    ("SPEC0505-unused", "a warning"),
];

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../spec/schema.json")).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).unwrap()
}

/// The values that an editor sees: by YAML 1.2, `no` is a string.
fn read(yaml: &str) -> Option<Value> {
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(yaml, options).ok()
}

/// The YAML files of a folder of this repository, by name.
fn specs(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let mut specs: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    specs.sort();
    specs
}

/// The keys that a spec may have, each with its schema.
fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    let mut found = Vec::new();
    match schema {
        Value::Object(map) => {
            // Conditions have properties as well, which repeat these.
            if map.get("additionalProperties") == Some(&json!(false)) {
                found.extend(map["properties"].as_object().unwrap());
            }
            found.extend(map.values().flat_map(properties));
        }
        Value::Array(items) => found.extend(items.iter().flat_map(properties)),
        _ => {}
    }
    found
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::draft7::meta::is_valid(&schema()));
}

#[test]
fn every_key_is_described_and_has_valid_examples() {
    let schema = schema();
    let properties = properties(&schema);
    assert_eq!(properties.len(), 41);
    for (key, property) in properties {
        let description = property["description"].as_str().unwrap_or_default();
        assert!(!description.is_empty(), "{key} has no description");
        let own = json!({ "allOf": [property], "definitions": schema["definitions"] });
        let examples = property["examples"].as_array();
        let examples = examples.unwrap_or_else(|| panic!("{key} has no examples"));
        assert!(!examples.is_empty(), "{key} has no examples");
        for example in examples {
            let found = validator(&own).validate(example);
            assert!(found.is_ok(), "{key}: {example}: {found:?}");
        }
    }
}

#[test]
fn the_specs_of_this_repository_are_accepted() {
    let validator = validator(&schema());
    let specs = specs("spec");
    assert!(!specs.is_empty());
    for (name, text) in specs {
        let value = read(&text).unwrap();
        let found = validator.validate(&value);
        assert!(found.is_ok(), "{name}: {found:?}");
    }
}

#[test]
fn the_schema_refuses_bad_specs_it_can_see() {
    let validator = validator(&schema());
    let accepted: Vec<String> = specs("codegen/core/tests/bad")
        .into_iter()
        // What cannot be read, or not as JSON, never comes before a schema.
        .filter(|(_, text)| read(text).is_some_and(|value| validator.is_valid(&value)))
        .map(|(name, _)| name)
        .collect();
    let beyond: Vec<&str> = BEYOND.iter().map(|(name, _)| *name).collect();
    assert_eq!(accepted, beyond);
}

const BASE: &str = "\
api: Example
crate: example-status
version: 0.1.0
source:
  title: Errors
  url: https://example.com/errors
  read: 2026-11-22
max_retries: 3
max_elapsed: 1h
backoff:
  steps:
    waits: [1s, 5s]
    repeat: last
    jitter: none
  growing:
    initial: 1s
    multiplier: 2
    max: 1m
statuses:
  - code: 200
    name: OK
    description: Done.
    retry: never
  - code: 404
    name: Not Found
    variant: Missing
    retry: never
    errors: {gone: never}
  - code: 5XX
    retry: steps
unlisted: growing
transport: never
retry_after:
  - header: Retry-After
    as: retry-after
    only_if: {X-Left: \"0\"}
max_retry_after: 2m
retry_after_jitter: 20%
should_retry: {header: X-Retry, \"false\": never}
assumed: []
";

/// Values by key, in the place of the one in `BASE`, that the parser accepts.
#[rustfmt::skip]
const GOOD: &[(&str, &[&str])] = &[
    ("api", &["\"no\"", "'404'", ">-\n  On two\n  lines", "\"\\tÜber\\n\""]),
    ("crate", &["a", "\"e1-2_b\"", "union", "httpx"]),
    ("version", &["1.0.0-rc.1+b.01", "10.20.30-a-b"]),
    ("url", &["http://x", "\" https://example.com/?a=[b]{c}|^~#d \""]),
    ("read", &["2024-02-29", "2000-02-29", "2026-04-30", "\"2026-12-31\"", "0001-01-01"]),
    ("max_retries", &["1", "1000", "007", "unlimited", "\"unlimited\"", "{assumed: 4}"]),
    ("max_elapsed", &["1d2h3m4s5ms", "5ms", "1m5ms", "0d1s", "\"08s\""]),
    ("waits", &["[0s, 1ms]"]),
    ("repeat", &["\"last\""]),
    ("jitter", &["full", "equal", "0%", "100%", "020%", "\"20%\"", "-25%", "+25%", "+1s", "+1m30s", "{assumed: none}"]),
    ("initial", &["0h1m", "{assumed: 1s}"]),
    ("multiplier", &["1", "1.0", "1.001", "1.1", "1.50", "01.5", "4294967.295"]),
    ("max", &["1s", "1d"]),
    ("code", &["100", "599", "600", "783", "999", "6XX", "9XX"]),
    ("name", &["\"'\\u2019-- ok\"", "no-content"]),
    ("variant", &["True", "A1", "ALLOWED", "Selfish"]),
    ("description", &["\"200\""]),
    (
        "retry",
        &[
            "retry-after", "[retry-after, steps]", "\"never\"", "{assumed: steps}", "[if-idempotent, steps]",
            "[if-idempotent, retry-after]", "[if-idempotent, retry-after, steps]", "{assumed: [if-idempotent, steps]}",
        ],
    ),
    ("unlisted", &["steps", "[retry-after, growing]", "retry-after", "{assumed: never}", "[if-idempotent, steps]"]),
    (
        "transport",
        &[
            "steps", "\"growing\"", "[if-idempotent, steps]", "{assumed: never}", "{connect: steps, other: never}",
            "{assumed: {connect: steps, other: never}}", "{connect: {assumed: steps}, other: [if-idempotent, growing]}",
        ],
    ),
    ("header", &["\"x_y~!\"", "ratelimit"]),
    ("as", &["seconds", "milliseconds", "unix-seconds", "\"seconds\""]),
    ("only_if", &["{A: \"0\", B: soon}"]),
    ("max_retry_after", &["1d", "{assumed: 2m}"]),
    ("retry_after_jitter", &["0%", "100%", "{assumed: 20%}"]),
    (
        "should_retry",
        &[
            "{header: X, \"true\": [if-idempotent, steps]}", "{assumed: {header: X, \"true\": steps}}",
            "{header: X, \"true\": {assumed: steps}, \"false\": never}",
        ],
    ),
    ("errors", &["{a b: steps, \"20429\": {assumed: never}, assumed: never}"]),
    ("assumed", &["[One., \"2\"]"]),
];

/// The same, that neither accepts.
#[rustfmt::skip]
const BAD: &[(&str, &[&str])] = &[
    ("api", &["404", "\" \\n\"", "null", "[Example]"]),
    ("crate", &["http", "proc_macro", "proc-macro", "try", "a--b", "a-", "1a", "A"]),
    ("version", &["0.1", "01.0.0", "1.0.0-", "1.0.0-01", "v1.0.0"]),
    ("url", &["ftp://example.com", "https://", "https://a b", "\"https://a`b\""]),
    ("read", &["2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-1-1", "22.11.2026"]),
    ("max_retries", &["0", "1001", "1.5", "\"5\"", "-1", "Unlimited"]),
    ("max_elapsed", &["0s", "0d0ms", "5", "1s1s", "1s1m", "1.5s", "\"\"", "1 s"]),
    ("waits", &["[]", "1s", "[1]", "null"]),
    ("repeat", &["first", "true"]),
    ("jitter", &["101%", "half", "20", "-101%", "\"%\"", "1s", "-1s", "+0s", "++1s", "{assumed: half}"]),
    ("initial", &["0s", "1"]),
    ("multiplier", &["0.999", "\"2\"", "4294967.296", "two"]),
    ("max", &["0s", "never"]),
    ("code", &["99", "1000", "0XX", "4xx", "4X", "\"503\"", "{assumed: 503}"]),
    ("name", &["404", "200 OK", "\"\""]),
    ("variant", &["ok", "Self", "ALL", "O-K", "1A"]),
    (
        "retry",
        &[
            "[retry-after]", "[steps, retry-after]", "[retry-after, never]", "Never", "if-idempotent",
            "[if-idempotent, never]", "[if-idempotent]", "[steps, if-idempotent]", "{assumed: never, why: so}",
            "{assumed: {assumed: never}}",
        ],
    ),
    ("unlisted", &["[steps]", "null", "loop", "{assumed: }"]),
    (
        "transport",
        &[
            "retry-after", "[retry-after, steps]", "[steps]", "{connect: steps}", "{connect: retry-after, other: never}",
            "[if-idempotent, retry-after, steps]", "{connect: steps, other: never, assumed: never}",
        ],
    ),
    ("header", &["\"\"", "\"a b\"", "\"a:\"", "Ü"]),
    ("as", &["ms", "date"]),
    ("only_if", &["{}", "{A: 0}", "[A]"]),
    ("max_retry_after", &["0s", "120", "[2m]"]),
    ("retry_after_jitter", &["20", "+20%", "101%", "full"]),
    ("should_retry", &["X", "{header: X}", "{header: X, \"yes\": never}", "{\"true\": never}"]),
    ("errors", &["{}", "[gone]"]),
    ("assumed", &["Nothing.", "[1]", "null"]),
];

/// `BASE` with another value at the first place of `key`.
fn with(key: &str, value: &str) -> String {
    let start = BASE.find(&format!("{key}: ")).unwrap() + key.len() + 2;
    let end = start + BASE[start..].find('\n').unwrap();
    format!("{}{value}{}", &BASE[..start], &BASE[end..])
}

#[test]
fn values_are_judged_as_by_the_parser() {
    let validator = validator(&schema());
    let mut wrong = Vec::new();
    for (table, good) in [(GOOD, true), (BAD, false)] {
        for (key, values) in table {
            for value in *values {
                let text = with(key, value);
                let parser = check(&Source::new("spec", text.clone())).model.is_some();
                let schema = validator.is_valid(&read(&text).expect(value));
                if (parser, schema) != (good, good) {
                    wrong.push(format!("{key}: {value}: parser {parser}, schema {schema}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn keys_go_together_as_the_parser_lets_them() {
    let unlimited = ("max_retries: 3", "max_retries: unlimited");
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[
            ("crate: example-status\nversion: 0.1.0\n", ""),
            ("max_elapsed: 1h\n", ""),
            ("assumed: []\n", ""),
        ],
        &[("name: Not Found", "name: \"404\"")],
        &[
            unlimited,
            ("unlisted: growing", "unlisted: [retry-after, growing]"),
        ],
        &[unlimited, ("multiplier: 2\n    max: 1m", "multiplier: 1.0")],
        // A schedule that no row uses may end.
        &[
            unlimited,
            ("    repeat: last\n", ""),
            ("retry: steps", "retry: growing"),
        ],
    ];
    let validator = validator(&schema());
    for replacements in cases {
        let mut text = BASE.to_owned();
        for (old, new) in *replacements {
            assert!(text.contains(old), "{old}");
            text = text.replace(old, new);
        }
        let checked = check(&Source::new("spec", text.clone()));
        assert!(checked.model.is_some(), "{text}{:?}", checked.diagnostics);
        let value = read(&text).unwrap();
        let found = validator.validate(&value);
        assert!(found.is_ok(), "{text}{found:?}");
    }
}
