//! A map read by its keys.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{ASSUMED, Node, Style, Value};
use crate::lower::keys::{SYNONYMS, Shape, missing_key};
use crate::lower::names::{list, nearest};
use crate::lower::report::Report;
use crate::lower::values::wrong_kind;
use crate::model::Assumed;
use crate::source::{Span, code_point, is_false_blank};

/// The entries of a map, without duplicate keys.
pub(crate) struct Fields<'a> {
    pub(crate) span: Span,
    entries: Vec<(&'a str, &'a Node, &'a Node)>,
    /// The keys that unknown keys likely stand for.
    meant: Vec<&'static str>,
    /// The values that were wrapped.
    assumed: Vec<Assumed>,
}

impl<'a> Fields<'a> {
    pub(crate) fn read(node: &'a Node, shape: &Shape, report: &mut Report) -> Option<Self> {
        let expected = format!("a map with the keys of {}", shape.what);
        let mut entries = entries(node, &expected, report)?;
        let span = entries.first().map_or(node.span, |(_, key, _)| key.span);
        let known = || shape.keys.iter().map(|key| key.name);
        let (mut meant, mut assumed) = (Vec::new(), Vec::new());
        for (name, key, value) in &mut entries {
            if let Some(known) = shape.keys.iter().find(|known| known.name == *name) {
                if known.assumable {
                    *value = unwrapped(name, value, &mut assumed, report);
                }
                continue;
            }
            let near = synonym(name, known()).or_else(|| nearest(name, known()));
            report.push(unknown_key(name, key.span, shape.what, near, known()));
            meant.extend(near);
        }
        let fields = Self {
            span,
            entries,
            meant,
            assumed,
        };
        for key in shape.keys {
            if key.required && fields.lacks(key.name) {
                report.push(missing_key(key, span, shape.what));
            }
        }
        Some(fields)
    }

    /// Returns the values that the source does not state.
    pub(crate) fn assumed(&self) -> &[Assumed] {
        &self.assumed
    }

    /// Returns every value, for a map that is assumed as a whole.
    pub(crate) fn all_assumed(&self) -> Vec<Assumed> {
        let value = |(key, _, value): &(&str, &Node, &Node)| Assumed {
            key: (*key).to_owned(),
            value: value.flow(),
        };
        self.entries.iter().map(value).collect()
    }

    /// Returns whether a key is neither given nor likely misspelled.
    pub(crate) fn lacks(&self, name: &str) -> bool {
        self.get(name).is_none() && !self.misspells(name)
    }

    /// Returns whether an unknown key likely stands for this one.
    pub(crate) fn misspells(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    /// Reads the value of a key, or returns `None` if the key is not given.
    pub(crate) fn value<T>(
        &self,
        name: &str,
        read: impl FnOnce(&'a Node, &mut Report) -> Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        read(self.get(name)?, report)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// Returns the key's own node and its value.
    pub(crate) fn entry(&self, name: &str) -> Option<(&'a Node, &'a Node)> {
        self.entries
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, key, value)| (*key, *value))
    }
}

/// Returns the value of a key without the map `{assumed: VALUE}` around it, and records that there was one.
pub(crate) fn unwrapped<'a>(
    key: &str,
    node: &'a Node,
    assumed: &mut Vec<Assumed>,
    report: &mut Report,
) -> &'a Node {
    let Some(value) = node.assumed() else {
        if let Value::Map(entries) = &node.value
            && let Some((wrapper, value)) = entries.iter().find(|(key, _)| key.is_word(ASSUMED))
        {
            report.push(
                Diagnostic::new(Code::Assumed, wrapper.span, "not the only key of its map")
                    .help(format!("wrap one value, as in `{key}: {{assumed: VALUE}}`")),
            );
            return value;
        }
        return node;
    };
    if let Value::Map(entries) = &value.value
        && let Some((wrapper, _)) = entries.iter().find(|(key, _)| key.is_word(ASSUMED))
    {
        report.push(
            Diagnostic::new(Code::Assumed, wrapper.span, "already assumed")
                .help(format!("write `{key}: {{assumed: VALUE}}`")),
        );
    }
    assumed.push(Assumed {
        key: key.to_owned(),
        value: value.flow(),
    });
    value
}

/// Returns the entries of a map. Only the first entry of a duplicate key is returned.
pub(crate) fn entries<'a>(
    node: &'a Node,
    expected: &str,
    report: &mut Report,
) -> Option<Vec<(&'a str, &'a Node, &'a Node)>> {
    let Value::Map(map) = &node.value else {
        report.push(wrong_kind(node, expected));
        return None;
    };
    let mut entries: Vec<(&str, &Node, &Node)> = Vec::new();
    let mut given: HashMap<&str, Span> = HashMap::new();
    for (key, value) in map {
        let Value::Scalar(scalar) = &key.value else {
            report.push(wrong_kind(key, "a key"));
            continue;
        };
        if scalar.text == "<<" && scalar.style == Style::Plain {
            report.push(
                Diagnostic::new(Code::MergeKey, key.span, "not allowed here")
                    .help("repeat the keys in each map that needs them"),
            );
        } else if let Some(first) = given.get(scalar.text.as_str()) {
            report.push(
                Diagnostic::new(Code::DuplicateKey, key.span, "duplicate key")
                    .message(format!("duplicate key `{}`", scalar.text))
                    .label(*first, "first given here")
                    .help("remove one of the two"),
            );
        } else {
            given.insert(&scalar.text, key.span);
            entries.push((&scalar.text, key, value));
        }
    }
    Some(entries)
}

fn unknown_key(
    name: &str,
    span: Span,
    what: &str,
    near: Option<&str>,
    known: impl Iterator<Item = &'static str>,
) -> Diagnostic {
    let help = match near {
        _ if name.contains(is_false_blank) => {
            let blank = name.chars().find(|c| is_false_blank(*c)).map(code_point);
            format!(
                "remove {}, which is invisible or looks like a space",
                blank.unwrap_or_default()
            )
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", list(known)),
    };
    Diagnostic::new(Code::UnknownKey, span, "unknown key")
        .message(format!("unknown key `{name}` in {what}"))
        .help(help)
}

/// Returns the key in `known` that `name` is a synonym of.
fn synonym(name: &str, mut known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (_, here) = SYNONYMS.iter().find(|(other, _)| *other == name)?;
    known.find(|known| known == here)
}
