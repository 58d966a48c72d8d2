//! A table as Markdown, and text made safe for it.

use std::fmt::Write as _;

use crate::duration::{decimal, human};
use crate::model::{Behavior, Jitter, Model, Schedule, ScheduleKind};

/// Returns the rows as a table, with the behavior for other codes and without a response.
#[must_use]
pub fn rows(model: &Model) -> String {
    let mut text = String::from("| Code | Name | Retry | Meaning |\n|---|---|---|---|\n");
    let mut row = |code: &str, name: &str, retry: &Behavior, meaning: &str| {
        let _ = writeln!(
            text,
            "| {code} | {} | {} | {} |",
            escape(name),
            words(retry),
            escape(meaning)
        );
    };
    for status in &model.rows {
        row(
            &status.code.to_string(),
            &status.name,
            &status.retry,
            &status.description,
        );
    }
    for class in &model.classes {
        row(
            &class.class.to_string(),
            &class.name,
            &class.retry,
            &class.description,
        );
    }
    row("any other", "", &model.unlisted, "");
    row("no response", "", &model.transport, "");
    text
}

/// Returns the table, the bounds and the waits.
#[must_use]
pub fn table(model: &Model) -> String {
    let mut text = rows(model);
    text.push('\n');
    text.push_str(&bounds(model));
    for schedule in &model.schedules {
        let _ = write!(
            text,
            "\nThe schedule `{}`: {}.\n\n{}",
            schedule.name,
            self::schedule(schedule),
            waits(schedule)
        );
    }
    text
}

/// Returns the list of what the transcription decided, empty if there is nothing.
pub(super) fn assumed(model: &Model) -> String {
    model
        .assumed
        .iter()
        .fold(String::new(), |mut text, assumption| {
            let _ = writeln!(text, "- {}", escape(assumption));
            text
        })
}

fn bounds(model: &Model) -> String {
    let mut text = match model.max_retries {
        Some(1) => "A request is retried at most once, whatever the cause".to_owned(),
        Some(retries) => {
            format!("A request is retried at most {retries} times, whatever the cause")
        }
        None => "The number of retries is not limited".to_owned(),
    };
    if let Some(elapsed) = model.max_elapsed {
        let _ = write!(
            text,
            ". No retry starts later than {} after the first attempt",
            human(elapsed)
        );
    }
    text + ".\n"
}

/// Returns what a schedule does, in half a sentence.
pub(super) fn schedule(schedule: &Schedule) -> String {
    let first = *schedule.waits.first().expect("a schedule has a wait");
    let mut text = match &schedule.kind {
        ScheduleKind::Formula {
            multiplier: 1_000, ..
        } => format!("{} each time", human(first)),
        ScheduleKind::Formula { multiplier, max } => {
            let mut text = format!(
                "{}, then {} times the wait before",
                human(first),
                decimal(*multiplier)
            );
            if let Some(max) = max {
                let _ = write!(text, ", at most {}", human(*max));
                if schedule.jitter != Jitter::None {
                    text.push_str(" before jitter");
                }
            }
            text
        }
        ScheduleKind::List if schedule.repeat_last => {
            "the waits below, and then the last of them for every retry".to_owned()
        }
        ScheduleKind::List => "the waits below".to_owned(),
    };
    match schedule.jitter {
        Jitter::None => {}
        Jitter::Full => text.push_str("; spread from 0 to the wait"),
        Jitter::Equal => text.push_str("; spread from half the wait to the wait"),
        Jitter::Percent(percent) => {
            let _ = write!(text, "; spread by {percent} % around the wait");
        }
    }
    text
}

fn waits(schedule: &Schedule) -> String {
    const SHOWN: usize = 12;

    let is_spread = schedule.jitter != Jitter::None;
    let mut text = String::from(if is_spread {
        "| Retry | Wait | With jitter |\n|---|---|---|\n"
    } else {
        "| Retry | Wait |\n|---|---|\n"
    });
    let count = schedule.waits.len();
    for (n, wait) in (1..).zip(&schedule.waits) {
        if n > SHOWN && n < count {
            continue;
        }
        if n > SHOWN {
            text.push_str(if is_spread {
                "| ... | ... | ... |\n"
            } else {
                "| ... | ... |\n"
            });
        }
        let on = if n == count && schedule.repeat_last {
            " and on"
        } else {
            ""
        };
        let _ = write!(text, "| {n}{on} | {} |", human(*wait));
        if is_spread {
            let (shortest, longest) = schedule.jitter.range(*wait);
            let _ = write!(text, " {} to {} |", human(shortest), human(longest));
        }
        text.push('\n');
    }
    text
}

/// Returns what a behavior means to a reader.
pub(super) fn words(behavior: &Behavior) -> String {
    match behavior {
        Behavior::Never => "never".to_owned(),
        Behavior::RetryAfter => "after `Retry-After`, never without it".to_owned(),
        Behavior::Backoff(name) => format!("by `{name}`"),
        Behavior::RetryAfterOrBackoff(name) => format!("after `Retry-After`, else by `{name}`"),
    }
}

/// Returns text that means itself in Markdown: no markup, no HTML, and no links but for addresses.
pub(super) fn escape(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(escape_word).collect();
    let text = words.join(" ");
    // At the beginning, these make a list or a heading.
    if text.starts_with(['-', '+', '=']) {
        return format!("\\{text}");
    }
    match text.find(|c: char| !c.is_ascii_digit()) {
        Some(end) if end > 0 && text[end..].starts_with(['.', ')']) => {
            format!("{}\\{}", &text[..end], &text[end..])
        }
        _ => text,
    }
}

/// Escapes a word, and puts an address between `<` and `>`, as rustdoc wants it.
fn escape_word(word: &str) -> String {
    let start = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| word.find(scheme))
        .min();
    let Some(start) = start else {
        return escape_markup(word);
    };
    let (before, rest) = word.split_at(start);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_~?#&=%+".contains(c);
    let end = rest.find(|c| !is_plain(c)).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ':', '?']);
    let after = &rest[url.len()..];
    format!("{}<{url}>{}", escape_markup(before), escape_markup(after))
}

fn escape_markup(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if "\\`*_{}[]<>#|~$&!".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_means_itself() {
        for (text, escaped) in [
            ("- no list", r"\- no list"),
            ("+ no list", r"\+ no list"),
            ("= no heading", r"\= no heading"),
            ("# no heading", r"\# no heading"),
            ("1. no list", r"1\. no list"),
            ("12) no list", r"12\) no list"),
            ("404 is a code", "404 is a code"),
            (".5 is a number", ".5 is a number"),
            ("a - b", "a - b"),
            (
                "a_b *c* `d` [e](f) <g> & | h",
                r"a\_b \*c\* \`d\` \[e\](f) \<g\> \& \| h",
            ),
            (
                "(https://x.example/a_b?c=d).",
                "(<https://x.example/a_b?c=d>).",
            ),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }
}
