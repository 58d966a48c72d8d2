//! A table as Markdown, and text made safe for it.

use std::fmt::Write as _;
use std::time::Duration;

use crate::duration::{decimal, human};
use crate::model::{
    Action, Assumed, Behavior, Jitter, Model, Schedule, ScheduleKind, WaitForm, WaitHeader,
};

/// Returns the rows as a table, with the behavior for other codes and without a response.
#[must_use]
pub fn rows(model: &Model) -> String {
    lines(model, false)
}

/// Returns the rows, if asked for with a column for their waits.
fn lines(model: &Model, has_waits: bool) -> String {
    let mut text = String::from(if has_waits {
        "| Code | Name | Retry | Waits | Meaning |\n|---|---|---|---|---|\n"
    } else {
        "| Code | Name | Retry | Meaning |\n|---|---|---|---|\n"
    });
    let mut line = |code: &str, name: &str, words: &str, retry: &Behavior, meaning: &str| {
        let (name, meaning) = (escape(name), escape(meaning));
        let waits = if has_waits {
            format!(" {} |", row_waits(model, &retry.action))
        } else {
            String::new()
        };
        let _ = writeln!(text, "| {code} | {name} | {words} |{waits} {meaning} |");
    };
    for row in &model.rows {
        let words = row_words(model, &row.retry, &row.errors, &row.assumed);
        let code = row.code.to_string();
        line(&code, &row.name, &words, &row.retry, &row.description);
    }
    for row in &model.classes {
        let words = row_words(model, &row.retry, &row.errors, &row.assumed);
        let class = row.class.to_string();
        line(&class, &row.name, &words, &row.retry, &row.description);
    }
    let mut other = |code: &str, retry: &Behavior, keys: &[&str]| {
        let words = words(model, retry) + Assumed::mark(&model.assumed_values, keys);
        line(code, "", &words, retry, "");
    };
    other("any other", &model.unlisted, &["unlisted"]);
    if model.has_one_transport() {
        let keys = ["transport", "transport.connect"];
        other("no response", &model.transport, &keys);
        return text;
    }
    let keys = ["transport", "transport.connect"];
    other("never sent", &model.connect, &keys);
    let keys = ["transport", "transport.other"];
    other("no response", &model.transport, &keys);
    text
}

/// Returns the waits of a row in short, or nothing if it is never retried.
fn row_waits(model: &Model, action: &Action) -> String {
    let schedule = action.schedule().and_then(|name| model.schedule(name));
    let waits = schedule.map(Schedule::short).unwrap_or_default();
    match action {
        Action::RetryAfterOrBackoff(_) => format!("as the server asks, else {waits}"),
        Action::RetryAfter => "as the server asks".to_owned(),
        Action::Never | Action::Backoff(_) | Action::Undecided => waits,
    }
}

/// Returns what a row says, with its exceptions.
pub(super) fn row_words(
    model: &Model,
    retry: &Behavior,
    errors: &[(String, Behavior)],
    assumed: &[Assumed],
) -> String {
    let mut text = words(model, retry) + Assumed::mark(assumed, &["retry"]);
    for (error, retry) in errors {
        let key = format!("errors.{error}");
        let _ = write!(
            text,
            "; if the error is {}, {}{}",
            code(error),
            words(model, retry),
            Assumed::mark(assumed, &[&key])
        );
    }
    text
}

/// Returns the table, the bounds and the waits.
#[must_use]
pub fn table(model: &Model) -> String {
    rows(model) + "\n" + &below_rows(model)
}

/// Returns a page about the table, for people who call the API.
#[must_use]
pub fn page(model: &Model) -> String {
    format!(
        "# {}\n\n{}{}\n{}{}\n{}",
        escape(&model.api),
        summary(model),
        lines(model, true),
        below_rows(model),
        not_said(model, "##"),
        sources(model)
    )
}

/// Returns what the table is about, as a paragraph.
pub(super) fn summary(model: &Model) -> String {
    format!(
        "{}'s HTTP status codes: which to retry, and how long to wait first.\n\n",
        escape(&model.api)
    )
}

/// Returns what the table was transcribed from, as a paragraph.
pub(super) fn sources(model: &Model) -> String {
    let sources = model.sources.iter().map(|source| {
        let title = escape(&source.title);
        format!("[{title}](<{}>) as read on {}", source.url, source.read)
    });
    let sources: Vec<String> = sources.collect();
    format!("Transcribed from {}.\n", sources.join(", and from "))
}

/// Returns the headers, the bounds and the schedules.
fn below_rows(model: &Model) -> String {
    let mut text = headers(model) + &bounds(model);
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

/// Returns a section with what the transcription decided, empty if there is nothing. `level` is that of its heading.
pub(super) fn not_said(model: &Model, level: &str) -> String {
    let mut text = String::new();
    for assumption in &model.assumed {
        let _ = writeln!(text, "- {}", escape(assumption));
    }
    for Assumed { key, value } in model.all_assumed() {
        let _ = writeln!(text, "- {}: {}", code(&key), code(&value));
    }
    if text.is_empty() {
        return text;
    }
    format!("\n{level} What the source does not say\n\nThis transcription decided:\n\n{text}")
}

/// Returns what the response says beside its status, and nothing if only `Retry-After` counts.
fn headers(model: &Model) -> String {
    let mut text = String::new();
    if let Some(should_retry) = &model.should_retry {
        let cases = should_retry.cases.iter().map(|(value, retry)| {
            let key = format!("should_retry.{value}");
            let mark = Assumed::mark(&model.assumed_values, &["should_retry", &key]);
            format!("With `{value}`, {}{mark}.", words(model, retry))
        });
        let cases: Vec<String> = cases.collect();
        let _ = writeln!(
            text,
            "The header {} decides before the rows do. {}\n",
            code(&should_retry.header),
            cases.join(" ")
        );
    }
    if !model.has_only_retry_after() {
        let _ = writeln!(
            text,
            "The server's wait is in the first of these headers that has a valid value{}:\n",
            Assumed::mark(&model.assumed_values, &["retry_after"])
        );
        for header in &model.wait_headers {
            let _ = writeln!(text, "- {}", header_words(header));
        }
        text.push('\n');
    }
    text
}

fn header_words(header: &WaitHeader) -> String {
    let form = match header.form {
        WaitForm::RetryAfter => "in seconds or as an HTTP-date",
        WaitForm::Seconds => "in seconds",
        WaitForm::Milliseconds => "in milliseconds",
        WaitForm::UnixSeconds => "as the time at which it ends, in seconds since 1970",
    };
    let mut text = format!("{}, {form}", code(&header.name));
    for (n, (name, value)) in header.only_if.iter().enumerate() {
        let word = if n == 0 { ", only if" } else { " and" };
        let _ = write!(text, "{word} {} is {}", code(name), code(value));
    }
    text
}

fn bounds(model: &Model) -> String {
    let mark = |key| Assumed::mark(&model.assumed_values, &[key]);
    let mut text = match model.max_retries {
        Some(1) => "A request is retried at most once, whatever the cause".to_owned(),
        Some(retries) => {
            format!("A request is retried at most {retries} times, whatever the cause")
        }
        None => "The number of retries is not limited".to_owned(),
    };
    text.push_str(mark("max_retries"));
    if let Some(elapsed) = model.max_elapsed {
        let (elapsed, mark) = (human(elapsed), mark("max_elapsed"));
        let _ = write!(
            text,
            ". No retry starts later than {elapsed} after the first attempt{mark}"
        );
    }
    if let Some(longest) = model.max_retry_after {
        let (longest, mark) = (human(longest), mark("max_retry_after"));
        let _ = write!(
            text,
            ". If the server asks for more than {longest}, there is no retry{mark}"
        );
    }
    if let Some(percent) = model.retry_after_jitter {
        let mark = mark("retry_after_jitter");
        let _ = write!(
            text,
            ". The server's wait is spread upward by up to {percent} %{mark}"
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
        Jitter::Down(percent) => {
            let _ = write!(text, "; spread by up to {percent} % below the wait");
        }
        Jitter::Up(percent) => {
            let _ = write!(text, "; spread by up to {percent} % above the wait");
        }
        Jitter::Added(millis) => {
            let longest = human(Duration::from_millis(millis.into()));
            let _ = write!(text, "; from 0 to {longest} is added to the wait");
        }
    }
    if let Some(retries) = schedule.max_retries {
        let _ = write!(text, "; it ends after retry {retries}");
    }
    if !schedule.assumed.is_empty() {
        let keys: Vec<String> = schedule
            .assumed
            .iter()
            .map(|value| format!("`{}`", value.key))
            .collect();
        let _ = write!(text, " (assumed: {})", keys.join(", "));
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
#[must_use]
pub fn words(model: &Model, behavior: &Behavior) -> String {
    let wait = if model.has_only_retry_after() {
        "`Retry-After`"
    } else {
        "the server's wait"
    };
    let words = match &behavior.action {
        Action::Never | Action::Undecided => behavior.action.to_string(),
        Action::RetryAfter => format!("after {wait}, never without it"),
        Action::Backoff(name) => format!("by `{name}`"),
        Action::RetryAfterOrBackoff(name) => format!("after {wait}, else by `{name}`"),
    };
    if behavior.if_idempotent {
        format!("if idempotent, {words}")
    } else {
        words
    }
}

/// Returns text as code, even in a table.
fn code(text: &str) -> String {
    if text.contains(['`', '|']) {
        escape(text)
    } else {
        format!("`{text}`")
    }
}

/// Returns text that means itself in Markdown: no markup, no HTML, and no links but for addresses.
#[must_use]
pub fn escape(text: &str) -> String {
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
