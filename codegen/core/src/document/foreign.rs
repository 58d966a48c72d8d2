//! YAML and JSON that are no spec, as a tree with spans. What a spec must not have is read, within limits.

use std::borrow::Cow;
use std::collections::HashSet;
use std::panic::resume_unwind;
use std::thread;

use serde_yaml::budget::BudgetBreach;
use serde_yaml::granit_parser::ErrorKind;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{DefaultMessageFormatter, Error, ExternalMessageSource, MessageFormatter};

use crate::document::{Node, Parsed, Scalar, Value, node, span};
use crate::source::{Source, Span};

/// Why a document cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Enough for schemas in schemas, of which each takes two levels.
const MAX_DEPTH: usize = 128;

/// The parser recurses, and a level takes up to 16 KiB without optimizations.
const STACK: usize = MAX_DEPTH * (64 << 10);

/// Enough for 8 MiB of lines with a key and a value each.
const MAX_NODES: usize = 2_000_000;

/// Returns the tree. Aliases and merge keys are replaced by what they stand for, and tags are ignored.
/// The last of equal keys counts, as in JSON.
pub(crate) fn read_foreign(source: &Source) -> Result<Node, Refusal> {
    if let Some(start) = source.not_utf8 {
        let span = Span { start, end: start };
        let message = "expected UTF-8, found another encoding: save the file as UTF-8".to_owned();
        return Err(Refusal { span, message });
    }
    let read = || {
        let parsed = parse(source.text()).map_err(|error| Refusal {
            span: span(&error, source),
            message: message(error.without_snippet()).into_owned(),
        })?;
        let mut root = node(parsed, source, &mut Vec::new());
        keep_last_keys(&mut root);
        Ok(root)
    };
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK);
        let read = reader.spawn_scoped(scope, read).map_err(|error| Refusal {
            span: Span::START,
            message: format!("cannot start a thread to read it: {error}"),
        })?;
        read.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn parse(text: &str) -> Result<Parsed, Error> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_documents: 1,
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH + 1,
            // JSON has no limit, and YAML's is 1,024.
            simple_key_max_lookahead: 1 << 16,
            max_nodes: MAX_NODES,
            max_events: 2 * MAX_NODES,
            enforce_alias_anchor_ratio: false,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Merge,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_yaml::from_str_with_options(text, options)
}

/// Removes the entries of maps whose keys come again.
fn keep_last_keys(node: &mut Node) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(keep_last_keys),
        Value::Map(entries) => {
            let mut seen = HashSet::new();
            let mut is_last: Vec<bool> = entries
                .iter()
                .rev()
                .map(|(key, _)| match &key.value {
                    Value::Scalar(Scalar { text, .. }) => seen.insert(text.as_str()),
                    _ => true,
                })
                .collect();
            drop(seen);
            entries.retain(|_| is_last.pop().unwrap_or(true));
            for (_, value) in entries {
                keep_last_keys(value);
            }
        }
        Value::Null | Value::Scalar(_) => {}
    }
}

fn message(error: &Error) -> Cow<'_, str> {
    const ALIASES: &str = "too many anchors, or aliases of too much: write `$ref` instead";
    const DOCUMENTS: &str = "more than one YAML document";

    match error {
        Error::AliasError { error, .. } => message(error),
        Error::MultipleDocuments { .. } => DOCUMENTS.into(),
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Documents { .. } => DOCUMENTS.into(),
            BudgetBreach::Depth { .. } => too_deep(),
            BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => {
                format!("more than {MAX_NODES} values").into()
            }
            _ => ALIASES.into(),
        },
        Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => ALIASES.into(),
        Error::ExternalMessage { source, .. } if is_too_deep(source) => too_deep(),
        other => {
            let message = DefaultMessageFormatter.format_message(other);
            format!("not YAML or JSON: {message}").into()
        }
    }
}

/// Returns whether the scanner, which reads ahead, found too many brackets.
fn is_too_deep(source: &ExternalMessageSource) -> bool {
    let ExternalMessageSource::Parser(error) = source else {
        return false;
    };
    *error.kind() == ErrorKind::RecursionLimitExceeded
}

fn too_deep() -> Cow<'static, str> {
    format!("more than {MAX_DEPTH} levels deep").into()
}
