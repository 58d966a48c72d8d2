//! What usually is behind a message of the YAML parser.

const COLUMNS: &str =
    "begin all rows, `- code:`, in one column, and all keys of one map in one column";
const BRACKETS: &str =
    "look for a bracket or brace that is missing, or one too many, in this line or any above it";

/// What the parser's message has in it, and what to do then.
const HELPS: [(&str, &str); 14] = [
    (
        "<document start>",
        "begin this line in the same column as the first key of the file",
    ),
    (
        "simple key expected",
        "a key is followed by `:` and a blank, as in `retry: never`",
    ),
    ("expected '-'", COLUMNS),
    (
        "block sequence",
        "begin each item of a list in a line of its own, and put a text that begins with `- ` in quotes",
    ),
    (
        "comment intercepting",
        "end the text before the comment, or begin a line of its own with the comment",
    ),
    ("comments must be separated", "put a blank before the `#`"),
    ("bracket", BRACKETS),
    ("illegal placement of ':'", BRACKETS),
    ("only valid inside a block", BRACKETS),
    (
        "flow",
        "a `,` or a closing bracket is missing, or a text with `: ` in it has to be in quotes",
    ),
    (
        "trailing content",
        "a quote within a text in quotes ends it: put the other kind of quotes around the text, or write `''` for `'` and `\\\"` for `\"`",
    ),
    (
        "escape",
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    (
        "unclosed quote",
        "end the text with the quote that it begins with",
    ),
    (
        "unexpected character",
        "put the text in quotes, for YAML reserves the character that it begins with",
    ),
];

/// What to do where the parser says `message` of a place, with what stands before that in its line.
pub(crate) fn syntax_help(message: &str, before: &str) -> &'static str {
    let is = |part| message.contains(part);
    if is("mapping values are not allowed") {
        return if before.contains(": ") {
            "put the text in quotes, for it has a `: ` in it"
        } else {
            "begin this line in the same column as the other keys of its map"
        };
    }
    if is("expected key") {
        return if before.trim().is_empty() {
            COLUMNS
        } else {
            "put the text in quotes: a value that begins with `[`, `{` or a quote ends with it"
        };
    }
    let known = HELPS.iter().find(|(part, _)| is(part));
    known.map_or(
        "look at this line and the one before: a `:`, a bracket or a quote may be missing, or the indentation wrong",
        |(_, help)| help,
    )
}
