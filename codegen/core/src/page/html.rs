//! HTML: its tables as cells, and all of its text.

use std::iter;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::Html;
use scraper::node::{Element, Node};

use crate::page::Contents;
use crate::page::codes::parse;
use crate::page::decode::visible;
use crate::page::fault::Fault;
use crate::page::grid::{Grid, GridRow};
use crate::page::{markdown, nesting};

/// What is not shown.
const HIDDEN: [&str; 6] = ["script", "style", "template", "title", "noscript", "iframe"];
/// What begins on a line of its own.
const BLOCKS: [&str; 39] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
    "option",
];
/// A cell of several rows is the same in at most this many.
const MOST_ROWS: usize = 50;
/// A longer one belongs to its first row alone: a name or a rule is short, and a note beside rows is about all of them.
const LONGEST_SHARED: usize = 200;
const MOST_COLUMNS: usize = 20;
/// No table has more.
const MOST_CELLS: usize = 100;
/// Cells of several rows and columns may not make a page larger than this many times.
const MOST_GROWTH: usize = 16;
/// What each cell costs beside its text.
const CELL: usize = 8;
/// Below this, growth is no matter.
const SMALL: usize = 1 << 20;

/// Returns whether text is HTML. Markdown may begin with a tag and hold tables of HTML, so a table of its own decides.
pub(super) fn is_html(text: &str) -> bool {
    let mut start = text.trim_start();
    while let Some((_, rest)) = start
        .strip_prefix("<!--")
        .and_then(|comment| comment.split_once("-->"))
    {
        start = rest.trim_start();
    }
    let begins = |tag: &str| {
        let same = |begin: &[u8]| begin.eq_ignore_ascii_case(tag.as_bytes());
        start.as_bytes().get(..tag.len()).is_some_and(same)
    };
    if ["<!doctype", "<html", "<head", "<body", "<?xml"]
        .into_iter()
        .any(begins)
    {
        return true;
    }
    let is_tag =
        start.starts_with('<') && start[1..].starts_with(|c: char| c.is_ascii_alphabetic());
    !markdown::has_table(text) && ((is_tag && start.contains("</")) || has_tag(text, "table"))
}

fn has_tag(text: &str, name: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let tag = &text.as_bytes()[at + 1..];
        tag.len() > name.len()
            && tag[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && matches!(tag[name.len()], b'>' | b' ' | b'\n' | b'\t' | b'\r')
    })
}

/// Reads a page of HTML.
pub(super) fn contents(text: &str) -> Result<Contents, Fault> {
    nesting::check(text)?;
    let page = Html::parse_document(text);
    let mut reader = Reader::default();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => reader.open(node.id(), node.value()),
            Edge::Close(node) => reader.close(node.id(), node.value()),
        }
        if reader.cells > SMALL + MOST_GROWTH * text.len() {
            return Err(Fault::Tangled);
        }
    }
    Ok(Contents {
        grids: reader.done,
        text: reader.text,
        outside: reader.outside,
    })
}

/// Returns whether HTML asks for a password.
pub(super) fn has_login(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.match_indices("<input").any(|(at, _)| {
        let tag = text[at..].split('>').next().unwrap_or_default();
        let tag = tag.replace(['"', '\''], "");
        tag.split_whitespace().any(|part| part == "type=password")
    })
}

/// Reads a document from its first node to its last.
#[derive(Default)]
struct Reader {
    /// The tables that are open, the innermost last.
    open: Vec<Builder>,
    done: Vec<Grid>,
    /// The size of all cells.
    cells: usize,
    text: String,
    /// That outside of tables.
    outside: String,
    /// The element that hides what is in it.
    hidden: Option<NodeId>,
    formula: Option<Formula>,
    /// The element whose lines are lines.
    preformatted: Option<NodeId>,
}

/// A table that is being read.
#[derive(Default)]
struct Builder {
    grid: Grid,
    row: Option<GridRow>,
    cell: Option<Cell>,
    /// The cells that go on into the next rows: their column, for how many rows, and their text.
    shared: Vec<(usize, usize, String)>,
    is_head: bool,
    has_data: bool,
}

struct Cell {
    text: String,
    columns: usize,
    rows: usize,
}

/// A formula, which a page may hold in several forms at once.
struct Formula {
    node: NodeId,
    annotation: Option<NodeId>,
    tex: String,
    text: String,
}

impl Reader {
    fn open(&mut self, id: NodeId, node: &Node) {
        if self.hidden.is_some() {
            return;
        }
        match node {
            Node::Text(text) if self.preformatted.is_some() => self.push(&visible(text)),
            // Elements alone begin lines.
            Node::Text(text) => self.push(&visible(text).replace(['\n', '\r', '\t'], " ")),
            Node::Element(element) => self.open_element(id, element),
            _ => {}
        }
    }

    fn open_element(&mut self, id: NodeId, element: &Element) {
        let name = name(element);
        if let Some(formula) = &mut self.formula {
            if name == "annotation" && formula.annotation.is_none() {
                formula.annotation = Some(id);
            }
            return;
        }
        if is_formula(element) {
            self.formula = Some(Formula {
                node: id,
                annotation: None,
                tex: String::new(),
                text: String::new(),
            });
            return;
        }
        if HIDDEN.contains(&name) || is_hidden(element) {
            self.hidden = Some(id);
            return;
        }
        if BLOCKS.contains(&name) {
            self.push("\n");
        }
        let cell = self.open.last().and_then(|table| table.cell.as_ref());
        if let Some(cell) = cell {
            if let Some(picture) = picture(element) {
                self.push(&format!(" {} ", visible(picture)));
            } else if name == "sup" && parse(&cell.text).is_some_and(|codes| codes.rest.is_empty())
            {
                // The number of a note is no part of the code.
                self.push(" ");
            }
        }
        match name {
            "pre" if self.preformatted.is_none() => self.preformatted = Some(id),
            "table" => self.open.push(Builder::default()),
            "thead" => self.with_table(|table| table.is_head = true),
            "tr" => self.with_table(|table| table.row = Some(GridRow::default())),
            "td" | "th" => {
                self.text.push('\t');
                let span = |name| element.attr(name).and_then(|span| span.trim().parse().ok());
                // None is all of them.
                let rows = span("rowspan").map(|rows| if rows == 0 { MOST_ROWS } else { rows });
                let cell = Cell {
                    text: String::new(),
                    columns: span("colspan").unwrap_or(1_usize).clamp(1, MOST_COLUMNS),
                    rows: rows.unwrap_or(1).min(MOST_ROWS),
                };
                self.with_table(|table| {
                    table.cell = Some(cell);
                    table.has_data |= name == "td";
                });
            }
            _ => {}
        }
    }

    fn close(&mut self, id: NodeId, node: &Node) {
        if self.hidden.is_some() {
            if self.hidden == Some(id) {
                self.hidden = None;
            }
            return;
        }
        let Node::Element(element) = node else {
            return;
        };
        if let Some(formula) = &mut self.formula {
            if formula.node == id {
                let formula = self.formula.take().map(Formula::shown);
                self.push(&formula.unwrap_or_default());
            } else if formula.annotation == Some(id) {
                formula.annotation = None;
            }
            return;
        }
        if self.preformatted == Some(id) {
            self.preformatted = None;
        }
        let name = name(element);
        match name {
            "table" => {
                let table = self.open.pop();
                self.done
                    .extend(table.map(|table| table.grid.with_header()));
            }
            "thead" => self.with_table(|table| table.is_head = false),
            "tr" => {
                let size = self.open.last_mut().map_or(0, Builder::end_row);
                self.cells += size;
            }
            "td" | "th" => self.with_table(Builder::end_cell),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.push("\n");
        }
    }

    fn push(&mut self, text: &str) {
        match &mut self.formula {
            Some(formula) if formula.annotation.is_some() => formula.tex.push_str(text),
            Some(formula) => formula.text.push_str(text),
            None => {
                self.text.push_str(text);
                if self.open.is_empty() {
                    self.outside.push_str(text);
                }
                if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut()) {
                    cell.text.push_str(text);
                }
            }
        }
    }

    fn with_table(&mut self, change: impl FnOnce(&mut Builder)) {
        if let Some(table) = self.open.last_mut() {
            change(table);
        }
    }
}

impl Builder {
    fn end_cell(&mut self) {
        let (Some(row), Some(cell)) = (&mut self.row, self.cell.take()) else {
            return;
        };
        fill(row, &self.shared);
        if row.cells.len() >= MOST_CELLS {
            return;
        }
        let text = cell.text.trim().to_owned();
        if cell.rows > 1 {
            let is_short = text.len() <= LONGEST_SHARED;
            for column in 0..cell.columns {
                let text = if is_short && column == 0 { &*text } else { "" };
                let place = row.cells.len() + column;
                self.shared.push((place, cell.rows, text.to_owned()));
            }
        }
        row.cells.push(text);
        let empty = iter::repeat_n(String::new(), cell.columns - 1);
        row.cells.extend(empty);
    }

    /// Returns the size of the row's cells.
    fn end_row(&mut self) -> usize {
        let Some(mut row) = self.row.take() else {
            return 0;
        };
        fill(&mut row, &self.shared);
        for (_, rows, _) in &mut self.shared {
            *rows -= 1;
        }
        self.shared.retain(|(_, rows, _)| *rows > 0);
        row.is_header = self.is_head || !self.has_data;
        self.has_data = false;
        let size = row.cells.iter().map(|cell| cell.len() + CELL).sum();
        if row.cells.iter().any(|cell| !cell.is_empty()) {
            self.grid.rows.push(row);
        }
        size
    }
}

/// Puts the cells of earlier rows that go on at the end of a row into it.
fn fill(row: &mut GridRow, shared: &[(usize, usize, String)]) {
    while let Some((.., text)) = shared
        .iter()
        .find(|(column, ..)| *column == row.cells.len())
    {
        row.cells.push(text.clone());
    }
}

impl Formula {
    /// Returns it as TeX, else as it is rendered, in one of the forms that text has.
    fn shown(self) -> String {
        let formula = if self.tex.trim().is_empty() {
            self.text
        } else {
            self.tex
        };
        let formula = formula.trim().trim_matches('$');
        let is_delimited = formula.starts_with("\\(") || formula.starts_with("\\[");
        if is_delimited {
            format!(" {formula} ")
        } else {
            format!(" \\({formula}\\) ")
        }
    }
}

/// Returns the name of an element, or of the part of a table whose role it has.
fn name(element: &Element) -> &str {
    match element.attr("role").unwrap_or_default() {
        "table" | "grid" => "table",
        "row" => "tr",
        "columnheader" => "th",
        "cell" | "gridcell" | "rowheader" => "td",
        _ => element.name(),
    }
}

fn is_formula(element: &Element) -> bool {
    let known = |class: &str| {
        [
            "katex",
            "katex-display",
            "math",
            "MathJax",
            "MathJax_Preview",
        ]
        .contains(&class)
    };
    let is_script = || {
        let kind = element.attr("type").unwrap_or_default();
        element.name() == "script" && kind.starts_with("math/")
    };
    ["math", "mjx-container", "math-renderer"].contains(&element.name())
        || element.classes().any(known)
        || is_script()
}

/// Returns the words that an element of a cell shows as a picture.
fn picture(element: &Element) -> Option<&str> {
    let label = || element.attr("aria-label");
    match element.name() {
        "img" => element.attr("alt").or_else(label),
        "input" if element.attr("type") == Some("checkbox") => {
            Some(if element.attr("checked").is_some() {
                "☑"
            } else {
                "☐"
            })
        }
        "i" | "span" | "svg" => label(),
        _ => None,
    }
}

fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    element.attr("hidden").is_some() || style.contains("display:none")
}
