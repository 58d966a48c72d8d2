//! Strings, and how often each was found.

use std::collections::HashMap;

/// Strings in the order in which they were found.
#[derive(Default)]
pub(super) struct Tally<'a> {
    found: Vec<Counted<'a>>,
    index: HashMap<&'a str, usize>,
}

pub(super) struct Counted<'a> {
    pub(super) text: &'a str,
    pub(super) count: usize,
    /// The pointer to the first one.
    pub(super) pointer: &'a str,
}

impl<'a> Tally<'a> {
    pub(super) fn add(&mut self, text: &'a str, pointer: &'a str, count: usize) {
        if let Some(known) = self.index.get(text) {
            self.found[*known].count += count;
            return;
        }
        self.index.insert(text, self.found.len());
        self.found.push(Counted {
            text,
            count,
            pointer,
        });
    }

    /// Returns what was found, the most frequent first.
    pub(super) fn by_count(&self) -> Vec<&Counted<'a>> {
        let mut found: Vec<&Counted<'a>> = self.found.iter().collect();
        found.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        found
    }

    pub(super) fn total(&self) -> usize {
        self.found.iter().map(|counted| counted.count).sum()
    }
}
