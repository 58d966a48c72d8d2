//! How often and how long one request may be sent again.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Node;
use crate::lower::report::Report;
use crate::lower::values::{as_plain, is_digits, number, positive_duration, word};
use crate::source::Span;

pub(crate) const LARGEST_MAX_RETRIES: u32 = 1_000;

/// How often one request may be sent again, and where the spec says so.
#[derive(Clone, Copy)]
pub(crate) struct MaxRetries {
    /// `None` if there is no limit.
    pub(crate) retries: Option<u32>,
    pub(crate) span: Span,
}

/// When the last retry may start, and where the spec says so.
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
            let diagnostic =
                Diagnostic::new(Code::MaxRetries, node.span, "1 to 1000, or `unlimited`")
                    .message(format!("`{written}` is not a number of retries"));
            let is_zero = is_digits(written) && written.bytes().all(|digit| digit == b'0');
            report.push(match as_plain(scalar).filter(|_| is_digits(written)) {
                _ if is_zero => diagnostic
                    .help("if nothing is ever retried, write `never` in the rows and 1 here"),
                Some(help) => diagnostic.help(help),
                None if is_digits(written) => {
                    diagnostic.help("write `unlimited` if the source names no bound")
                }
                None => diagnostic.help("write it as digits, as in `5`"),
            });
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
