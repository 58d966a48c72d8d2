//! The limits on the retries of one request: their number and their time.

use std::time::Duration;

use crate::diagnostic::Code;
use crate::document::Node;
use crate::lower::report::Report;
use crate::lower::values::{as_plain, invalid, is_digits, number, positive_duration, word};
use crate::source::Span;

pub(crate) const LARGEST_MAX_RETRIES: u32 = 1_000;

/// The number of retries of one request, with its span.
#[derive(Clone, Copy)]
pub(crate) struct MaxRetries {
    /// `None` if there is no limit.
    pub(crate) retries: Option<u32>,
    pub(crate) span: Span,
}

/// The time in which retries may start, with its span.
#[derive(Clone, Copy)]
pub(crate) struct MaxElapsed {
    pub(crate) elapsed: Duration,
    pub(crate) span: Span,
}

pub(crate) fn max_retries(node: &Node, report: &mut Report) -> Option<MaxRetries> {
    let scalar = word(node, "a number of retries", report)?;
    let written = &scalar.text;
    let retries = match number(node) {
        Some(retries @ 1..=LARGEST_MAX_RETRIES) => Some(retries),
        _ if written == "unlimited" => None,
        _ => {
            let diagnostic = invalid(
                Code::MaxRetries,
                "a number of retries",
                scalar,
                node.span,
                "expected 1 to 1000, or `unlimited`",
            );
            let help = match written.parse() {
                Ok(0) => "if nothing is retried, write `never` in the rows and 1 here".to_owned(),
                Ok(1..=LARGEST_MAX_RETRIES) => {
                    as_plain(scalar).unwrap_or_else(|| "write a number such as `5`".to_owned())
                }
                _ if is_digits(written) => {
                    "write `unlimited` if the source gives no limit".to_owned()
                }
                _ => "write a number such as `5`".to_owned(),
            };
            report.push(diagnostic.help(help));
            return None;
        }
    };
    Some(MaxRetries {
        retries,
        span: node.span,
    })
}

pub(crate) fn max_elapsed(node: &Node, report: &mut Report) -> Option<MaxElapsed> {
    let elapsed = positive_duration(node, report)?;
    Some(MaxElapsed {
        elapsed,
        span: node.span,
    })
}

/// Reads a percentage that a wait is spread by, upward.
pub(crate) fn percentage(node: &Node, report: &mut Report) -> Option<u8> {
    let scalar = word(node, "a percentage", report)?;
    let digits = scalar.text.strip_suffix('%');
    let percent = digits
        .filter(|digits| is_digits(digits))
        .and_then(|digits| digits.parse().ok())
        .filter(|percent| *percent <= 100);
    if percent.is_none() {
        let number = scalar
            .text
            .trim_start_matches('+')
            .trim_end_matches([' ', '%']);
        let help = match number.parse::<u8>() {
            Ok(number) if number <= 100 => format!("write `{number}%`"),
            _ => "write `20%`, for example, to make a wait up to a fifth longer".to_owned(),
        };
        report.push(
            invalid(
                Code::Percentage,
                "a percentage",
                scalar,
                node.span,
                "expected `0%` to `100%`",
            )
            .help(help),
        );
    }
    percent
}
