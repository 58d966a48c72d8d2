//! Values of a document by key.

use crate::document::{Node, Scalar, Value};

/// The fields of a map, each with a key of its own.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(pub(super) Vec<(&'a Node, &'a Node)>);

impl<'a> Fields<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a Node, &'a Node)> {
        self.0.iter().copied()
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        let mut fields = self.iter();
        fields
            .find(|(name, _)| name.is_word(key))
            .map(|(_, value)| value)
    }

    /// Returns the text of a key's value.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        text(self.get(key)?)
    }
}

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

/// Returns the value of a key.
pub(super) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let mut entries = entries(node).iter();
    entries
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
