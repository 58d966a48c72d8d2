//! Tokens to text: `prettyplease`, and blank lines where a person would leave them.

use proc_macro2::TokenStream;

const WIDTH: usize = 100;

/// Returns the items of a file.
pub(super) fn items(tokens: &TokenStream) -> String {
    let file = syn::parse2::<syn::File>(tokens.clone()).expect("an emitter builds what parses");
    spaced(&joined(&prettyplease::unparse(&file)))
}

/// Returns how many lines an arm of a method takes that gives a variant's text.
pub(super) fn arm_lines(variant: &str, text: &str) -> usize {
    let arm = format!("            Self::{variant} => {text:?},");
    if fits(&arm) { 1 } else { 3 }
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH
}

/// Joins the arms whose string has room behind the `=>`.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut rest = lines.clone();
        let arm = line.strip_suffix("=> {").and_then(|pattern| {
            let value = rest.next()?.trim_start();
            let arm = format!("{pattern}=> {value},");
            (value.starts_with('"') && rest.next()?.trim() == "}" && fits(&arm)).then_some(arm)
        });
        match arm {
            Some(arm) => {
                joined.push_str(&arm);
                lines = rest;
            }
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    joined
}

/// Returns a public import as rustfmt breaks it: on one line, or on lines that are filled up.
pub(super) fn import(module: &str, names: &[String]) -> String {
    let line = format!("pub use {module}::{{{}}};", names.join(", "));
    if line.len() <= WIDTH {
        return line + "\n";
    }
    let mut lines = vec!["   ".to_owned()];
    for name in names {
        let last = lines.last_mut().expect("never empty");
        if last.len() + name.len() + 2 > WIDTH {
            lines.push(format!("    {name},"));
        } else {
            *last = format!("{last} {name},");
        }
    }
    format!("pub use {module}::{{\n{}\n}};\n", lines.join("\n"))
}

/// Puts a blank line before every item that has a body or a doc comment, unless it is the first of its
/// block, and around each group of imports.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut before = "{";
    for line in text.lines() {
        let (this, last) = (line.trim_start(), before.trim_start());
        let is_head = |line: &str| line.starts_with("///") || line.starts_with("#[");
        let begins = is_head(this) || starts_item(this);
        // An attribute of several lines ends in `)]`.
        let follows = !is_head(last) && !last.starts_with(")]") && !last.ends_with('{');
        let in_run = starts_one_line(this) && starts_one_line(last);
        let is_outer = |line: &str| line.starts_with("use ") && !line.starts_with("use super::");
        let in_run = in_run && is_outer(this) == is_outer(last);
        if begins && follows && !in_run {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

fn starts_item(line: &str) -> bool {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    [
        "const ", "fn ", "impl", "mod ", "trait ", "enum ", "struct ", "use ",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

/// Returns whether a line is an item, as an import is: such items stand together.
fn starts_one_line(line: &str) -> bool {
    starts_item(line) && (line.ends_with(';') || line.ends_with("{}"))
}
