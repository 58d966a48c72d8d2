//! The retry behaviors.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Value};
use crate::lower::bounds::MaxRetries;
use crate::lower::names::{NEVER, RETRY_AFTER, WORDS, YAML_1_1_BOOLEANS, is_name, list, nearest};
use crate::lower::report::Report;
use crate::lower::values::{invalid, unreadable, wrong_kind};
use crate::model::Behavior;
use crate::source::Span;

/// Reads behaviors and records which schedules they use.
pub(crate) struct Behaviors {
    schedules: Vec<String>,
    /// Whether there may be more schedules. If so, no name is unknown.
    incomplete: bool,
    uses: BTreeSet<String>,
    bare_retry_after: Vec<Span>,
    /// Whether a behavior could not be read. It may have named any schedule.
    has_unreadable: bool,
}

impl Behaviors {
    pub(crate) fn new(schedules: Vec<String>, incomplete: bool) -> Self {
        Self {
            schedules,
            incomplete,
            uses: BTreeSet::new(),
            bare_retry_after: Vec::new(),
            has_unreadable: false,
        }
    }

    /// Returns whether no behavior can have named the schedule.
    pub(crate) fn is_unused(&self, schedule: &str) -> bool {
        !self.has_unreadable && !self.uses.contains(schedule)
    }

    /// Records that a row could not be read at all.
    pub(crate) fn mark_unreadable(&mut self) {
        self.has_unreadable = true;
    }

    /// Reads the behavior of a required key; `Fields::read` reports its absence.
    pub(crate) fn read_required(
        &mut self,
        node: Option<&Node>,
        report: &mut Report,
    ) -> Option<Behavior> {
        let behavior = match node {
            Some(node) => self.read(node, report),
            None => None,
        };
        self.has_unreadable |= behavior.is_none();
        behavior
    }

    fn read(&mut self, node: &Node, report: &mut Report) -> Option<Behavior> {
        match &node.value {
            Value::Scalar(scalar) => {
                let behavior = self.word(scalar, node.span, report)?;
                if behavior == Behavior::RetryAfter {
                    self.bare_retry_after.push(node.span);
                }
                Some(behavior)
            }
            Value::List(items) => self.list(items, node.span, report),
            _ => {
                report.push(wrong_kind(node, "a retry behavior").help(
                    "write `never`, `retry-after`, the name of a schedule, or `[retry-after, NAME]`",
                ));
                None
            }
        }
    }

    /// Reads the behavior without a response. It cannot use a header.
    pub(crate) fn read_transport(
        &mut self,
        node: Option<&Node>,
        report: &mut Report,
    ) -> Option<Behavior> {
        let names_header = |node: &&Node| matches!(&node.value, Value::Scalar(Scalar { text, .. }) if text == RETRY_AFTER);
        let header = node.and_then(|node| match &node.value {
            Value::List(items) => items.iter().find(names_header),
            _ => Some(node).filter(names_header),
        });
        let Some(header) = header else {
            return self.read_required(node, report);
        };
        self.has_unreadable = true;
        report.push(
            Diagnostic::new(
                Code::TransportRetryAfter,
                header.span,
                "without a response there is no header",
            )
            .help("write `never` or the name of a schedule"),
        );
        None
    }

    fn list(&mut self, items: &[Node], span: Span, report: &mut Report) -> Option<Behavior> {
        if let [
            Node {
                value: Value::Scalar(header),
                ..
            },
            Node {
                value: Value::Scalar(schedule),
                span: schedule_span,
            },
        ] = items
            && header.text == RETRY_AFTER
            && !WORDS.contains(&schedule.text.as_str())
        {
            return match self.word(schedule, *schedule_span, report)? {
                Behavior::Backoff(name) => Some(Behavior::RetryAfterOrBackoff(name)),
                _ => None,
            };
        }
        if let [
            Node {
                value: Value::Scalar(alone),
                ..
            },
        ] = items
        {
            report.push(
                Diagnostic::new(Code::RetryList, span, "a list of one behavior")
                    .help(format!("write `{}`, without brackets", alone.text)),
            );
            return None;
        }
        report.push(
            Diagnostic::new(Code::RetryList, span, "expected `[retry-after, NAME]`").help(
                "write `[retry-after, NAME]` to wait by the schedule NAME when there is no header",
            ),
        );
        None
    }

    fn word(&mut self, scalar: &Scalar, span: Span, report: &mut Report) -> Option<Behavior> {
        let word = scalar.text.as_str();
        if let Some(diagnostic) = unreadable(scalar, span) {
            report.push(diagnostic);
            return None;
        }
        if word == NEVER {
            return Some(Behavior::Never);
        }
        if word == RETRY_AFTER {
            return Some(Behavior::RetryAfter);
        }
        if self.schedules.iter().any(|schedule| schedule == word) {
            self.uses.insert(word.to_owned());
            return Some(Behavior::Backoff(word.to_owned()));
        }
        // Likely a schedule with an invalid name, which is already reported.
        let plain = |name: &str| name.to_lowercase().replace('-', "_");
        let refused = self.schedules.iter().filter(|name| !is_name(name));
        let meant = refused.into_iter().find(|name| plain(name) == plain(word));
        if let Some(meant) = meant {
            self.uses.insert(meant.clone());
            return None;
        }
        if self.incomplete {
            return None;
        }
        let known = || {
            WORDS.into_iter().chain(
                self.schedules
                    .iter()
                    .map(String::as_str)
                    .filter(|name| is_name(name)),
            )
        };
        let help = match word.to_lowercase().as_str() {
            "no" | "none" | "false" | "off" | "do-not-retry" => "write `never`".to_owned(),
            list if !list.starts_with('[') && list.contains(RETRY_AFTER) && list != RETRY_AFTER => {
                "write `[retry-after, NAME]` to wait by the schedule NAME when there is no header"
                    .to_owned()
            }
            list if list.starts_with('[') => "remove the quotes around the list".to_owned(),
            _ => match nearest(word, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if is_name(word) && !YAML_1_1_BOOLEANS.contains(&word) => format!(
                    "write one of {}, or define the schedule `{word}` under `backoff:`",
                    list(known())
                ),
                None => format!("write one of {}", list(known())),
            },
        };
        report.push(
            invalid(
                Code::Retry,
                "a retry behavior",
                scalar,
                span,
                "not `never`, `retry-after` or a schedule of this spec",
            )
            .help(help),
        );
        None
    }

    /// Reports each `retry-after` that could retry forever without a pause.
    pub(crate) fn check_unlimited(&self, max_retries: Option<MaxRetries>, report: &mut Report) {
        let Some(MaxRetries {
            retries: None,
            span,
        }) = max_retries
        else {
            return;
        };
        for bare in &self.bare_retry_after {
            report.push(
                Diagnostic::new(Code::UnlimitedRetryAfter, *bare, "a server that says 0 gets retries without a pause")
                    .label(span, "no limit")
                    .help("write `[retry-after, NAME]`, which waits by the schedule at 0, or limit `max_retries`"),
            );
        }
    }
}
