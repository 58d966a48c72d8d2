//! A table as cells.

use crate::page::codes::parse;

/// A table as cells.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
}

#[derive(Debug, Default)]
pub(super) struct GridRow {
    pub(super) cells: Vec<String>,
    /// Whether it names the columns.
    pub(super) is_header: bool,
}

impl Grid {
    /// Returns the number of its columns, as far as they are looked at.
    pub(super) fn width(&self) -> usize {
        const MOST: usize = 100;

        let widths = self.rows.iter().map(|row| row.cells.len());
        widths.max().unwrap_or(0).min(MOST)
    }

    /// Returns the cells that name the columns, before the first row.
    pub(super) fn headers(&self) -> impl Iterator<Item = &GridRow> {
        self.rows.iter().take_while(|row| row.is_header)
    }

    /// Returns what the header says of a column, in lower case.
    pub(super) fn header(&self, column: usize) -> String {
        let headers = self.rows.iter().filter(|row| row.is_header);
        let cells = headers.map(|row| row.cell(column).to_lowercase());
        cells.collect::<Vec<_>>().join(" ")
    }

    /// Returns the rows that do not name the columns.
    pub(super) fn body(&self) -> impl Iterator<Item = &GridRow> {
        self.rows.iter().filter(|row| !row.is_header)
    }

    /// Takes the first row for a header if none is marked as one.
    pub(super) fn with_header(mut self) -> Self {
        if self.rows.iter().all(|row| !row.is_header)
            && let Some(first) = self.rows.first_mut()
        {
            first.is_header = first.cells.iter().all(|cell| {
                parse(cell).is_none() && !cell.starts_with(|c: char| c.is_ascii_digit())
            });
        }
        self
    }
}

impl GridRow {
    /// Returns a cell, which is empty beyond the end of the row.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// Returns whether the head of a column says that it holds status codes. Its cells may be glued: `CodeMeaning`.
pub(super) fn says_codes(header: &str) -> bool {
    const SAYS: [&str; 5] = ["code", "codes", "http", "status", "statuses"];

    let is_said = |word: &str| {
        let mut known = SAYS.iter();
        known.any(|known| word.eq_ignore_ascii_case(known))
    };
    words(header).any(|word| {
        let ends = word.char_indices().zip(word.chars().skip(1));
        let mut ends = ends.filter(|((_, c), next)| c.is_lowercase() && next.is_uppercase());
        is_said(word) || ends.any(|((at, c), _)| is_said(&word[..at + c.len_utf8()]))
    })
}

/// Returns the words of text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_codes_are_known_by_their_words() {
        for header in [
            "Code",
            "HTTP status",
            "status-code",
            "CodeMeaning",
            "Status CodeNameDescription",
            "HTTP statuses",
        ] {
            assert!(says_codes(header), "{header}");
        }
        for header in [
            "", "Barcode", "Decode", "barcodes", "Encoded", "httpd", "Name",
        ] {
            assert!(!says_codes(header), "{header}");
        }
    }
}
