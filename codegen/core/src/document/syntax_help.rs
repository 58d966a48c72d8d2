//! The usual causes of the YAML parser's errors.

use serde_yaml::granit_parser::ErrorKind;

const COLUMNS: &str =
    "align all rows, `- code:`, in one column, and all keys of a map in one column";
const BRACKETS: &str = "look for a missing or extra bracket or brace, on this line or above";

/// The help when nothing more is known.
pub(super) const LOOK: &str = "check this line and the one before for a missing `:`, bracket or quote, and check the indentation";

/// Returns the help for an error of this kind. `before` is the text to its left in its line.
pub(super) fn syntax_help(kind: &ErrorKind, before: &str) -> &'static str {
    match kind {
        ErrorKind::MappingValueNotAllowed if before.contains(": ") => {
            "quote the string, because it contains `: `"
        }
        ErrorKind::MappingValueNotAllowed => "align this line with the other keys of its map",
        ErrorKind::ExpectedBlockMappingKey if !before.trim().is_empty() => {
            "quote the string: a value that begins with `[`, `{` or a quote ends at the closing one"
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => COLUMNS,
        ErrorKind::ExpectedDocumentStart => "align this line with the first key of the file",
        ErrorKind::SimpleKeyExpected | ErrorKind::FlowMappingValueAdjacentCollection => {
            "add `:` and a space after the key, as in `retry: never`"
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            "begin each item of a list on a new line, and quote a string that begins with `- `"
        }
        ErrorKind::CommentInterceptedScalar => {
            "end the string before the comment, or move the comment to its own line"
        }
        ErrorKind::CommentNotSeparated => "add a space before the `#`",
        ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::BlockEntryInFlowCollection => BRACKETS,
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "add the missing `,` or closing bracket, or quote a string that contains `: `"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "use the other kind of quotes around the string, or write `''` for `'` and `\\\"` for `\"` in it"
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => "write `\\\\` for a backslash, or use single quotes",
        ErrorKind::UnclosedQuotedScalar => "end the string with the quote that it begins with",
        ErrorKind::UnexpectedCharacter { .. } => {
            "quote the string, because YAML reserves its first character"
        }
        _ => LOOK,
    }
}
