//! JSON pointers, and `$ref`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ptr;

use crate::document::{Node, Refusal, Value};
use crate::import::line::line;
use crate::import::tree::{Fields, entries, get, items, text};
use crate::source::Span;

/// The key of a reference.
pub(super) const REF: &str = "$ref";

/// How much of a reference a message shows.
const SHOWN: usize = 120;

/// Returns the pointer to `key` in the value at `pointer`.
pub(super) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Follows the references of one document.
pub(super) struct References<'a> {
    root: &'a Node,
    /// The entries of large maps, by the map's address.
    index: RefCell<HashMap<*const Node, HashMap<&'a str, &'a Node>>>,
    /// How many fields were read.
    read: Cell<usize>,
}

impl<'a> References<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self {
            root,
            index: RefCell::default(),
            read: Cell::new(0),
        }
    }

    /// Returns the fields of a map, and of the maps that its `$ref` leads to. The nearest of equal keys counts.
    pub(super) fn fields(&self, node: &'a Node, expected: &str) -> Result<Fields<'a>, Refusal> {
        const LONGEST: usize = 100;

        let mut fields = Fields::default();
        let mut passed: Vec<&'a str> = Vec::new();
        let mut here = node;
        loop {
            let entries = map(here, expected)?;
            self.count(entries.len(), here.span)?;
            add(&mut fields, entries);
            let Some((reference, span)) = reference(here)? else {
                return Ok(fields);
            };
            if let Some(first) = passed.iter().position(|before| *before == reference) {
                return Err(circle(&passed[first..], span));
            }
            if passed.len() == LONGEST {
                let message = format!("more than {LONGEST} `$ref` in a row");
                return Err(Refusal { span, message });
            }
            passed.push(reference);
            here = self.target(reference, span)?;
        }
    }

    /// Returns the fields of the map under a key, or none if there is no such key.
    pub(super) fn below(&self, fields: &Fields<'a>, key: &str) -> Result<Fields<'a>, Refusal> {
        match fields.get(key) {
            Some(node) => self.fields(node, &format!("a map under `{key}`")),
            None => Ok(Fields::default()),
        }
    }

    /// Counts the fields that are read: with `$ref`, a few bytes can lead to the same large map again and again.
    fn count(&self, fields: usize, span: Span) -> Result<(), Refusal> {
        const MOST: usize = 2_000_000;

        self.read.set(self.read.get() + fields);
        if self.read.get() > MOST {
            let message = format!(
                "`$ref` leads to more than {MOST} values, each counted as often as it is reached"
            );
            return Err(Refusal { span, message });
        }
        Ok(())
    }

    fn target(&self, reference: &'a str, span: Span) -> Result<&'a Node, Refusal> {
        if reference.is_empty() {
            let message = "expected a reference after `$ref`, found an empty string".to_owned();
            return Err(Refusal { span, message });
        }
        let shown = line(reference, SHOWN);
        let Some(pointer) = reference.strip_prefix('#') else {
            let message = format!(
                "`$ref` to `{shown}`, which is outside of this document: bundle the documents into one first"
            );
            return Err(Refusal { span, message });
        };
        let mut steps = pointer.split('/').map(unescaped);
        let start = steps.next().filter(String::is_empty);
        let start = start.map(|_| self.root);
        let end = start.and_then(|root| steps.try_fold(root, |here, key| self.child(here, &key)));
        end.ok_or_else(|| Refusal {
            span,
            message: format!("`$ref` to `{shown}`, which is not in this document"),
        })
    }

    fn child(&self, node: &'a Node, key: &str) -> Option<&'a Node> {
        const LARGE: usize = 32;

        match &node.value {
            Value::List(_) => items(node).get(key.parse::<usize>().ok()?),
            Value::Map(map) if map.len() > LARGE => {
                let mut index = self.index.borrow_mut();
                let children = index.entry(ptr::from_ref(node)).or_insert_with(|| {
                    let named = entries(node).iter();
                    named
                        .filter_map(|(key, value)| Some((text(key)?, value)))
                        .collect()
                });
                children.get(key).copied()
            }
            _ => get(node, key),
        }
    }
}

/// Adds the entries whose keys are new, but for `$ref`.
fn add<'a>(fields: &mut Fields<'a>, entries: &'a [(Node, Node)]) {
    let known: HashSet<&str> = fields.iter().filter_map(|(key, _)| text(key)).collect();
    let is_new = |(key, _): &&(Node, Node)| {
        text(key).is_none_or(|name| name != REF && !known.contains(name))
    };
    let new = entries.iter().filter(is_new);
    fields.0.extend(new.map(|(key, value)| (key, value)));
}

/// Returns the entries of a map. Nothing at all is an empty one.
fn map<'a>(node: &'a Node, expected: &str) -> Result<&'a [(Node, Node)], Refusal> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        Value::Null => Ok(&[]),
        _ => Err(Refusal {
            span: node.span,
            message: format!("expected {expected}, found another value"),
        }),
    }
}

/// Returns the `$ref` of a node, and its place.
fn reference(node: &Node) -> Result<Option<(&str, Span)>, Refusal> {
    let Some(value) = get(node, REF) else {
        return Ok(None);
    };
    match text(value) {
        Some(reference) => Ok(Some((reference, value.span))),
        None => Err(Refusal {
            span: value.span,
            message: "expected a string after `$ref`".to_owned(),
        }),
    }
}

fn circle(passed: &[&str], span: Span) -> Refusal {
    const STEPS: usize = 4;

    let mut steps: Vec<String> = passed
        .iter()
        .take(STEPS)
        .map(|step| format!("`{}`", line(step, SHOWN)))
        .collect();
    if passed.len() > STEPS {
        steps.push("...".to_owned());
    }
    steps.extend(steps.first().cloned());
    Refusal {
        span,
        message: format!("a circle of `$ref`: {}", steps.join(" to ")),
    }
}

/// Returns a step of a pointer in a URI fragment as the key that it names.
fn unescaped(step: &str) -> String {
    let mut bytes = Vec::with_capacity(step.len());
    let mut rest = step.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code.and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    let step = String::from_utf8_lossy(&bytes);
    step.replace("~1", "/").replace("~0", "~")
}
