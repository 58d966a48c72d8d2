//! Markdown as HTML.

use pulldown_cmark::{Options, Parser, html};

/// Returns whether text has the line between the head and the body of a Markdown table.
pub(super) fn has_table(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        line.contains('|') && line.contains('-') && line.chars().all(|c| "|-: \t".contains(c))
    })
}

/// Returns a Markdown page as HTML.
pub(super) fn to_html(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_STRIKETHROUGH;
    let mut page = String::new();
    html::push_html(&mut page, Parser::new_ext(text, options));
    page
}
