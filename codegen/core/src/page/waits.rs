//! The waits that a page names: in the column of a table, or anywhere.

use std::time::Duration;

use crate::duration::{one_unit, parse};
use crate::model::Schedule;
use crate::page::Contents;
use crate::page::amounts::{Amount, amounts, unit};
use crate::page::grid::{Grid, says_codes, words};

/// A column that says one of these, or a unit of more than one letter, holds times.
const TIMES: [&str; 7] = [
    "wait", "waits", "delay", "time", "interval", "backoff", "duration",
];
/// Of one column, no more waits are named that the spec lacks.
const MOST_FURTHER: usize = 10;

/// The times on a page.
#[derive(Debug)]
pub(super) struct Waits {
    columns: Vec<Column>,
    /// Those with a unit, and those in columns.
    anywhere: Vec<Amount>,
}

/// A column of times.
#[derive(Debug)]
struct Column {
    /// All amounts, in the unit that its header names.
    amounts: Vec<Amount>,
    /// Those of each cell that begins with a number.
    cells: Vec<Vec<Amount>>,
}

impl Waits {
    pub(super) fn read(contents: &Contents) -> Self {
        let columns = contents.grids.iter().flat_map(columns);
        let columns: Vec<Column> = columns.collect();
        let mut anywhere = amounts(&contents.text);
        // A bare number may count, or be a version or a code.
        anywhere.retain(|amount| amount.has_unit());
        anywhere.extend(columns.iter().flat_map(|column| &column.amounts));
        anywhere.sort_unstable();
        anywhere.dedup();
        Self { columns, anywhere }
    }

    /// Returns which of a schedule's waits are on the page. If a column has at least half of them, it must have all of
    /// them: the same number somewhere else says nothing.
    pub(super) fn find(&self, waits: &[Duration]) -> Vec<bool> {
        match self.column(waits) {
            Some(column) => has(&column.amounts, waits),
            None => has(&self.anywhere, waits),
        }
    }

    /// Returns the waits in the columns of schedules that no schedule has.
    pub(super) fn further<'a>(
        &self,
        schedules: &'a [Schedule],
    ) -> impl Iterator<Item = (&'a str, Duration)> {
        let is_known = |cell: &Vec<Amount>| {
            let mut schedules = schedules.iter();
            schedules.any(|schedule| has(cell, &schedule.documented).contains(&true))
        };
        schedules.iter().flat_map(move |schedule| {
            let column = self.column(&schedule.documented);
            let cells = column.into_iter().flat_map(|column| &column.cells);
            let cells = cells.filter(move |cell| !is_known(cell));
            // Of `262,144` also the parts are amounts.
            let waits = cells.filter_map(|cell| cell.iter().max()?.wait());
            let waits = waits.filter(|wait| parse(&one_unit(*wait)).as_ref() == Ok(wait));
            waits.take(MOST_FURTHER).map(|wait| (&*schedule.name, wait))
        })
    }

    /// Returns the column that has most of a schedule's waits, and half of them.
    fn column(&self, waits: &[Duration]) -> Option<&Column> {
        let count = |column: &&Column| {
            let found = has(&column.amounts, waits);
            found.iter().filter(|found| **found).count()
        };
        let most = self.columns.iter().max_by_key(count)?;
        let count = count(&most);
        (count > 1 && count * 2 >= waits.len()).then_some(most)
    }
}

/// Returns which waits are among amounts.
fn has(amounts: &[Amount], waits: &[Duration]) -> Vec<bool> {
    let has = |wait: &Duration| amounts.iter().any(|amount| amount.is(*wait));
    waits.iter().map(has).collect()
}

/// Returns the columns of a table that hold times, by what their headers say.
fn columns(grid: &Grid) -> impl Iterator<Item = Column> {
    (0..grid.width()).filter_map(|column| {
        let header = grid.header(column);
        // The last one, as in "min. wait (seconds)".
        let units = words(&header).filter(|word| word.len() > 1);
        let unit = units.filter_map(unit).last();
        let is_time = unit.is_some() || words(&header).any(|word| TIMES.contains(&word));
        (is_time && !says_codes(&header)).then(|| {
            let read = |cell: &str| -> Vec<Amount> {
                let found = amounts(cell).into_iter();
                found.map(|amount| amount.in_unit(unit)).collect()
            };
            let begins = |cell: &&str| cell.starts_with(|c: char| c.is_ascii_digit());
            let cells = || grid.body().map(|row| row.cell(column));
            let mut amounts: Vec<Amount> = cells().flat_map(read).collect();
            amounts.sort_unstable();
            amounts.dedup();
            let cells = cells().filter(begins).map(read);
            Column {
                cells: cells.filter(|cell| !cell.is_empty()).collect(),
                amounts,
            }
        })
    })
}
