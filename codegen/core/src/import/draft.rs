//! The text of a draft.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::document::Node;
use crate::import::collect::{Collected, Evidence};
use crate::import::decide::{Choice, Decision, decide, decide_transport, decide_unlisted};
use crate::import::line::{line, quoted};
use crate::import::names::{crate_name, names};
use crate::import::schedule;
use crate::import::status::Status;
use crate::import::tree::{get, text_of};
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
    pub(super) root: &'a Node,
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
    let statuses = collected.statuses.iter();
    let rows: Vec<(Status, &Evidence, Decision)> = statuses
        .filter(|(status, _)| **status != Status::Default)
        .map(|(status, evidence)| (*status, evidence, decide(*status, evidence)))
        .collect();
    let unlisted = decide_unlisted(collected);
    let (transport, other) = decide_transport(collected);
    let decisions = || {
        rows.iter()
            .map(|(.., decision)| decision)
            .chain([&unlisted])
    };
    let asks = |decision: &Decision| matches!(decision.retry, Choice::RetryAfter { .. });
    let (schedules, bounds) = schedule::draft(collected, !decisions().any(asks));
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
    let mut taken = BTreeSet::new();
    for (status, evidence, decision) in &rows {
        text.row(*status, evidence, decision, &mut taken);
    }
    text.comments("", &unlisted.comments);
    text.retry("", "unlisted", &unlisted.retry);
    if transport.retry == other {
        text.comments("", &transport.comments);
        text.retry("", "transport", &other);
    } else {
        text.add("transport:");
        text.comments("  ", &transport.comments);
        text.retry("  ", "connect", &transport.retry);
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
    let conflicts = decisions()
        .chain([&transport])
        .map(|decision| decision.conflicts);
    let of_schedules = schedules.iter().map(|schedule| schedule.conflicts);
    Draft {
        rows: rows.len(),
        undecided: text.undecided,
        conflicts: conflicts.chain(of_schedules).sum(),
        text: text.text,
    }
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
        let value = match retry {
            Choice::Never => "never".to_owned(),
            Choice::RetryAfter { is_assumed: false } => "retry-after".to_owned(),
            Choice::RetryAfter { is_assumed: true } => "{assumed: retry-after}".to_owned(),
            Choice::Backoff {
                schedule,
                asks: false,
            } => schedule.clone(),
            Choice::Backoff {
                schedule,
                asks: true,
            } => format!("[retry-after, {schedule}]"),
            Choice::Undecided => {
                self.undecided += 1;
                "undecided".to_owned()
            }
        };
        self.pair(indent, key, &value);
    }

    fn head(&mut self, head: &Head<'_>, collected: &Collected) {
        let info = get(head.root, "info");
        let info = |key| info.and_then(|info| text_of(info, key));
        let title = line(info("title").unwrap_or_default(), LONGEST);
        let api = match head.api {
            Some(api) => line(api, LONGEST),
            None if title.is_empty() => "API".to_owned(),
            None => title.clone(),
        };
        let file = line(head.file, COMMENT);
        let count = match collected.operations {
            1 => "1 operation".to_owned(),
            count => format!("{count} operations"),
        };
        let version = head.version;
        self.add(&format!(
            "# Drafted by `retrospec import` from {file}: OpenAPI {version}, {count}."
        ));
        self.add("# Decide each `undecided`, describe each code in your own words, then run `retrospec check`.");
        let unknown = &collected.unknown;
        for pointer in unknown.iter().take(3) {
            self.comments(
                "",
                &[format!("left out: {pointer}, which is no status code")],
            );
        }
        if let Some(more @ 1..) = unknown.len().checked_sub(3) {
            self.comments("", &[format!("left out: {more} more like it")]);
        }
        self.pair("", "api", &quoted(&api));
        self.pair("", "crate", &crate_name(&api));
        self.add("source:");
        let version = line(info("version").unwrap_or_default(), LONGEST);
        let title = format!("{} {version}", if title.is_empty() { &api } else { &title });
        self.pair("  ", "title", &quoted(title.trim()));
        let (url, comment) = address(head.root);
        self.add(&format!("  url: {}{comment}", quoted(url)));
        self.pair("  ", "read", head.read);
    }

    fn row(
        &mut self,
        status: Status,
        evidence: &Evidence,
        decision: &Decision,
        taken: &mut BTreeSet<String>,
    ) {
        let descriptions = evidence.descriptions.by_count();
        let description = descriptions.first().map_or("", |first| first.text.as_str());
        let names = names(status, description, evidence.component.as_deref(), taken);
        self.pair("  - ", "code", &status.to_string());
        if !names.name.is_empty() {
            self.pair("    ", "name", &quoted(&names.name));
        }
        if let Some(variant) = &names.variant {
            self.pair("    ", "variant", variant);
        }
        let is_name = description
            .trim_end_matches('.')
            .eq_ignore_ascii_case(&names.name);
        if !description.is_empty() && !is_name {
            self.pair("    ", "description", &quoted(description));
        }
        self.comments("    ", &decision.comments);
        self.retry("    ", "retry", &decision.retry);
    }
}

/// Returns the address of the document's page with a comment if it is another one.
fn address(root: &Node) -> (&str, &'static str) {
    let is_address = |url: &&str| url.len() <= ADDRESS && is_url(url);
    let docs = get(root, "externalDocs").and_then(|docs| text_of(docs, "url"));
    if let Some(url) = docs.filter(is_address) {
        return (url, "");
    }
    let contact = get(root, "info").and_then(|info| get(info, "contact"));
    let contact = contact.and_then(|contact| text_of(contact, "url"));
    match contact.filter(is_address) {
        Some(url) => (url, " # of the contact; write the page's"),
        None => (
            "https://example.invalid/",
            " # the document has none; write the page's",
        ),
    }
}
