//! JSON pointers, and `$ref`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ptr;

use crate::document::{Node, Refusal, Value};
use crate::import::line::line;
use crate::import::tree::{entries, get, items, text};
use crate::source::Span;

/// How much of a reference a message shows.
const SHOWN: usize = 120;

/// Returns the pointer to `key` in the value at `pointer`.
pub(super) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Follows the references of one document.
pub(super) struct References<'a> {
    root: &'a Node,
    /// What each reference stands for in the end.
    known: RefCell<HashMap<&'a str, &'a Node>>,
    /// The entries of large maps, by the map's address.
    index: RefCell<HashMap<*const Node, HashMap<&'a str, &'a Node>>>,
}

impl<'a> References<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self {
            root,
            known: RefCell::default(),
            index: RefCell::default(),
        }
    }

    /// Returns what a node stands for: itself, or what its `$ref` leads to.
    pub(super) fn resolve(&self, node: &'a Node) -> Result<&'a Node, Refusal> {
        let mut passed: Vec<&'a str> = Vec::new();
        let mut seen = HashMap::new();
        let mut here = node;
        while let Some((reference, span)) = reference(here)? {
            if let Some(end) = self.known.borrow().get(reference) {
                here = *end;
                break;
            }
            if let Some(first) = seen.insert(reference, passed.len()) {
                return Err(circle(&passed[first..], span));
            }
            passed.push(reference);
            here = self.target(reference, span)?;
        }
        let ends = passed.into_iter().map(|reference| (reference, here));
        self.known.borrow_mut().extend(ends);
        Ok(here)
    }

    fn target(&self, reference: &'a str, span: Span) -> Result<&'a Node, Refusal> {
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

/// Returns the `$ref` of a node, and where it stands.
fn reference(node: &Node) -> Result<Option<(&str, Span)>, Refusal> {
    let Some(value) = get(node, "$ref") else {
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
