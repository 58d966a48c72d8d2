//! The retry behaviors.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Scalar, Value};
use crate::lower::bounds::MaxRetries;
use crate::lower::fields::Fields;
use crate::lower::keys::TRANSPORT;
use crate::lower::names::{
    IF_IDEMPOTENT, NEVER, RETRY_AFTER, TAKEN_WORDS, UNDECIDED, WORDS, YAML_1_1_BOOLEANS, is_name,
    list, nearest,
};
use crate::lower::report::Report;
use crate::lower::values::{invalid, unreadable, wrong_kind};
use crate::model::{Action, Assumed, Behavior};
use crate::source::Span;

/// Reads behaviors and records which schedules they use.
pub(crate) struct Behaviors {
    schedules: Vec<String>,
    /// Whether there may be more schedules. If so, no name is unknown.
    incomplete: bool,
    uses: BTreeSet<String>,
    bare_retry_after: Vec<Span>,
    asks_server: bool,
    /// Whether a behavior could not be read, or is undecided. It may have named any schedule.
    has_unreadable: bool,
    undecided: Undecided,
}

/// What an undecided behavior is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// An error.
    Refused,
    /// A behavior like others, because the spec is a draft.
    Kept,
}

impl Behaviors {
    pub(crate) fn new(schedules: Vec<String>, incomplete: bool, undecided: Undecided) -> Self {
        Self {
            schedules,
            incomplete,
            uses: BTreeSet::new(),
            bare_retry_after: Vec::new(),
            asks_server: false,
            has_unreadable: false,
            undecided,
        }
    }

    /// Returns whether no behavior can have named the schedule.
    pub(crate) fn is_unused(&self, schedule: &str) -> bool {
        !self.has_unreadable && !self.uses.contains(schedule)
    }

    /// Returns whether no behavior can have been to wait as long as the server asks.
    pub(crate) fn never_asks_server(&self) -> bool {
        !self.has_unreadable && !self.asks_server
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
        if let Some(node) = node {
            return self.read(node, report);
        }
        self.has_unreadable = true;
        None
    }

    /// Reads a behavior. Without one, any schedule may be used.
    pub(crate) fn read(&mut self, node: &Node, report: &mut Report) -> Option<Behavior> {
        let behavior = self.behavior(node, report);
        self.has_unreadable |= behavior.is_none();
        if let Some(Behavior { action, .. }) = &behavior {
            self.asks_server |= action.asks_server();
            if *action == Action::RetryAfter {
                self.bare_retry_after.push(node.span);
            }
        }
        behavior
    }

    fn behavior(&mut self, node: &Node, report: &mut Report) -> Option<Behavior> {
        match &node.value {
            Value::Scalar(scalar) => self.word(scalar, node.span, report).map(Behavior::from),
            Value::List(items) => self.list(items, node.span, report),
            _ => {
                report.push(wrong_kind(node, "a retry behavior").help(
                    "write `never`, `retry-after`, the name of a schedule, or `[retry-after, NAME]`",
                ));
                None
            }
        }
    }

    /// Reads the behaviors without a response: one for both causes, or one for each. They cannot use a header.
    pub(crate) fn read_transport(
        &mut self,
        node: Option<&Node>,
        assumed: &mut Vec<Assumed>,
        report: &mut Report,
    ) -> Option<(Behavior, Behavior)> {
        let Some(node) = node else {
            self.has_unreadable = true;
            return None;
        };
        if !matches!(node.value, Value::Map(_)) {
            let both = self.without_header(node, report)?;
            return Some((both.clone(), both));
        }
        let fields = Fields::read(node, &TRANSPORT, report)?;
        let mut side = |key| match fields.get(key) {
            Some(node) => self.without_header(node, report),
            None => {
                self.has_unreadable = true;
                None
            }
        };
        let (connect, other) = (side("connect"), side("other"));
        assumed.extend(Assumed::below(&"transport", fields.assumed()));
        Some((connect?, other?))
    }

    fn without_header(&mut self, node: &Node, report: &mut Report) -> Option<Behavior> {
        let names_header = |node: &&Node| node.is_word(RETRY_AFTER);
        let header = match &node.value {
            Value::List(items) => items.iter().find(names_header),
            _ => Some(node).filter(names_header),
        };
        let Some(header) = header else {
            if self.undecided == Undecided::Refused && node.is_word(UNDECIDED) {
                self.has_unreadable = true;
                let known = self.known().filter(|word| *word != RETRY_AFTER);
                report.push(undecided(node.span, known));
                return None;
            }
            return self.read(node, report);
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
        let mut refuse = |label: &str, help: String| {
            report.push(Diagnostic::new(Code::RetryList, span, label).help(help));
            None
        };
        let (if_idempotent, rest) = match items {
            [first, rest @ ..] if first.is_word(IF_IDEMPOTENT) => (true, rest),
            _ => (false, items),
        };
        let words: Option<Vec<(&Scalar, Span)>> = rest
            .iter()
            .map(|item| match &item.value {
                Value::Scalar(scalar) => Some((scalar, item.span)),
                _ => None,
            })
            .collect();
        let action = match words.as_deref() {
            Some([(header, _), (schedule, span)])
                if header.text == RETRY_AFTER && !is_taken(&schedule.text) =>
            {
                match self.word(schedule, *span, report)? {
                    Action::Backoff(name) => Action::RetryAfterOrBackoff(name),
                    action => action,
                }
            }
            Some([]) if if_idempotent => {
                return refuse(
                    "a condition without a behavior",
                    "write `[if-idempotent, NAME]` to wait by the schedule NAME if the request is idempotent"
                        .to_owned(),
                );
            }
            Some([(alone, _)]) if if_idempotent && alone.text == NEVER => {
                return refuse(
                    "never retried, idempotent or not",
                    "write `never`, without brackets".to_owned(),
                );
            }
            Some([(alone, span)]) if if_idempotent && alone.text != IF_IDEMPOTENT => {
                self.word(alone, *span, report)?
            }
            Some([(first, _), ..])
                if nearest(&first.text, [IF_IDEMPOTENT].into_iter()).is_some()
                    && !if_idempotent =>
            {
                return refuse(
                    "the first word is unknown",
                    "did you mean `if-idempotent`?".to_owned(),
                );
            }
            Some([(alone, _)]) if !if_idempotent => {
                return refuse(
                    "a list of one behavior",
                    format!("write `{}`, without brackets", alone.text),
                );
            }
            Some(words) if words.iter().any(|(word, _)| word.text == IF_IDEMPOTENT) => {
                return refuse(
                    "expected `if-idempotent` once, before the behavior",
                    "write `[if-idempotent, NAME]` or `[if-idempotent, retry-after, NAME]`"
                        .to_owned(),
                );
            }
            _ => {
                return refuse(
                    "expected `[retry-after, NAME]`",
                    "write `[retry-after, NAME]` to wait by the schedule NAME when there is no header"
                        .to_owned(),
                );
            }
        };
        Some(Behavior {
            if_idempotent,
            action,
        })
    }

    fn word(&mut self, scalar: &Scalar, span: Span, report: &mut Report) -> Option<Action> {
        let word = scalar.text.as_str();
        if let Some(diagnostic) = unreadable(scalar, span) {
            report.push(diagnostic);
            return None;
        }
        if word == NEVER {
            return Some(Action::Never);
        }
        if word == RETRY_AFTER {
            return Some(Action::RetryAfter);
        }
        if word == UNDECIDED {
            self.has_unreadable = true;
            if self.undecided == Undecided::Kept {
                return Some(Action::Undecided);
            }
            report.push(undecided(span, self.known()));
            return None;
        }
        if self.schedules.iter().any(|schedule| schedule == word) {
            self.uses.insert(word.to_owned());
            return Some(Action::Backoff(word.to_owned()));
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
        let help = match word.to_lowercase().as_str() {
            "no" | "none" | "false" | "off" | "do-not-retry" => "write `never`".to_owned(),
            IF_IDEMPOTENT => {
                "write `[if-idempotent, NAME]` to wait by the schedule NAME if the request is idempotent"
                    .to_owned()
            }
            list if !list.starts_with('[') && list.contains(RETRY_AFTER) && list != RETRY_AFTER => {
                "write `[retry-after, NAME]` to wait by the schedule NAME when there is no header"
                    .to_owned()
            }
            list if list.starts_with('[') => "remove the quotes around the list".to_owned(),
            _ => match nearest(word, self.known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if is_name(word) && !YAML_1_1_BOOLEANS.contains(&word) => format!(
                    "write one of {}, or define the schedule `{word}` under `backoff:`",
                    list(self.known())
                ),
                None => format!("write one of {}", list(self.known())),
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

    /// Returns the words that a behavior may be.
    fn known(&self) -> impl Iterator<Item = &str> {
        let schedules = self.schedules.iter().map(String::as_str);
        WORDS
            .into_iter()
            .chain(schedules.filter(|name| is_name(name)))
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

fn undecided<'a>(span: Span, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let mut words: Vec<&str> = known.collect();
    if words.contains(&RETRY_AFTER) {
        words.push("[retry-after, NAME]");
    }
    words.push("[if-idempotent, NAME]");
    let help = format!(
        "write one of {}; NAME is a schedule under `backoff:`",
        list(words.into_iter())
    );
    Diagnostic::new(Code::Undecided, span, "not decided yet").help(help)
}

fn is_taken(word: &str) -> bool {
    TAKEN_WORDS.contains(&word)
}
