//! Bytes as text.

use std::borrow::Cow;

use crate::disk::with_line_feeds;
use crate::page::MAX_BYTES;
use crate::page::fault::Fault;

/// Returns the text of a page, without a byte order mark, and with line feeds.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
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
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    Ok(with_line_feeds(text))
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
