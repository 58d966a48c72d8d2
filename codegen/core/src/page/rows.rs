//! The rows of a page's tables, one for each code.

use std::collections::BTreeMap;

use crate::page::codes::Key;
use crate::page::fault::Fault;
use crate::page::normal::Normal;

/// A row of a page.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) text: Normal,
    /// What it is if it ends elsewhere.
    pub(super) otherwise: Vec<Normal>,
}

/// A row of a table, as the page has it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) keys: Vec<Key>,
    pub(super) name: String,
    /// All of the row but its codes.
    pub(super) text: String,
    /// The same, if the row ends elsewhere: plain text does not say.
    pub(super) otherwise: Vec<String>,
}

impl Listed {
    /// Appends a further row for the same code.
    fn append(&mut self, next: &Self) {
        let joined = |text: &String| format!("{}\n{text}", self.text);
        self.otherwise = next.otherwise.iter().map(joined).collect();
        self.text = joined(&next.text);
    }
}

/// The rows of one table.
pub(super) type Table = Vec<Listed>;

const LONGEST_NAME: usize = 60;

/// Puts the rows of all tables together. In one table, rows for the same code are one; two tables may be about two
/// things.
pub(super) fn merge(tables: Vec<Table>) -> Result<Vec<Row>, Fault> {
    let mut all: BTreeMap<Key, Row> = BTreeMap::new();
    for table in tables {
        let mut rows: BTreeMap<Key, Listed> = BTreeMap::new();
        for listed in table {
            for key in &listed.keys {
                match rows.get_mut(key) {
                    Some(row) => row.append(&listed),
                    None => {
                        rows.insert(*key, listed.clone());
                    }
                }
            }
        }
        for (key, listed) in rows {
            let row = Row {
                key,
                name: listed.name,
                text: Normal::of(&listed.text),
                otherwise: listed
                    .otherwise
                    .iter()
                    .map(|text| Normal::of(text))
                    .collect(),
            };
            if all.insert(key, row).is_some() {
                return Err(Fault::two_tables(key));
            }
        }
    }
    if all.is_empty() {
        return Err(Fault::NoTable);
    }
    Ok(all.into_values().collect())
}

/// Returns the name that a text begins with: its first line, up to the next cell.
pub(super) fn name(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let line = &line[..line.find(['\t', '|', '│']).unwrap_or(line.len())];
    let line = &line[..line.find("  ").unwrap_or(line.len())];
    let line = &line[..glued(line).unwrap_or(line.len())];
    let line: String = line.chars().filter(|c| !"*`".contains(*c)).collect();
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

/// Returns where a cell ends to which the next one is glued, as in `ConflictThe resource`.
fn glued(line: &str) -> Option<usize> {
    let ends = line.char_indices().zip(line.chars().skip(1));
    ends.filter(|((_, c), next)| c.is_lowercase() && next.is_uppercase())
        .map(|((start, c), _)| start + c.len_utf8())
        .next()
}
