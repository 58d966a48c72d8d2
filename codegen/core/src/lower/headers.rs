//! Names and values of headers.

use crate::diagnostic::{Code, Diagnostic, mismatch};
use crate::document::Node;
use crate::lower::report::Report;
use crate::lower::values::{is_yaml_word, word, yaml_word};

/// Returns the name of a header: a token of RFC 9110 section 5.6.2.
pub(crate) fn header_name(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = word(node, "the name of a header", report)?;
    let name = &scalar.text;
    if is_yaml_word(scalar) {
        report.push(yaml_word(node, format!("write `\"{name}\"`")));
        return None;
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        report.push(
            Diagnostic::new(
                Code::HeaderName,
                node.span,
                "expected letters, digits and `-`",
            )
            .message(mismatch("the name of a header", &format!("`{name}`")))
            .help("write the name alone, as in `Retry-After`"),
        );
        return None;
    }
    Some(name.clone())
}

/// Returns the value of a header, in visible ASCII and blanks.
pub(crate) fn header_value(node: &Node, report: &mut Report) -> Option<String> {
    let scalar = word(node, "the value of a header", report)?;
    let value = &scalar.text;
    if is_yaml_word(scalar) {
        report.push(yaml_word(node, format!("write `\"{value}\"`")));
        return None;
    }
    let is_plain = value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if value.is_empty() || !is_plain || value.trim() != value {
        let label = "expected visible ASCII, without blanks around it";
        report.push(
            Diagnostic::new(Code::HeaderValue, node.span, label)
                .message(mismatch(
                    "the value of a header",
                    &format!("`{}`", value.escape_debug()),
                ))
                .help("write the value as the server sends it"),
        );
        return None;
    }
    Some(value.clone())
}
