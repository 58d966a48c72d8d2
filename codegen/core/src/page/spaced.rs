//! Tables in plain text whose cells stand between bars, tabs or blanks, or are glued together behind a counter.

use std::mem;

use crate::page::grid::{Grid, GridRow, words};

/// Returns the tables between bars, as `| 429 | Too Many Requests |`.
pub(super) fn barred(lines: &[&str]) -> Vec<Grid> {
    const BARS: [char; 3] = ['|', '│', '║'];

    let is_rule = |line: &str| line.chars().all(|c| !c.is_alphanumeric());
    grids_of(lines, |line| {
        if !line.contains(BARS) {
            return is_rule(line).then(Vec::new).filter(|_| !line.is_empty());
        }
        if is_rule(line) {
            return Some(Vec::new());
        }
        let line = line.trim().trim_matches(BARS);
        Some(
            line.split(BARS)
                .map(|cell| cell.trim().to_owned())
                .collect(),
        )
    })
}

pub(super) fn tabbed(lines: &[&str]) -> Vec<Grid> {
    grids_of(lines, |line| {
        let cells = || line.split('\t').map(|cell| cell.trim().to_owned());
        line.trim().contains('\t').then(|| cells().collect())
    })
}

/// Returns the tables of neighboring lines that have cells. A line with none of its own goes on.
fn grids_of(lines: &[&str], cells: impl Fn(&str) -> Option<Vec<String>>) -> Vec<Grid> {
    let mut grids = Vec::new();
    let mut grid = Grid::default();
    for line in lines.iter().chain([&""]) {
        match cells(line) {
            Some(cells) if cells.is_empty() => {}
            Some(cells) => grid.rows.push(GridRow {
                cells,
                is_header: false,
            }),
            None => {
                if !grid.rows.is_empty() {
                    grids.push(mem::take(&mut grid).with_header());
                }
            }
        }
    }
    grids
}

/// Returns the tables in columns that begin below each other. A line without a first cell goes on with the one
/// before, cell by cell.
pub(super) fn aligned(lines: &[&str]) -> Vec<Grid> {
    let mut grids = Vec::new();
    let mut grid = Grid::default();
    let mut starts: Vec<usize> = Vec::new();
    for line in lines.iter().chain([&""]) {
        let is_rule = !line.is_empty() && !line.contains(char::is_alphanumeric);
        if is_rule && !grid.rows.is_empty() {
            continue;
        }
        let cells = segments(line);
        let is_row = cells.len() > 1 && cells[0].0 <= starts.first().copied().unwrap_or(usize::MAX);
        if is_row {
            starts = cells.iter().map(|(start, _)| *start).collect();
            grid.rows.push(GridRow {
                cells: cells.into_iter().map(|(_, text)| text).collect(),
                is_header: false,
            });
        } else if let (Some(row), false) = (grid.rows.last_mut(), cells.is_empty())
            && cells[0].0 > starts[0]
        {
            for (start, text) in cells {
                let column = starts.partition_point(|known| *known <= start) - 1;
                let cell = &mut row.cells[column];
                cell.push(' ');
                cell.push_str(&text);
            }
        } else if !cells.is_empty() {
            starts.clear();
            grids.push(mem::take(&mut grid).with_header());
        }
    }
    grids.push(grid.with_header());
    grids.retain(|grid| grid.rows.len() > 1);
    grids
}

/// Returns what stands between two blanks or more, with the column in which it starts.
fn segments(line: &str) -> Vec<(usize, String)> {
    let mut segments: Vec<(usize, String)> = Vec::new();
    let mut blanks = 2;
    for (column, c) in line.chars().enumerate() {
        if c == ' ' || c == '\t' {
            blanks += 1;
            continue;
        }
        match segments.last_mut() {
            Some((_, text)) if blanks < 2 => {
                text.extend((blanks > 0).then_some(' '));
                text.push(c);
            }
            _ => segments.push((column, c.to_string())),
        }
        blanks = 0;
    }
    segments
}

/// Returns the tables of two columns that are glued together, of which the first one counts: `18`, `264`, `3512`.
pub(super) fn counted(lines: &[&str]) -> Vec<Grid> {
    let mut grids = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let found = [0, 1].map(|first| run(&lines[at..], first));
        let Some(run) = found.into_iter().find(|run| run.len() > 1) else {
            at += 1;
            continue;
        };
        let before = lines[..at].iter().rfind(|line| !line.is_empty());
        let header = GridRow {
            cells: vec![
                String::new(),
                before.map_or_else(String::new, |line| (*line).to_owned()),
            ],
            is_header: true,
        };
        at += run.len();
        let rows = run.into_iter().map(|cells| GridRow {
            cells: cells.to_vec(),
            is_header: false,
        });
        grids.push(Grid {
            rows: [header].into_iter().chain(rows).collect(),
        });
    }
    grids
}

/// Returns the lines that count from `first`, each split after its number.
fn run(lines: &[&str], first: usize) -> Vec<[String; 2]> {
    let rows = (first..).zip(lines).map_while(|(n, line)| {
        let number = n.to_string();
        let rest = line.trim().strip_prefix(number.as_str())?;
        let starts = rest.starts_with(|c: char| c.is_ascii_digit());
        let is_amount = words(rest).count() < 4;
        (starts && is_amount).then(|| [number, rest.to_owned()])
    });
    rows.collect()
}
