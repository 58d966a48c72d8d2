//! Strings of a document on one line, as YAML takes them.

use crate::document::{Node, Value};
use crate::lower::YAML_1_1_BOOLEANS;
use crate::source::is_control;

/// Returns the string on one line, without what nobody sees, and cut off after `longest` characters.
pub(super) fn line(text: &str, longest: usize) -> String {
    // Blanks in a row count as one, so it takes more to fill a line.
    let enough: String = text.chars().take(longest.saturating_mul(4)).collect();
    let is_cut = enough.len() < text.len();
    // YAML has no way to print the last two.
    let is_hidden = |c: char| is_control(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let visible = enough.replace(is_hidden, " ");
    let words: Vec<&str> = visible.split_whitespace().collect();
    let line = words.join(" ");
    let end = match line.char_indices().nth(longest) {
        Some((end, _)) => end,
        None if is_cut => line.len(),
        None => return line,
    };
    let blank = line[..end].rfind(' ').filter(|at| *at > end / 2);
    let start = line[..blank.unwrap_or(end)].trim_end_matches([' ', '.', ',']);
    format!("{start}...")
}

/// Returns a value on one line in YAML's flow style, cut off after `longest` characters.
pub(super) fn flow(node: &Node, longest: usize) -> String {
    let mut text = String::new();
    // A character takes up to four bytes, and what is cut off has to show.
    write_flow(node, longest.saturating_mul(4) + 4, &mut text);
    line(&text, longest)
}

/// Writes a value until there are `enough` bytes.
fn write_flow(node: &Node, enough: usize, text: &mut String) {
    let mut separator = "";
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Scalar(scalar) => text.extend(scalar.text.chars().take(enough)),
        Value::List(items) => {
            text.push('[');
            for item in items {
                if text.len() > enough {
                    return;
                }
                text.push_str(separator);
                separator = ", ";
                write_flow(item, enough, text);
            }
            text.push(']');
        }
        Value::Map(entries) => {
            text.push('{');
            for (key, value) in entries {
                if text.len() > enough {
                    return;
                }
                text.push_str(separator);
                separator = ", ";
                write_flow(key, enough, text);
                text.push_str(": ");
                write_flow(value, enough, text);
            }
            text.push('}');
        }
    }
}

/// Returns a line as a YAML string: plain if every reader takes it for the same, else in quotes.
pub(super) fn quoted(line: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " ,.'()/_-".contains(c);
    let is_word = |word: &str| YAML_1_1_BOOLEANS.contains(&word) || word == "null";
    if line.starts_with(|c: char| c.is_ascii_alphabetic())
        && line.chars().all(is_plain)
        && !line.ends_with(' ')
        && !is_word(&line.to_lowercase())
    {
        return line.to_owned();
    }
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}
