//! The waits that a page names: in the column of a table, or anywhere.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::page::Contents;
use crate::page::amounts::{Amount, amounts, unit};
use crate::page::grid::{Grid, words};

/// A column that says one of these, or a unit of more than one letter, holds times.
const TIMES: [&str; 7] = [
    "wait", "waits", "delay", "time", "interval", "backoff", "duration",
];

/// The times on a page.
#[derive(Debug)]
pub(super) struct Waits {
    columns: Vec<Column>,
    anywhere: Vec<Amount>,
}

/// A column of times.
#[derive(Debug)]
struct Column {
    /// The one that its header names.
    unit: Option<u64>,
    amounts: Vec<Amount>,
}

impl Waits {
    pub(super) fn read(contents: &Contents) -> Self {
        let columns = contents.grids.iter().flat_map(columns);
        let columns: Vec<Column> = columns.collect();
        let mut anywhere = amounts(&contents.text);
        anywhere.extend(columns.iter().flat_map(|column| &column.amounts));
        anywhere.sort_unstable();
        anywhere.dedup();
        Self { columns, anywhere }
    }

    /// Returns which of a schedule's waits are on the page. If a column has at least half of them, it must have all of
    /// them: the same number somewhere else says nothing.
    pub(super) fn find(&self, waits: &[Duration]) -> Vec<bool> {
        let in_column = |column: &Column| -> Vec<bool> {
            let has = |wait: &Duration| {
                let mut amounts = column.amounts.iter();
                amounts.any(|amount| amount.is(*wait, column.unit))
            };
            waits.iter().map(has).collect()
        };
        let count = |found: &Vec<bool>| found.iter().filter(|found| **found).count();
        let most = self.columns.iter().map(in_column).max_by_key(count);
        let most = most.filter(|found| count(found) > 1 && count(found) * 2 >= waits.len());
        most.unwrap_or_else(|| {
            let has = |wait: &Duration| {
                let mut amounts = self.anywhere.iter();
                amounts.any(|amount| amount.is(*wait, None))
            };
            waits.iter().map(has).collect()
        })
    }
}

/// Returns the columns of a table that hold times, by what their headers say.
fn columns(grid: &Grid) -> impl Iterator<Item = Column> {
    (0..grid.width()).filter_map(|column| {
        let header = grid.header(column);
        // The last one, as in "min. wait (seconds)".
        let units = words(&header).filter(|word| word.len() > 1);
        let unit = units.filter_map(unit).last();
        let is_time = unit.is_some() || words(&header).any(|word| TIMES.contains(&word));
        is_time.then(|| {
            let cells = grid.body().flat_map(|row| amounts(row.cell(column)));
            let cells: BTreeSet<Amount> = cells.collect();
            Column {
                unit,
                amounts: cells.into_iter().collect(),
            }
        })
    })
}
