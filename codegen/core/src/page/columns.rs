//! Which column of a table holds status codes, and the rows by code.

use crate::page::codes::{Codes, Joint, Key, parse};
use crate::page::grid::{Grid, GridRow, words};
use crate::page::rows::{Listed, Table, name};

/// A column that says one of these holds status codes.
const SAYS: [&str; 5] = ["code", "codes", "http", "status", "statuses"];
/// A column that says one of these, and none of those above, holds other numbers.
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
pub(super) fn tables(grids: &[Grid]) -> Vec<Table> {
    let found: Vec<(Sure, Table)> = grids.iter().filter_map(table).collect();
    let surest = found.iter().map(|(sure, _)| *sure).max();
    let tables = found
        .into_iter()
        .filter(|(sure, _)| Some(*sure) == surest)
        .map(|(_, table)| table);
    tables.collect()
}

/// Returns the rows of a table by their codes, or `None` if no column holds codes.
fn table(grid: &Grid) -> Option<(Sure, Table)> {
    let width = grid.width();
    let columns = (0..width).filter_map(|column| {
        let (sure, codes) = judge(grid, column, width)?;
        Some((sure, codes, column))
    });
    // Of equal ones, the leftmost.
    let (sure, _, column) =
        columns.max_by_key(|(sure, codes, column)| (*sure, *codes, usize::MAX - column))?;
    Some((sure, listed(grid, column)))
}

/// Returns how sure it is that a column holds codes, and how many cells do, or `None` if it does not.
fn judge(grid: &Grid, column: usize, width: usize) -> Option<(Sure, usize)> {
    let header = grid.header(column);
    let has = |known: &[&str]| words(&header).any(|word| known.contains(&word));
    let (says, denies) = (has(&SAYS), has(&DENIES));
    let (mut filled, mut codes, mut registered, mut named, mut told) = (0, 0, 0, 0, 0);
    for row in grid.body() {
        let cell = row.cell(column);
        match parse(cell) {
            Some(found) if !is_heading(row, column, width, &found) => {
                filled += 1;
                codes += 1;
                registered += usize::from(found.keys.iter().any(|key| key.is_registered()));
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

/// Returns the rows by code. A row without a code goes on with the one before, cell by cell.
fn listed(grid: &Grid, column: usize) -> Table {
    let width = grid.width();
    let mut table: Vec<(Codes, Vec<String>)> = Vec::new();
    let mut goes_on = false;
    for row in grid.body() {
        let cell = row.cell(column);
        match parse(cell) {
            Some(found) if is_heading(row, column, width, &found) => goes_on = false,
            Some(found) => {
                table.push((found, row.cells.clone()));
                goes_on = true;
            }
            None if cell.is_empty() => {
                if let (true, Some((_, cells))) = (goes_on, table.last_mut()) {
                    for (cell, more) in cells.iter_mut().zip(&row.cells) {
                        cell.push(' ');
                        cell.push_str(more);
                    }
                }
            }
            None => goes_on = false,
        }
    }
    let rows = table.into_iter().map(|(codes, cells)| {
        let next = cells.get(column + 1).map(String::as_str);
        let previous = column.checked_sub(1).map(|n| cells[n].as_str());
        let places = [Some(codes.rest), next, previous].into_iter().flatten();
        let name = places.map(name).find(|name| !name.is_empty());
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
    rows.collect()
}
