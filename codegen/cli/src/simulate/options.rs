//! The values of the options, each with what to write instead.

use std::time::Duration;

use retrospec_codegen::internal::model::Jitter;
use retrospec_codegen::internal::{parse_duration, parse_jitter};
use retrospec_fleet::{Arrival, Budget};

/// A jitter, and how it was written.
#[derive(Clone)]
pub(super) struct Variant {
    pub(super) text: String,
    pub(super) jitter: Jitter,
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| format!("{error}: write `30m`, for example"))
}

pub(super) fn capacity(text: &str) -> Result<u64, String> {
    let digits = text.strip_suffix("/s").unwrap_or(text);
    digits.parse().map_err(|_| {
        "expected a number of requests per second: write `200/s`, for example".to_owned()
    })
}

pub(super) fn arrival(text: &str) -> Result<Arrival, String> {
    match (text, text.strip_prefix("over:")) {
        ("at-once", _) => Ok(Arrival::AtOnce),
        (_, Some(over)) => duration(over).map(Arrival::Over),
        _ => Err("expected `at-once` or `over:1h`".to_owned()),
    }
}

pub(super) fn variant(text: &str) -> Result<Variant, String> {
    let text = text.trim();
    match parse_jitter(text) {
        Some(jitter) => Ok(Variant {
            text: text.to_owned(),
            jitter,
        }),
        None => Err(
            "expected `none`, `full`, `equal`, a percentage as `20%`, `-25%` or `+25%`, or a time as `+1s`"
                .to_owned(),
        ),
    }
}

pub(super) fn budget(text: &str) -> Result<Budget, String> {
    let percent = text
        .strip_suffix('%')
        .and_then(|digits| digits.parse().ok());
    match percent {
        Some(percent) => Ok(Budget {
            percent,
            ..Budget::default()
        }),
        None => Err("expected a percentage: write `20%`, for example".to_owned()),
    }
}
