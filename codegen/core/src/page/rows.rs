//! The rows of a page's tables, one for each code.

use std::collections::BTreeMap;

use crate::page::codes::Key;
use crate::page::fault::Fault;
use crate::page::normal::Normal;
use crate::source::is_control;

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
        self.text.push('\n');
        let joined = |text: &String| format!("{}{text}", self.text);
        self.otherwise = next.otherwise.iter().map(joined).collect();
        self.text.push_str(&next.text);
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

/// Returns where a cell ends to which the next one is glued, as in `ConflictThe resource`.
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
