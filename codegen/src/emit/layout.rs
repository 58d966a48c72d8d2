//! Tokens to text: `prettyplease`, and blank lines where a person would leave them.

use proc_macro2::TokenStream;

/// The items of a file.
pub(super) fn items(tokens: &TokenStream) -> String {
    // The emitters build only what parses; a fault there shows as text that does not compile.
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => spaced(&prettyplease::unparse(&file)),
        Err(_) => tokens.to_string(),
    }
}

/// A blank line before every item that has a body or a doc comment, unless it is the first of its
/// block, and between imports and what follows them.
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

/// Imports, and items that end where they begin, stand together.
fn starts_one_line(line: &str) -> bool {
    starts_item(line) && (line.ends_with(';') || line.ends_with("{}"))
}
