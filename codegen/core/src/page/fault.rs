//! Why a page cannot be read.

use std::fmt;

use crate::page::MAX_BYTES;

/// Why a page cannot be read: one line, with what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It has no text.
    Empty,
    /// It has more bytes than are read.
    TooLarge,
    /// It is UTF-16.
    Utf16,
    /// It is no text.
    Binary,
    /// It is a PDF.
    Pdf,
    /// It is in another encoding than UTF-8.
    NotUtf8 {
        /// The first line that is not.
        line: usize,
    },
    /// Its HTML cannot be read in reasonable time.
    Tangled,
    /// It has no table of status codes.
    NoTable,
    /// It has none, but asks for a password.
    Login,
    /// Two of its tables have different rows for the same code.
    TwoTables {
        /// The code or class, as a spec writes it.
        key: String,
        /// What the tables begin with.
        tables: [String; 2],
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the page is empty: save it again"),
            Self::TooLarge => write!(
                f,
                "the page is larger than {} MiB: keep the part with its table",
                MAX_BYTES >> 20
            ),
            Self::Utf16 => f.write_str("the page is in UTF-16: save it as UTF-8"),
            Self::Binary => f.write_str(
                "expected HTML, Markdown or plain text, found binary data: save the page as one of them",
            ),
            Self::Pdf => f.write_str("the page is a PDF: save it as HTML from a browser, or as text"),
            Self::NotUtf8 { line } => write!(
                f,
                "line {line} of the page is not UTF-8: save it as UTF-8, as `iconv -f latin1 -t utf-8` does"
            ),
            Self::Tangled => f.write_str(
                "the tags or tables of the page are tangled: keep the part with its table",
            ),
            Self::NoTable => f.write_str(
                "expected a table with a column of status codes, found none: save the page as HTML from a browser",
            ),
            Self::Login => f.write_str(
                "expected a table with a column of status codes, found a password field: save the page once you are logged in",
            ),
            Self::TwoTables { key, tables: [first, second] } => write!(
                f,
                "expected one row for {key}, found others in the tables of `{first}` and `{second}`: delete one table from the file, from its first line to its last"
            ),
        }
    }
}

impl std::error::Error for Fault {}
