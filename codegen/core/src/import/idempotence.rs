//! Whether a request can be sent twice without harm.

use crate::document::Node;
use crate::import::tree::{Fields, entries, text};
use crate::import::words::{is_negated, words};

/// What is known of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Idempotence {
    /// By its method (RFC 9110, section 9.2.2), or by a mark.
    Yes,
    /// Its method is POST or PATCH, and it has no mark.
    Unmarked,
    /// It is marked as not idempotent.
    No,
}

impl Idempotence {
    pub(super) fn of(method: &str, mark: Option<bool>) -> Self {
        match mark {
            Some(false) => Self::No,
            None if matches!(method, "post" | "patch") => Self::Unmarked,
            Some(true) | None => Self::Yes,
        }
    }
}

/// Returns what extensions such as `x-idempotent` say, if they say so without a condition.
pub(super) fn mark(fields: &Fields<'_>) -> Option<bool> {
    let of_one = |(key, value): (&Node, &Node)| {
        let key = text(key).filter(|key| key.starts_with("x-"))?;
        if !key.to_lowercase().contains("idempoten") {
            return None;
        }
        let words = words(key);
        let says = |flag: &str| {
            value.is_word(flag) || entries(value).iter().any(|(_, value)| value.is_word(flag))
        };
        if is_negated(&words) {
            return says("true").then_some(false);
        }
        // `x-idempotency-key` and `x-retry-idempotent-only` say something else.
        if words.last()? != "idempotent" || words.iter().any(|word| word.contains("retr")) {
            return None;
        }
        let is_true = |value: &Node| value.is_word("true");
        let all_true = entries(value).iter().all(|(_, value)| is_true(value));
        if says("false") {
            return Some(false);
        }
        (says("true") && all_true).then_some(true)
    };
    let marks: Vec<bool> = fields.iter().filter_map(of_one).collect();
    (!marks.is_empty()).then(|| !marks.contains(&false))
}
