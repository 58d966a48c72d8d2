//! What usually is behind an error of the YAML parser.

use serde_yaml::granit_parser::ErrorKind;

const COLUMNS: &str =
    "begin all rows, `- code:`, in one column, and all keys of one map in one column";
const BRACKETS: &str =
    "look for a bracket or brace that is missing, or one too many, in this line or any above it";

/// What to do if nothing more is known.
pub(super) const LOOK: &str = "look at this line and the one before: a `:`, a bracket or a quote may be missing, or the indentation wrong";

/// Returns what to do about an error of this kind, with `before` to its left in its line.
pub(super) fn syntax_help(kind: &ErrorKind, before: &str) -> &'static str {
    match kind {
        ErrorKind::MappingValueNotAllowed if before.contains(": ") => {
            "put the text in quotes, for it has a `: ` in it"
        }
        ErrorKind::MappingValueNotAllowed => {
            "begin this line in the same column as the other keys of its map"
        }
        ErrorKind::ExpectedBlockMappingKey if !before.trim().is_empty() => {
            "put the text in quotes: a value that begins with `[`, `{` or a quote ends with it"
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => COLUMNS,
        ErrorKind::ExpectedDocumentStart => {
            "begin this line in the same column as the first key of the file"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::FlowMappingValueAdjacentCollection => {
            "a key is followed by `:` and a blank, as in `retry: never`"
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            "begin each item of a list in a line of its own, and put a text that begins with `- ` in quotes"
        }
        ErrorKind::CommentInterceptedScalar => {
            "end the text before the comment, or begin a line of its own with the comment"
        }
        ErrorKind::CommentNotSeparated => "put a blank before the `#`",
        ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection => BRACKETS,
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "a `,` or a closing bracket is missing, or a text with `: ` in it has to be in quotes"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "a quote within a text in quotes ends it: put the other kind of quotes around the text, or write `''` for `'` and `\\\"` for `\"`"
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            "write `\\\\` for a backslash, or put the text in single quotes"
        }
        ErrorKind::UnclosedQuotedScalar => "end the text with the quote that it begins with",
        ErrorKind::UnexpectedCharacter { .. } => {
            "put the text in quotes, for YAML reserves the character that it begins with"
        }
        _ => LOOK,
    }
}
