//! YAML and JSON that are no spec, as a tree with spans. What a spec must not have is read, within limits.

use std::borrow::Cow;

use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{DefaultMessageFormatter, Error, MessageFormatter};

use crate::document::{Node, Parsed, node, span};
use crate::source::{Source, Span};

/// Why a document cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Enough for schemas in schemas, of which each takes two levels.
const MAX_DEPTH: usize = 200;

/// Enough for 8 MiB of lines with a key and a value each.
const MAX_NODES: usize = 2_000_000;

/// Returns the tree. Aliases and merge keys are replaced by what they stand for, and tags are ignored.
pub(crate) fn read_foreign(source: &Source) -> Result<Node, Refusal> {
    if let Some(start) = source.not_utf8 {
        let span = Span { start, end: start };
        let message = "expected UTF-8, found another encoding: save the file as UTF-8".to_owned();
        return Err(Refusal { span, message });
    }
    let parsed = parse(source.text()).map_err(|error| Refusal {
        span: span(&error, source),
        message: message(error.without_snippet()).into_owned(),
    })?;
    Ok(node(parsed, source, &mut Vec::new()))
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

fn message(error: &Error) -> Cow<'_, str> {
    let breach = match error {
        Error::Budget { breach, .. } => breach,
        Error::MultipleDocuments { .. } => return "more than one YAML document".into(),
        other => {
            let message = DefaultMessageFormatter.format_message(other);
            return format!("not YAML or JSON: {message}").into();
        }
    };
    match breach {
        BudgetBreach::Documents { .. } => "more than one YAML document".into(),
        BudgetBreach::Depth { .. } => format!("more than {MAX_DEPTH} levels deep").into(),
        BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => {
            format!("more than {MAX_NODES} values").into()
        }
        _ => "too many anchors, or aliases of too much: write `$ref` instead".into(),
    }
}
