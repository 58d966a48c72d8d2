//! What the help of a diagnostic says to write is taken.

use retrospec_codegen::{Source, check};

/// A spec in which each key that is tested stands once, with a value that is right.
const SPEC: &str = "\
api: Example
crate: example-status
license: MIT
source: {title: Errors, url: https://example.com/errors, read: 2026-11-22}
max_retries: 3
max_elapsed: 1h
backoff:
  steps:
    initial: 1s
    multiplier: 2
    max: 1h
    jitter: 20%
statuses:
  - code: 503
    name: Service Unavailable
    retry: steps
unlisted: never
transport: never
";

/// Returns the help for `key: value` in place of the right value.
fn help(key: &str, value: &str) -> Option<String> {
    let line = SPEC.lines().find(|line| line.contains(&format!("{key}: ")));
    let (before, right) = line.unwrap().split_once(": ").unwrap();
    let spec = SPEC.replace(
        &format!("{before}: {right}\n"),
        &format!("{before}: {value}\n"),
    );
    let source = Source::new("spec.yaml", spec);
    let checked = check(&source);
    let error = checked.diagnostics.iter().find(|found| found.is_error())?;
    Some(error.help.clone().expect("a diagnostic has a help"))
}

#[test]
fn what_a_help_says_to_write_is_right() {
    let wrong = [
        ("code", &["\"503\"", "\"700\"", "99", "5xx"][..]),
        (
            "max_retries",
            &["\"5\"", "\"5000\"", "\"0\"", "0", "5000", "five"],
        ),
        (
            "max_elapsed",
            &["5", "90 min", "1.5h", "9999999999999999999999.5d"],
        ),
        ("initial", &["1 sec", "0.5s", "500", "2 minutes"]),
        ("multiplier", &["\"2\"", "\"0.5\"", "0.5", "99999999999"]),
        (
            "jitter",
            &[
                "20",
                "0.2",
                "0.05",
                "0.00",
                "\u{b1}20%",
                "150",
                "-25",
                "+25",
                "-101%",
            ],
        ),
        (
            "license",
            &[
                "MIT/Apache-2.0",
                "\")MIT OR ISC(\"",
                "MIT AND",
                "(MIT",
                "MIT OR (ISC",
            ],
        ),
    ];
    let mut tried = 0;
    for (key, values) in wrong {
        for value in values {
            let help = help(key, value).unwrap_or_else(|| panic!("{key}: {value} is taken"));
            // Advice that names several places says no single value.
            let Some(better) = help
                .strip_prefix("write `")
                .and_then(|rest| rest.split('`').next())
            else {
                continue;
            };
            let again = self::help(key, better);
            assert_eq!(again, None, "{key}: {value} gets the help {help}");
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}

#[test]
fn licenses_in_parentheses_are_taken() {
    for license in [
        "MIT OR (Apache-2.0 AND ISC)",
        "(MIT)",
        "((MIT OR ISC) AND Zlib)",
    ] {
        assert_eq!(help("license", license), None, "{license}");
    }
}
