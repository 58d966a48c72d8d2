//! Values of a document by key.

use crate::document::{Node, Scalar, Value};

/// Returns the entries of a map, or none of another value.
pub(super) fn entries(node: &Node) -> &[(Node, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// Returns the items of a list, or none of another value.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => &[],
    }
}

/// Returns the value of a key. The last of equal keys counts, as in JSON.
pub(super) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let mut found = entries(node).iter().rev();
    found
        .find(|(name, _)| name.is_word(key))
        .map(|(_, value)| value)
}

/// Returns the text of a scalar, whether it is a string or not.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(Scalar { text, .. }) => Some(text),
        _ => None,
    }
}

/// Returns the text of a key's value.
pub(super) fn text_of<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    text(get(node, key)?)
}
