//! The text of a spec, and places in it.

/// The largest spec that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// A spec's text, with the name it goes by in diagnostics and in the headers of generated files.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// The first byte of each line.
    lines: Vec<usize>,
    /// In bytes, before invalid UTF-8 was replaced.
    pub(crate) size: usize,
    /// The offset of the first byte that is not UTF-8.
    pub(crate) not_utf8: Option<usize>,
    /// Whether the bytes begin as a file of UTF-16 does.
    pub(crate) is_utf16: bool,
}

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Source {
    /// Returns a spec with this text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let ends = text.match_indices('\n').map(|(newline, _)| newline + 1);
        Self {
            name: name.into(),
            lines: [0].into_iter().chain(ends).collect(),
            size: text.len(),
            text,
            not_utf8: None,
            is_utf16: false,
        }
    }

    /// Returns a spec with the bytes of a file. If they are not UTF-8, [`check`](crate::check) reports it.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Self {
        Self {
            size: bytes.len(),
            not_utf8: str::from_utf8(bytes).err().map(|error| error.valid_up_to()),
            is_utf16: bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff"),
            ..Self::new(name, String::from_utf8_lossy(bytes))
        }
    }

    /// Returns the name it goes by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and the column of a byte, both from 1. Columns count characters, but not a byte
    /// order mark.
    #[must_use]
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.lines.partition_point(|start| *start <= byte);
        let before = &self.text[self.lines[line - 1]..byte];
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        (line, column)
    }

    /// Returns the byte at a line and a column, as [`position`](Self::position) counts them, or the end of
    /// the text if there is no such line.
    pub(crate) fn byte(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.lines.get(line - 1) else {
            return self.text.len();
        };
        let rest = &self.text[*start..];
        let mark = rest.len() - rest.trim_start_matches('\u{feff}').len();
        let inside = rest[mark..].char_indices().nth(column - 1);
        start + inside.map_or(rest.len(), |(offset, _)| mark + offset)
    }
}

/// Returns whether a character is invisible, and neither a line break nor a tab: a control character, or
/// one that turns the direction of text. Nobody who reads the generated code would see it.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        )
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns whether a character looks like a blank, or like nothing, but is not a blank to YAML.
pub(crate) fn is_false_blank(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r'))
        || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Returns the code point as in `U+00A0`.
pub(crate) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

impl Span {
    pub(crate) const START: Self = Self { start: 0, end: 0 };

    pub(crate) fn to(self, end: Self) -> Self {
        Self {
            start: self.start,
            end: end.end.max(self.end),
        }
    }
}
