//! Which column of a table holds status codes, and the rows by code.

use std::collections::HashMap;

use crate::page::codes::{Codes, Joint, Key, parse_cell as parse};
use crate::page::grid::{Grid, GridRow, says_codes, words};
use crate::page::normal::Normal;
use crate::page::rows::{Listed, Said, Table, name};

/// A column that says one of these, and nothing of codes, holds other numbers.
const DENIES: [&str; 32] = [
    "attempt",
    "attempts",
    "bytes",
    "cost",
    "count",
    "day",
    "days",
    "delay",
    "duration",
    "hour",
    "hours",
    "interval",
    "latency",
    "length",
    "limit",
    "limits",
    "max",
    "maximum",
    "milliseconds",
    "min",
    "minutes",
    "ms",
    "number",
    "port",
    "price",
    "quota",
    "requests",
    "seconds",
    "size",
    "time",
    "wait",
    "year",
];

/// How sure it is that a column holds status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    /// They are numbers without a name, and the header says nothing.
    Little,
    Well,
}

/// Returns the tables of status codes.
///
/// One with the header of another one is the same kind of table, even if no code in it is known.
pub(super) fn tables(grids: &[Grid]) -> Vec<Table> {
    let columns: Vec<Option<(Sure, usize)>> = grids.iter().map(column).collect();
    let surest = columns.iter().flatten().map(|(sure, _)| *sure).max();
    let is_surest = |found: &(Sure, usize)| Some(found.0) == surest;
    let accepted = grids.iter().zip(&columns).filter_map(|(grid, found)| {
        let (_, column) = found.filter(is_surest)?;
        Some((header(grid), column))
    });
    let headers: HashMap<String, usize> =
        accepted.filter(|(header, _)| !header.is_empty()).collect();
    let tables = grids.iter().zip(&columns).filter_map(|(grid, found)| {
        let found = found.filter(is_surest).map(|(_, column)| column);
        let column = found.or_else(|| {
            let same = headers.get(&header(grid)).copied();
            same.filter(|column| has_errors_only(grid, *column))
        })?;
        Some(listed(grid, column))
    });
    tables.filter(|table| !table.rows.is_empty()).collect()
}

/// Returns which column of a table holds codes, and how sure that is.
fn column(grid: &Grid) -> Option<(Sure, usize)> {
    let width = grid.width();
    let columns = (0..width).filter_map(|column| {
        let (sure, codes) = judge(grid, column, width)?;
        Some((sure, codes, column))
    });
    // Of equal ones, the leftmost.
    let (sure, _, column) =
        columns.max_by_key(|(sure, codes, column)| (*sure, *codes, usize::MAX - column))?;
    Some((sure, column))
}

/// Returns whether all codes of a column are those of errors. Vendors count other codes from 1.
fn has_errors_only(grid: &Grid, column: usize) -> bool {
    let codes = grid.body().filter_map(|row| parse(row.cell(column)));
    let mut keys = codes.flat_map(|codes| codes.keys);
    keys.all(|key| (4..=5).contains(&key.class().0))
}

/// Returns what counts of a table's header.
fn header(grid: &Grid) -> String {
    let width = grid.width();
    let mut rows: Vec<String> = grid
        .headers()
        .filter(|row| width == 1 || row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1)
        .map(|row| Normal::of(&row.cells.join("\n")).words)
        .collect();
    rows.dedup();
    rows.concat()
}

/// Returns how sure it is that a column holds codes, and how many cells do, or `None` if it does not.
fn judge(grid: &Grid, column: usize, width: usize) -> Option<(Sure, usize)> {
    let header = grid.header(column);
    let has = |known: &[&str]| words(&header).any(|word| known.contains(&word));
    let (says, denies) = (says_codes(&header), has(&DENIES));
    // Not only `Error code`, which a vendor may count in any way.
    let says_status = has(&["http", "status", "statuses"]);
    let (mut filled, mut codes, mut registered, mut named, mut told) = (0, 0, 0, 0, 0);
    for row in grid.body() {
        let cell = row.cell(column);
        match parse(cell) {
            Some(found) if !is_heading(row, column, width, &found) => {
                filled += 1;
                codes += 1;
                let is_known = |key: &Key| {
                    key.is_registered() || (says_status && (1..=5).contains(&key.class().0))
                };
                registered += usize::from(found.keys.iter().any(is_known));
                named += usize::from(has_name(&found));
                told += usize::from(has_words_beside(row, column));
            }
            None if !cell.is_empty() => filled += 1,
            _ => {}
        }
    }
    // Other tables have numbers of three digits, too.
    if codes == 0 || registered * 2 < codes || codes * 3 < filled || (!says && codes * 2 < filled) {
        return None;
    }
    if says || (!denies && named * 2 >= codes) {
        Some((Sure::Well, codes))
    } else {
        (!denies && codes > 1 && told * 2 >= codes).then_some((Sure::Little, codes))
    }
}

/// Returns whether a name follows the codes in their cell.
fn has_name(codes: &Codes) -> bool {
    let mut chars = codes.rest.chars();
    match codes.joint {
        Joint::Mark => chars.next().is_some_and(char::is_alphabetic),
        _ => chars.next().is_some_and(char::is_uppercase),
    }
}

fn has_words_beside(row: &GridRow, column: usize) -> bool {
    let others = row.cells.iter().enumerate().filter(|(n, _)| *n != column);
    others
        .map(|(_, cell)| cell)
        .any(|cell| cell.contains(char::is_alphabetic))
}

/// Returns whether a row is a heading over the rows of a class: nothing but the class and its name, in one cell or in
/// each.
fn is_heading(row: &GridRow, column: usize, width: usize, codes: &Codes) -> bool {
    let is_class = |key: &Key| matches!(key, Key::Class(_));
    let mut others = row.cells.iter().enumerate().filter(|(n, _)| *n != column);
    width > 1
        && codes.keys.iter().all(is_class)
        && others.all(|(_, cell)| cell.trim().is_empty() || cell.trim() == row.cell(column))
}

/// Returns the rows by code. A row without anything in its place goes on with the one before, cell by cell.
fn listed(grid: &Grid, column: usize) -> Table {
    let width = grid.width();
    let header = header(grid);
    let mut table: Vec<(Codes, Vec<String>)> = Vec::new();
    let mut without_code = Vec::new();
    let mut goes_on = false;
    for row in grid.body() {
        let cell = row.cell(column);
        match parse(cell) {
            Some(found) if is_heading(row, column, width, &found) => goes_on = false,
            Some(found) => {
                table.push((found, row.cells.clone()));
                goes_on = true;
            }
            None if cell.is_empty() && goes_on => {
                if let Some((_, cells)) = table.last_mut() {
                    for (cell, more) in cells.iter_mut().zip(&row.cells) {
                        cell.push(' ');
                        cell.push_str(more);
                    }
                }
            }
            None => {
                goes_on = false;
                let words = Normal::of(&row.cells.join("\n")).words;
                without_code.extend((!words.is_empty() && words != header).then_some(words));
            }
        }
    }
    let first = grid.rows.first().map(|row| row.cells.join(" | "));
    let rows = table.into_iter().map(|(codes, cells)| {
        let next = cells.get(column + 1).map(String::as_str);
        let previous = column.checked_sub(1).map(|n| cells[n].as_str());
        let places = [Some(codes.rest), next, previous].into_iter().flatten();
        let name = places
            .map(name)
            .find(|name| name.contains(char::is_alphabetic));
        let others = cells.iter().enumerate().filter(|(n, _)| *n != column);
        let texts = [codes.rest]
            .into_iter()
            .chain(others.map(|(_, cell)| cell.as_str()));
        Listed {
            name: name.unwrap_or_default(),
            text: texts.collect::<Vec<_>>().join("\n"),
            otherwise: Vec::new(),
            keys: codes.keys,
        }
    });
    Table {
        begins: first.unwrap_or_default(),
        rows: rows.collect(),
        said: Some(Said {
            header,
            without_code,
        }),
    }
}
