//! The waits of a row as a picture.

use std::time::Duration;

use retrospec_codegen::internal::model::Model;
use retrospec_fleet::picture::{Retry, waits};

use crate::explain::timeline::{SHOWN, Timeline, sentence};
use crate::row::Row;

pub(super) fn of(model: &Model, row: &Row, timeline: &Timeline) -> String {
    let title = format!("{}: {} {}", model.api, row.asked, row.name);
    let (mut earliest, mut latest) = (Duration::ZERO, Duration::ZERO);
    let retries = timeline.retries.iter().take(SHOWN).map(|retry| {
        let (shortest, longest) = retry.range.unwrap_or((retry.wait, retry.wait));
        earliest = earliest.saturating_add(shortest);
        latest = latest.saturating_add(longest);
        Retry {
            at: retry.at,
            earliest,
            // No retry starts later.
            latest: latest.min(model.max_elapsed.unwrap_or(Duration::MAX)),
        }
    });
    let retries: Vec<Retry> = retries.collect();
    let mut end = sentence(&timeline.ending());
    if timeline.end.is_some() && timeline.retries.len() > SHOWN {
        end = format!("The first {SHOWN} retries are shown. {end}");
    }
    if row.is_assumed {
        end = format!("{end} What this row says is assumed.");
    }
    if let Some(ignored) = &timeline.ignored_header {
        end = format!("{end} {}", sentence(ignored));
    }
    waits(&title, &retries, &end)
}
