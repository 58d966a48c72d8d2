//! Why a page cannot be read.

use std::fmt;

use crate::page::MAX_BYTES;
use crate::page::codes::Key;

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
    /// It is in another encoding than UTF-8.
    NotUtf8 {
        /// The first line that is not.
        line: usize,
    },
    /// Its HTML cannot be read in reasonable time.
    Tangled,
    /// It has no table of status codes.
    NoTable,
    /// Two of its tables have a row for the same code.
    TwoTables {
        /// The code or class, as a spec writes it.
        key: String,
    },
}

impl Fault {
    pub(super) fn two_tables(key: Key) -> Self {
        Self::TwoTables {
            key: key.to_string(),
        }
    }
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
            Self::NotUtf8 { line } => write!(
                f,
                "the page is not UTF-8 in line {line}: save it as UTF-8, as `iconv -f latin1 -t utf-8` does"
            ),
            Self::Tangled => f.write_str(
                "too many tags of the page are never closed: keep the part with its table",
            ),
            Self::NoTable => f.write_str(
                "expected a table with a column of status codes, found none: save the page as a browser shows it, or the table as text with a line for each code",
            ),
            Self::TwoTables { key } => write!(
                f,
                "expected one table with a row for {key}, found two: keep one of them in the file"
            ),
        }
    }
}

impl std::error::Error for Fault {}
