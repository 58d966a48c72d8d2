//! Plain text: its tables, however they are laid out.

use crate::page::codes::Joint;
use crate::page::grid::Grid;
use crate::page::rows::Table;
use crate::page::spaced::{aligned, barred, counted, tabbed};
use crate::page::{columns, lines};

/// Returns the tables of status codes in text.
pub(super) fn tables(text: &str) -> Vec<Table> {
    let lines = trimmed(text);
    let by_columns = |grids: Vec<Grid>| {
        let mut tables = columns::tables(&grids);
        // Lines are broken in too many ways to tell a header's end.
        for table in &mut tables {
            table.said = None;
        }
        (!tables.is_empty()).then_some(tables)
    };
    by_columns(barred(&lines))
        .or_else(|| match lines::usual_joint(&lines)? {
            Joint::Gap => by_columns(aligned(&lines)),
            joint => Some(lines::rows(&lines, joint)),
        })
        // The codes are not at the start of the lines.
        .or_else(|| by_columns(tabbed(&lines)))
        .or_else(|| by_columns(aligned(&lines)))
        .unwrap_or_default()
}

/// Returns everything in text that may be a table.
pub(super) fn grids(text: &str) -> Vec<Grid> {
    let lines = trimmed(text);
    let layouts = [barred, tabbed, aligned, counted];
    layouts.iter().flat_map(|layout| layout(&lines)).collect()
}

fn trimmed(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).collect()
}
