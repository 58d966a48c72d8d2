//! Bytes as text.

use std::borrow::Cow;

use crate::disk::with_line_feeds;
use crate::page::MAX_BYTES;
use crate::page::fault::Fault;

/// Returns the text of a page, without what has no width, and with line feeds.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Fault::Pdf);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || is_utf16(bytes) {
        return Err(Fault::Utf16);
    }
    if bytes.iter().any(|byte| is_binary(*byte)) {
        return Err(Fault::Binary);
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let lines = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n');
        Fault::NotUtf8 {
            line: lines.count(),
        }
    })?;
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(Fault::Empty);
    }
    Ok(match visible(text) {
        Cow::Borrowed(text) => with_line_feeds(text),
        Cow::Owned(text) => Cow::Owned(with_line_feeds(&text).into_owned()),
    })
}

/// Returns text without characters that have no width. They stand in words and codes, and nobody sees them.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        Cow::Owned(text.replace(is_invisible, ""))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Returns whether a byte is in no text: a control character but tabs, line ends and page ends.
fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
}

/// Returns whether every second of the first bytes is zero, as in UTF-16 of mostly ASCII.
fn is_utf16(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64) & !1];
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).all(|byte| *byte == 0);
    start.len() >= 4 && (zeros(0) != zeros(1))
}
