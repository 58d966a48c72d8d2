//! How much work a page is for a parser of HTML.
//!
//! For each tag, html5ever may look at every element that is open, and repeat every open element of formatting. Some
//! megabytes of tags that nobody closes would take hours. No page that a browser shows is near these bounds.

use crate::page::fault::Fault;

/// The sum, over all tags, of the elements that are open.
const MOST_OPEN: u64 = 50_000_000;
/// The same for elements of formatting, which are repeated in memory.
const MOST_FORMATTING: u64 = 1_000_000;
/// Each is compared with those before it.
const MOST_ATTRIBUTES: u32 = 5_000;

/// Ends by itself.
const VOID: [&str; 26] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "wbr",
];
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// What they hold is no HTML.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// Refuses a page that would take too long.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let (mut open, mut formatting) = (0_u64, 0_u64);
    let (mut all_open, mut all_formatting) = (0_u64, 0_u64);
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        let (is_end, tag) = match rest.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (name, after) = tag.split_at(end.unwrap_or(tag.len()));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name = name.to_ascii_lowercase();
        let (attributes, after) = attributes(after);
        if attributes > MOST_ATTRIBUTES {
            return Err(Fault::Tangled);
        }
        let is_closed = rest[..rest.len() - after.len()].ends_with("/>");
        rest = after;
        if VOID.contains(&&*name) || (is_closed && !is_end) {
            // Nothing is open.
        } else if is_end {
            open = open.saturating_sub(1);
            formatting = formatting.saturating_sub(u64::from(FORMATTING.contains(&&*name)));
        } else if RAW.contains(&&*name) {
            rest = after_raw(rest, &name);
        } else {
            open += 1;
            formatting += u64::from(FORMATTING.contains(&&*name));
        }
        all_open += open;
        all_formatting += formatting;
        if all_open > MOST_OPEN || all_formatting > MOST_FORMATTING {
            return Err(Fault::Tangled);
        }
    }
    Ok(())
}

/// Returns the number of attributes in a tag, and what follows the tag.
fn attributes(text: &str) -> (u32, &str) {
    let mut count = 0;
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => continue,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return (count, &text[at + 1..]),
            (None, byte) if byte.is_ascii_whitespace() || byte == b'/' => {
                // A blank after `=` is before its value.
                before = if before == b'=' { b'=' } else { b' ' };
                continue;
            }
            (None, _) => count += u32::from(before == b' '),
        }
        before = byte;
    }
    (count, "")
}

/// Returns what follows the end tag of an element without HTML in it.
fn after_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let bytes = text.as_bytes();
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    let end = ends.find(|at| {
        let tag = bytes[at + 2..].get(..name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    });
    end.map_or("", |end| &text[end + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_pages_are_taken() {
        for page in [
            "<p>".repeat(500_000),
            "<tr><td>429<td><b>x</b>".repeat(200_000),
            "<div><a href='x'><code>y</code></a></div>".repeat(200_000),
            format!(
                "<script>{}</script>{}",
                "i<n;".repeat(200_000),
                "<i>x</i>".repeat(100_000)
            ),
            format!(
                "<!-- {} -->{}",
                "<b>".repeat(200_000),
                "<i>x</i>".repeat(100_000)
            ),
            "<svg><path d='M 0 0 L 1 1'/></svg>".repeat(100_000),
            format!("<div>{}", "<br><img src=x>".repeat(200_000)),
            format!("<a title=\"{}\">", "b ".repeat(100_000)),
        ] {
            assert_eq!(check(&page), Ok(()), "{}", &page[..60.min(page.len())]);
        }
    }

    #[test]
    fn what_grows_with_the_square_is_refused() {
        let names: Vec<String> = (0..6_000).map(|n| format!("a{n}")).collect();
        let names = names.join(" ");
        for page in [
            "<div>".repeat(200_000),
            "<b>".repeat(5_000),
            "<a><div>".repeat(20_000),
            format!("<a {names}>"),
            format!("<a \" {names}>"),
        ] {
            assert_eq!(check(&page), Err(Fault::Tangled), "{}", &page[..20]);
        }
    }
}
