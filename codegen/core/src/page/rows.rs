//! The rows of a page's tables, one for each code.

use std::collections::{BTreeMap, BTreeSet};

use crate::page::codes::Key;
use crate::page::fault::Fault;
use crate::page::fingerprint::Fingerprint;
use crate::page::normal::Normal;
use crate::source::is_control;

/// A row of a page.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: Key,
    pub(super) name: String,
    /// What it begins with, to be shown.
    pub(super) shown: String,
    pub(super) text: Fingerprint,
    /// What it is if it ends elsewhere.
    pub(super) otherwise: Vec<Fingerprint>,
}

impl Row {
    /// Returns whether a fingerprint is of this row.
    pub(super) fn is(&self, known: Fingerprint) -> bool {
        let mut texts = [&self.text].into_iter().chain(&self.otherwise);
        texts.any(|text| text.is_same(known))
    }
}

/// A row of a table, as the page has it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) keys: Vec<Key>,
    pub(super) name: String,
    /// All of the row but its codes.
    pub(super) text: String,
    /// The same, if the row ends elsewhere: plain text does not say.
    pub(super) otherwise: Vec<String>,
}

/// The rows of one table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Its first row, to be shown.
    pub(super) begins: String,
    pub(super) rows: Vec<Listed>,
    /// `None` if its form does not tell it from the rows.
    pub(super) said: Option<Said>,
}

/// What counts of a table beside its rows.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) header: String,
    pub(super) without_code: Vec<String>,
}

/// What the tables of a page say beside their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) header: Fingerprint,
    /// The rows without a code.
    pub(super) others: Fingerprint,
}

impl Frame {
    /// Returns the frame of all tables, or `None` if the form of one does not tell. A copy of a table changes nothing.
    pub(super) fn of(tables: &[Table]) -> Option<Self> {
        let mut headers = BTreeSet::new();
        let mut others = BTreeSet::new();
        for table in tables {
            let said = table.said.as_ref()?;
            headers.insert(&*said.header);
            others.extend(said.without_code.iter().map(String::as_str));
        }
        let fingerprint = |texts: BTreeSet<&str>| {
            let texts: Vec<&str> = texts.into_iter().collect();
            Fingerprint::of(&Normal {
                words: texts.join("\n"),
                formulas: String::new(),
            })
        };
        Some(Self {
            header: fingerprint(headers),
            others: fingerprint(others),
        })
    }
}

const LONGEST_NAME: usize = 60;
const LONGEST_SHOWN: usize = 120;
/// How many bytes of text may count again for the further codes of rows. Only if each is for dozens, a page has more.
const MOST_WORK: usize = 32 << 20;

/// Puts the rows of all tables together. In one table, rows for the same code are one; two tables may be about two
/// things.
pub(super) fn merge(tables: Vec<Table>) -> Result<Vec<Row>, Fault> {
    let mut all: BTreeMap<Key, (Row, String)> = BTreeMap::new();
    let mut work = 0;
    for table in tables {
        let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
        for listed in &table.rows {
            let text = Normal::of(&listed.text);
            let otherwise: Vec<Normal> = listed
                .otherwise
                .iter()
                .map(|text| Normal::of(text))
                .collect();
            work += (listed.keys.len() - 1) * listed.text.len() * (1 + otherwise.len());
            if work > MOST_WORK {
                return Err(Fault::Tangled);
            }
            for key in &listed.keys {
                let row = rows.entry(*key).or_insert_with(|| Row {
                    key: *key,
                    name: listed.name.clone(),
                    shown: String::new(),
                    text: Fingerprint::EMPTY,
                    otherwise: Vec::new(),
                });
                let ends = otherwise.iter().map(|text| row.text.then(text));
                row.otherwise = ends.collect();
                row.text = row.text.then(&text);
                if row.shown.len() < LONGEST_SHOWN {
                    row.shown = shown(&format!("{} {}", row.shown, listed.text), LONGEST_SHOWN);
                }
            }
        }
        for (key, row) in rows {
            if let Some((known, begins)) = all.get(&key) {
                // A copy of the table, as for small screens.
                if known.is(row.text) || row.is(known.text) {
                    continue;
                }
                let first = |text: &str| shown(text, LONGEST_NAME);
                return Err(Fault::TwoTables {
                    key: key.to_string(),
                    tables: [first(begins), first(&table.begins)],
                });
            }
            all.insert(key, (row, table.begins.clone()));
        }
    }
    if all.is_empty() {
        return Err(Fault::NoTable);
    }
    Ok(all.into_values().map(|(row, _)| row).collect())
}

/// Returns the first characters of text in one line, without what a terminal would obey.
fn shown(text: &str, most: usize) -> String {
    let mut words = text.split_whitespace();
    let mut line = String::new();
    while let Some(word) = words.next().filter(|_| line.len() <= 4 * most) {
        line.extend((!line.is_empty()).then_some(' '));
        line.extend(word.chars().take(most + 1).filter(|c| !is_control(*c)));
    }
    match line.char_indices().nth(most) {
        None => line,
        Some((end, _)) => format!("{} ...", line[..end].trim_end()),
    }
}

/// Returns the name that text begins with: its first line, up to the next cell or a colon. What a terminal would obey
/// is left out.
pub(super) fn name(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let ends = [
        line.find(['\t', '|', '│']),
        line.find("  "),
        line.find(": "),
        glued(line),
    ];
    let end = ends.into_iter().flatten().min();
    let line = line[..end.unwrap_or(line.len())].chars();
    let line: String = line
        .filter(|c| !is_control(*c) && !"*`".contains(*c))
        .collect();
    let line = line.trim();
    let line = match line.strip_suffix(')') {
        Some(inner) if !inner.contains('(') => inner,
        _ => line,
    };
    match line.char_indices().nth(LONGEST_NAME) {
        None => line.to_owned(),
        Some((end, _)) => {
            let end = line[..end].rfind(' ').unwrap_or(end);
            format!("{} ...", &line[..end])
        }
    }
}

/// Returns the end of a cell that the next one is glued to, as in `ConflictThe resource`.
fn glued(line: &str) -> Option<usize> {
    let ends = line.char_indices().zip(line.chars().skip(1));
    ends.filter(|((_, c), next)| c.is_lowercase() && next.is_uppercase())
        .map(|((start, c), _)| start + c.len_utf8())
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_one_short_line() {
        assert_eq!(shown("Slow\nDown \u{1b}[1m\t429", 60), "Slow Down [1m 429");
        assert_eq!(shown(&"é ".repeat(100), 9), "é é é é é ...");
        assert_eq!(shown(&"é".repeat(100), 9), "ééééééééé ...");
        assert_eq!(shown("", 9), "");
    }

    #[test]
    fn a_name_ends_where_its_cell_does() {
        for (text, expected) in [
            ("Slow Down", "Slow Down"),
            ("\nSlow Down\nWait.", "Slow Down"),
            ("Slow Down\tWait.", "Slow Down"),
            ("Slow Down  Wait.", "Slow Down"),
            ("Slow Down | Wait.", "Slow Down"),
            ("Slow DownWait for it.", "Slow Down"),
            ("`slow_down`: Wait.", "slow_down"),
            ("**Slow** Down", "Slow Down"),
            ("OK)", "OK"),
            ("OK (really)", "OK (really)"),
            ("\u{1b}[31m slow\u{202e} down", "[31m slow down"),
            ("", ""),
        ] {
            assert_eq!(name(text), expected, "{text:?}");
        }
        let long = name(&"word ".repeat(100));
        assert!(
            long.starts_with("word word") && long.ends_with(" word ...") && long.len() < 65,
            "{long}"
        );
        assert_eq!(name(&"é".repeat(100)).chars().count(), 64);
    }
}
