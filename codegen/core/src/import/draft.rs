//! The text of a draft.

use std::fmt::Write as _;

use crate::import::collect::Collected;
use crate::import::decide::{
    Choice, Decision, Transport, counted, decide, decide_transport, decide_unlisted,
};
use crate::import::line::{line, quoted};
use crate::import::names::{Name, Names, crate_name};
use crate::import::schedule;
use crate::import::status::Status;
use crate::import::tree::Fields;
use crate::lower::is_url;

/// A spec that is not decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The spec.
    pub text: String,
    /// The number of rows.
    pub rows: usize,
    /// The number of behaviors that are undecided.
    pub undecided: usize,
    /// The number of comments that name a conflict.
    pub conflicts: usize,
}

/// What is written beside what the operations say.
pub(super) struct Head<'a> {
    pub(super) info: &'a Fields<'a>,
    pub(super) contact: &'a Fields<'a>,
    /// The map of `externalDocs`.
    pub(super) docs: &'a Fields<'a>,
    /// The name of the document's file.
    pub(super) file: &'a str,
    pub(super) version: &'a str,
    pub(super) api: Option<&'a str>,
    pub(super) read: &'a str,
}

/// The longest titles and names, in characters.
const LONGEST: usize = 100;

/// The longest address, in bytes.
const ADDRESS: usize = 400;

/// What a document that retries connection errors leaves open.
const SENT: &str = "evidence: none; a request that was sent may have been carried out";

/// The longest comment, in characters.
const COMMENT: usize = 600;

pub(super) fn draft(head: &Head<'_>, collected: &Collected) -> Draft {
    let mut names = Names::of(&collected.statuses);
    let mut rows = Vec::new();
    for status in &collected.statuses {
        let evidence = collected.evidence(*status);
        let decision = decide(*status, &evidence, collected);
        let description = evidence.descriptions.by_count();
        let description = description.first().map_or("", |first| first.text);
        rows.push(Row {
            status: *status,
            name: names.take(*status, description, evidence.component),
            description: description.to_owned(),
            decision,
        });
    }
    let unlisted = decide_unlisted(collected);
    let Transport { connect, other } = decide_transport(collected);
    let asks = |row: &Row| row.decision.retry == Choice::RetryAfter;
    let (schedules, bounds) = schedule::draft(collected, rows.iter().any(asks));
    let mut text = Text::default();

    text.head(head, collected);
    text.pair("", "max_retries", &bounds.max_retries);
    if let Some(elapsed) = &bounds.max_elapsed {
        text.pair("", "max_elapsed", elapsed);
    }
    if !schedules.is_empty() {
        text.add("backoff:");
    }
    for schedule in &schedules {
        text.comments("  ", &schedule.comments);
        text.add(&format!("  {}:", schedule.name));
        for line in &schedule.lines {
            text.add(&format!("    {line}"));
        }
    }
    text.add("statuses:");
    for row in &rows {
        text.row(row);
    }
    text.comments("", &unlisted.comments);
    text.retry("", "unlisted", &unlisted.retry);
    if connect.retry == other {
        text.comments("", &connect.comments);
        text.retry("", "transport", &other);
    } else {
        text.add("transport:");
        text.comments("  ", &connect.comments);
        text.retry("  ", "connect", &connect.retry);
        text.comments("  ", &[SENT.to_owned()]);
        text.retry("  ", "other", &other);
    }
    let assumed: Vec<&String> = schedules
        .iter()
        .filter_map(|schedule| schedule.assumed.as_ref())
        .collect();
    if !assumed.is_empty() {
        text.add("assumed:");
    }
    for sentence in assumed {
        text.add(&format!("  - {}", quoted(sentence)));
    }
    let decisions = rows.iter().map(|row| &row.decision);
    let decisions = decisions.chain([&unlisted, &connect]);
    let conflicts = decisions.map(|decision| decision.conflicts);
    let of_schedules = schedules.iter().map(|schedule| schedule.conflicts);
    Draft {
        rows: rows.len(),
        undecided: text.undecided,
        conflicts: conflicts.chain(of_schedules).sum(),
        text: text.text,
    }
}

/// A row of the table.
struct Row {
    status: Status,
    name: Name,
    description: String,
    decision: Decision,
}

#[derive(Default)]
struct Text {
    text: String,
    undecided: usize,
}

impl Text {
    fn add(&mut self, line: &str) {
        self.text.extend([line, "\n"]);
    }

    fn pair(&mut self, indent: &str, key: &str, value: &str) {
        let _ = writeln!(self.text, "{indent}{key}: {value}");
    }

    fn comments(&mut self, indent: &str, comments: &[String]) {
        for comment in comments {
            let _ = writeln!(self.text, "{indent}# {}", line(comment, COMMENT));
        }
    }

    fn retry(&mut self, indent: &str, key: &str, retry: &Choice) {
        self.undecided += usize::from(*retry == Choice::Undecided);
        let value = match retry.words()[..] {
            [word] => word.to_owned(),
            ref words => format!("[{}]", words.join(", ")),
        };
        self.pair(indent, key, &value);
    }

    fn head(&mut self, head: &Head<'_>, collected: &Collected) {
        let title = line(head.info.text("title").unwrap_or_default(), LONGEST);
        let api = match head.api {
            Some(api) => line(api, LONGEST),
            None if title.is_empty() => "API".to_owned(),
            None => title.clone(),
        };
        let file = line(head.file, COMMENT);
        let count = counted(collected.operations.len(), "operation");
        let version = head.version;
        self.add(&format!(
            "# Drafted by `retrospec import` from {file}: OpenAPI {version}, {count}."
        ));
        self.add("# Decide each `undecided`, describe each code in your own words, then run `retrospec check`.");
        let operations = collected.operations.iter();
        let left_out: Vec<&String> = operations
            .flat_map(|operation| &operation.left_out)
            .collect();
        for what in left_out.iter().take(3) {
            self.comments("", &[format!("left out: {what}")]);
        }
        if let Some(more @ 1..) = left_out.len().checked_sub(3) {
            self.comments("", &[format!("left out: {more} more like it")]);
        }
        self.pair("", "api", &quoted(&api));
        self.pair("", "crate", &crate_name(&api));
        self.add("source:");
        let version = line(head.info.text("version").unwrap_or_default(), LONGEST);
        let title = format!("{} {version}", if title.is_empty() { &api } else { &title });
        self.pair("  ", "title", &quoted(title.trim()));
        let (url, comment) = address(head);
        self.add(&format!("  url: {}{comment}", quoted(url)));
        self.pair("  ", "read", head.read);
    }

    fn row(&mut self, row: &Row) {
        let (name, description) = (&row.name, &row.description);
        self.pair("  - ", "code", &row.status.to_string());
        if !name.name.is_empty() {
            self.pair("    ", "name", &quoted(&name.name));
        }
        if let Some(variant) = &name.variant {
            self.pair("    ", "variant", variant);
        }
        let is_name = description
            .trim_end_matches('.')
            .eq_ignore_ascii_case(&name.name);
        if !description.is_empty() && !is_name {
            self.pair("    ", "description", &quoted(description));
        }
        self.comments("    ", &row.decision.comments);
        self.retry("    ", "retry", &row.decision.retry);
    }
}

/// Returns the address of the document's page with a comment if it is another one.
fn address<'a>(head: &Head<'a>) -> (&'a str, &'static str) {
    let is_address = |url: &&str| url.len() <= ADDRESS && is_url(url);
    if let Some(url) = head.docs.text("url").filter(is_address) {
        return (url, "");
    }
    match head.contact.text("url").filter(is_address) {
        Some(url) => (url, " # of the contact; write the page's"),
        None => (
            "https://example.invalid/",
            " # the document has none; write the page's",
        ),
    }
}
