//! The comments beside an undecided behavior, which say what speaks for a decision.

use std::fmt::Write as _;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;

/// The most lines that are quoted.
const MOST: usize = 8;

/// Adds the comments beside an undecided behavior to its help.
pub(crate) fn quote(diagnostic: &mut Diagnostic, source: &Source) {
    if diagnostic.code != Code::Undecided {
        return;
    }
    let (Some(label), Some(help)) = (diagnostic.labels.first(), &mut diagnostic.help) else {
        return;
    };
    let mut comments = comments(source.text(), label.span.end);
    let more = comments.len().saturating_sub(MOST);
    comments.truncate(MOST);
    if !comments.is_empty() {
        help.push_str("; the comments beside it say:");
    }
    for comment in comments {
        help.extend(["\n", comment]);
    }
    if more > 0 {
        let plural = if more == 1 { "" } else { "s" };
        let _ = write!(help, "\n... and {more} more line{plural}");
    }
}

/// Returns the comment lines right above the line of `at`, and the comment after `at`.
fn comments(text: &str, at: usize) -> Vec<&str> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let comment = |line: &'_ str| line.trim_start().starts_with('#');
    let above = text[..start].lines().rev().take_while(|line| comment(line));
    let mut found: Vec<&str> = above.collect();
    found.reverse();
    let after = text[at..].lines().next().unwrap_or_default();
    found.extend(after.find(" #").map(|at| &after[at..]));
    found
        .into_iter()
        .map(|line| line.trim().trim_start_matches('#').trim())
        .collect()
}
