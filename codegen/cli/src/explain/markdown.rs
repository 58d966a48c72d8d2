//! A row as a section of Markdown.

use std::fmt::Write as _;

use retrospec_codegen::internal::human;
use retrospec_codegen::internal::markdown::{escape, words};
use retrospec_codegen::internal::model::Model;

use crate::explain::timeline::{Retry, SHOWN, Timeline, sentence};
use crate::row::Row;

pub(super) fn section(model: &Model, row: &Row, timeline: &Timeline) -> String {
    let title = format!("{} {}", row.asked, row.name);
    let mut text = format!("## {}\n\n", escape(title.trim_end()));
    if !row.description.is_empty() {
        let _ = writeln!(text, "{}\n", escape(&row.description));
    }
    let assumed = if row.is_assumed { " (assumed)" } else { "" };
    let _ = write!(text, "Retry: {}{assumed}", words(model, &row.behavior));
    if let Some(origin) = &row.origin {
        let _ = write!(text, ", by {}", escape(origin));
    }
    text.push_str(".\n\n");
    if !timeline.retries.is_empty() {
        text.push_str(&retries(timeline));
        text.push('\n');
    }
    if let Some(ignored) = &timeline.ignored_header {
        let _ = writeln!(text, "{}\n", escape(&sentence(ignored)));
    }
    let _ = writeln!(text, "{}", escape(&sentence(&timeline.ending())));
    text
}

fn retries(timeline: &Timeline) -> String {
    let is_spread = timeline.retries.iter().any(|retry| retry.range.is_some());
    let mut text = String::from(if is_spread {
        "| Retry | Wait | With jitter | Since the first attempt, without jitter |\n|---|---|---|---|\n"
    } else {
        "| Retry | Wait | Since the first attempt |\n|---|---|---|\n"
    });
    let mut line = |[number, wait, range, at]: [String; 4]| {
        let range = if is_spread {
            format!(" {range} |")
        } else {
            String::new()
        };
        let _ = writeln!(text, "| {number} | {wait} |{range} {at} |");
    };
    for (n, retry) in (1..).zip(timeline.retries.iter().take(SHOWN)) {
        line(cells(n, retry));
    }
    if timeline.retries.len() > SHOWN {
        line(["..."; 4].map(str::to_owned));
    }
    if let Some((n, last)) = timeline.last_hidden() {
        line(cells(n, last));
    }
    text
}

fn cells(n: usize, retry: &Retry) -> [String; 4] {
    let range = match retry.range {
        Some((shortest, longest)) => format!("{} to {}", human(shortest), human(longest)),
        None => String::new(),
    };
    [n.to_string(), human(retry.wait), range, human(retry.at)]
}
