//! Strings, and how often each was found.

use std::collections::HashMap;

/// Strings in the order in which they were found.
#[derive(Default)]
pub(super) struct Tally {
    found: Vec<Counted>,
    index: HashMap<String, usize>,
}

pub(super) struct Counted {
    pub(super) text: String,
    pub(super) count: usize,
    /// The pointer to the first one.
    pub(super) pointer: String,
}

impl Tally {
    pub(super) fn add(&mut self, text: &str, pointer: &str, count: usize) {
        if let Some(known) = self.index.get(text) {
            self.found[*known].count += count;
            return;
        }
        self.index.insert(text.to_owned(), self.found.len());
        self.found.push(Counted {
            text: text.to_owned(),
            count,
            pointer: pointer.to_owned(),
        });
    }

    /// Returns what was found, the most frequent first.
    pub(super) fn by_count(&self) -> Vec<&Counted> {
        let mut found: Vec<&Counted> = self.found.iter().collect();
        found.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        found
    }

    pub(super) fn total(&self) -> usize {
        self.found.iter().map(|counted| counted.count).sum()
    }
}
