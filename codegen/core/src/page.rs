//! A saved copy of a vendor's page, and whether a spec still says what it says.
//!
//! A copy is HTML, Markdown or plain text. Whatever its form, the same page has the same rows, texts and waits.

mod amounts;
mod codes;
mod columns;
mod decode;
mod fault;
mod fingerprint;
mod grid;
mod html;
mod lines;
mod markdown;
mod nesting;
mod normal;
mod rows;
mod spaced;
mod text;
mod verify;
mod waits;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use fault::Fault;
pub use fingerprint::Fingerprints;
pub use verify::{Difference, doubt, verify};

use crate::page::codes::Key;
use crate::page::grid::Grid;
use crate::page::rows::{Frame, Row};
use crate::page::waits::Waits;

/// The largest page that is read, in bytes.
pub const MAX_BYTES: usize = 8 << 20;

/// What is read of a page.
#[derive(Debug)]
pub struct Page {
    /// By code, then by class. Never empty.
    rows: Vec<Row>,
    /// What else its tables say, if their form tells it from the rows.
    frame: Option<Frame>,
    waits: Waits,
    /// What its text names, in a table or not.
    mentioned: BTreeSet<Key>,
}

/// What a page holds, whatever its form.
struct Contents {
    grids: Vec<Grid>,
    /// All of its text, a line for each block.
    text: String,
    /// That outside of tables.
    outside: String,
}

/// Reads a page.
///
/// # Errors
///
/// Why it cannot be read, or holds no table of status codes.
pub fn read(bytes: &[u8]) -> Result<Page, Fault> {
    let text = &*decode::decode(bytes)?;
    let html = if html::is_html(text) {
        Some(Cow::Borrowed(text))
    } else {
        markdown::has_table(text).then(|| Cow::Owned(markdown::to_html(text)))
    };
    let contents = match &html {
        Some(html) => html::contents(html)?,
        None => Contents {
            grids: text::grids(text),
            text: text.to_owned(),
            outside: text.to_owned(),
        },
    };
    let mut tables = match &html {
        Some(_) => columns::tables(&contents.grids),
        None => Vec::new(),
    };
    if tables.is_empty() {
        tables = text::tables(&contents.outside);
    }
    if tables.is_empty() && html.as_ref().is_some_and(|html| html::has_login(html)) {
        return Err(Fault::Login);
    }
    let frame = Frame::of(&tables);
    let rows = rows::merge(tables)?;
    Ok(Page {
        rows,
        frame,
        mentioned: codes::mentioned(&contents.text),
        waits: Waits::read(&contents),
    })
}

impl Page {
    fn row(&self, key: Key) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }
}
