//! A table as lines that begin with codes, as browsers copy and save it.
//!
//! There is no mark between cells but perhaps a tab, and a cell of several paragraphs has several lines. So a row
//! goes on until the next one. Nothing marks the end of the last row: it likely ends as others do.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::page::codes::{Codes, Joint, Key, parse};
use crate::page::grid::says_codes;
use crate::page::normal::Normal;
use crate::page::rows::{Listed, Table, name};

/// Returns how most rows go on after their codes, or `None` if no lines look like rows.
pub(super) fn usual_joint(lines: &[&str]) -> Option<Joint> {
    let mut seen: BTreeMap<Joint, BTreeSet<Key>> = BTreeMap::new();
    // One line is no table, unless a header says so.
    let mut headed = None;
    for at in 0..lines.len() {
        if let Some(codes) = start(lines, at) {
            let before = lines[..at].iter().rfind(|line| !line.is_empty());
            if seen.is_empty() && is_header(before) {
                headed = Some(codes.joint);
            }
            let codes_only = codes.keys.iter().filter(|key| matches!(key, Key::Code(_)));
            seen.entry(codes.joint).or_default().extend(codes_only);
        }
    }
    seen.retain(|joint, keys| {
        let registered = keys.iter().filter(|key| key.is_registered()).count();
        registered * 2 >= keys.len() && keys.len() > usize::from(headed != Some(*joint))
    });
    let most = seen.values().map(BTreeSet::len).max()?;
    let mut usual = seen.iter().filter(|(_, keys)| keys.len() == most);
    usual.next().map(|(joint, _)| *joint)
}

fn is_header(line: Option<&&str>) -> bool {
    line.is_some_and(|line| says_codes(line))
}

/// Returns the codes that a line begins with, if it can be a row.
fn start<'a>(lines: &[&'a str], at: usize) -> Option<Codes<'a>> {
    let codes = parse(lines[at])?;
    let first = codes.rest.chars().next();
    let is_row = match codes.joint {
        Joint::Tab | Joint::Gap | Joint::Glued => true,
        // Behind a colon, a row may begin with a number: `503: 2 s`.
        Joint::Mark => {
            let is_colon = || {
                let before = &lines[at][..lines[at].len() - codes.rest.len()];
                before.ends_with(": ") && codes.rest.contains(char::is_alphabetic)
            };
            first.is_some_and(char::is_alphabetic)
                || codes.rest.starts_with('`')
                || (first.is_some_and(|c| c.is_ascii_digit()) && is_colon())
        }
        // A sentence may begin with a number.
        Joint::Space => first.is_some_and(char::is_uppercase),
        Joint::End => {
            let next = lines[at + 1..].iter().find(|line| !line.is_empty());
            next.is_some_and(|line| {
                line.trim_start().starts_with(char::is_alphabetic) || begins_with_time(line)
            })
        }
    };
    is_row.then_some(codes)
}

/// Returns whether a line is not a code, but a number and words.
fn begins_with_time(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| c.is_ascii_digit())
        && parse(line).is_none()
        && line.contains(char::is_alphabetic)
}

/// The lines of one row.
struct Block<'a> {
    codes: Codes<'a>,
    first: &'a str,
    /// After the first.
    lines: &'a [&'a str],
    table: usize,
    /// Whether something else than a row or a heading follows.
    is_last: bool,
}

/// Returns the tables whose rows go on with `joint` after their codes.
pub(super) fn rows(lines: &[&str], joint: Joint) -> Vec<Table> {
    let blocks = blocks(lines, joint);
    let inner = || blocks.iter().filter(|block| !block.is_last);
    let longest = inner().map(|block| filled(block.lines)).max();
    let endings = inner().filter_map(|block| block.lines.iter().rfind(|line| !line.is_empty()));
    let endings = Endings::new(endings.map(|line| Normal::of(line).words));

    let mut tables: Vec<Table> = Vec::new();
    let mut last: (usize, Vec<Key>) = (usize::MAX, Vec::new());
    let mut known = BTreeSet::new();
    for block in &blocks {
        let end = if block.is_last {
            end(block, longest, &endings)
        } else {
            block.lines.len()
        };
        // A code again, after others: another table.
        let is_again = block.codes.keys.iter().any(|key| known.contains(key));
        if block.table != last.0 || (is_again && block.codes.keys != last.1) {
            tables.push(Table {
                begins: block.first.to_owned(),
                ..Table::default()
            });
            known.clear();
        }
        known.extend(block.codes.keys.iter().copied());
        last = (block.table, block.codes.keys.clone());
        let text = |end: usize| format!("{}\n{}", block.codes.rest, block.lines[..end].join("\n"));
        let row = Listed {
            keys: block.codes.keys.clone(),
            name: row_name(block.codes.rest, block.lines),
            text: text(end),
            otherwise: other_ends(block).map(text).collect(),
        };
        tables
            .last_mut()
            .expect("the first block begins one")
            .rows
            .push(row);
    }
    tables
}

/// The last lines of rows, as what counts of them.
struct Endings {
    words: HashSet<String>,
    /// Their lengths but the shortest: those may end any line.
    lengths: BTreeSet<usize>,
}

impl Endings {
    fn new(words: impl Iterator<Item = String>) -> Self {
        // As long as `never.`: a shorter tail ends many lines by chance.
        const SHORT: usize = 6;

        let words: HashSet<String> = words.filter(|words| !words.is_empty()).collect();
        let lengths = words.iter().map(String::len);
        Self {
            lengths: lengths.filter(|length| *length >= SHORT).collect(),
            words,
        }
    }

    /// Returns whether a line ends as a row does.
    fn has(&self, line: &str) -> bool {
        let line = Normal::of(line).words;
        let starts = self
            .lengths
            .iter()
            .map_while(|length| line.len().checked_sub(*length));
        let mut tails = starts.filter_map(|start| line.get(start..));
        self.words.contains(&line) || tails.any(|tail| self.words.contains(tail))
    }
}

fn row_name(rest: &str, lines: &[&str]) -> String {
    let next = lines.iter().find(|line| !line.is_empty());
    match rest.trim() {
        "" => next.map(|line| name(line)).unwrap_or_default(),
        rest => name(rest),
    }
}

fn filled(lines: &[&str]) -> usize {
    lines.iter().filter(|line| !line.is_empty()).count()
}

/// Returns how many lines may belong to a row whose end is not marked.
fn other_ends(block: &Block) -> impl Iterator<Item = usize> {
    // Each is a reading of its own, and no known cell has more paragraphs.
    const MOST: usize = 20;

    let most = block.lines.len().min(MOST);
    (0..=most).filter(|_| block.is_last)
}

/// Returns how many lines likely belong to a row whose end is not marked. One that ends as other rows do is the last.
/// Else it has as many as the longest row, and without other rows, its paragraph.
fn end(block: &Block, longest: Option<usize>, endings: &Endings) -> usize {
    if endings.has(block.codes.rest) {
        return 0;
    }
    let mut lines = block.lines.iter();
    if let Some(at) = lines.position(|line| endings.has(line)) {
        return at + 1;
    }
    let Some(longest) = longest else {
        let blank = block.lines.iter().position(|line| line.is_empty());
        return blank.unwrap_or(block.lines.len());
    };
    let filled = block.lines.iter().enumerate();
    let filled = filled.filter(|(_, line)| !line.is_empty());
    filled.take(longest).last().map_or(0, |(at, _)| at + 1)
}

/// Splits lines into rows, at headings and at headers that are repeated.
fn blocks<'a>(lines: &'a [&'a str], joint: Joint) -> Vec<Block<'a>> {
    // Of a list, single rows may have nothing behind their codes.
    let is_list = matches!(joint, Joint::Mark | Joint::Space);
    let fits = |codes: &Codes| codes.joint == joint || (is_list && codes.joint == Joint::End);
    let row =
        |at: usize| start(lines, at).filter(|codes| fits(codes) && !is_heading(lines, at, joint));
    let begins = |at: usize| is_heading(lines, at, joint) || row(at).is_some();
    let Some(first) = (0..lines.len()).find(|at| begins(*at)) else {
        return Vec::new();
    };
    let header = header(&lines[..first]);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(usize, Codes)> = None;
    let mut table = 0;
    let mut at = first;
    loop {
        let is_end = at >= lines.len();
        let repeated = repeated(header, &lines[at.min(lines.len())..]);
        let repeats = repeated > 0;
        if is_end || repeats || begins(at) {
            if let Some((from, codes)) = open.take() {
                blocks.push(Block {
                    codes,
                    first: lines[from],
                    lines: &lines[from + 1..at.min(lines.len())],
                    table,
                    is_last: is_end || repeats,
                });
            }
            if is_end {
                return blocks;
            }
            if repeats {
                table += 1;
                at += repeated;
                continue;
            }
            open = row(at).map(|codes| (at, codes));
        }
        at += 1;
    }
}

/// Returns the lines before the first row that name the columns.
fn header<'a>(before: &'a [&'a str]) -> &'a [&'a str] {
    // A browser puts each of the few columns on a line at most.
    const MOST: usize = 8;

    let Some(last) = before.iter().rposition(|line| !line.is_empty()) else {
        return &[];
    };
    let block = &before[..=last];
    let blank = block.iter().rposition(|line| line.is_empty());
    let start = blank.map_or(0, |at| at + 1);
    &block[start.max(block.len().saturating_sub(MOST))..]
}

/// Returns with how many lines the header is repeated: with all, or with the last ones.
fn repeated(header: &[&str], lines: &[&str]) -> usize {
    let mut counts = (1..=header.len()).rev();
    let count = counts.find(|count| lines.starts_with(&header[header.len() - count..]));
    count.unwrap_or(0)
}

/// Returns whether a line names nothing but a class, over its rows.
fn is_heading(lines: &[&str], at: usize, joint: Joint) -> bool {
    let Some(codes) = parse(lines[at]) else {
        return false;
    };
    let [Key::Class(class)] = codes.keys[..] else {
        return false;
    };
    if codes.joint != joint {
        // A sentence may begin with a class.
        return !lines[at].ends_with('.');
    }
    let next = (at + 1..lines.len()).find(|next| !lines[*next].is_empty());
    next.and_then(|next| parse(lines[next]))
        .is_some_and(|next| matches!(next.keys[0], Key::Code(code) if code / 100 == class.0))
}
