//! The exceptions of a row, by the error code in the body of the response.

use crate::diagnostic::{Code, Diagnostic, mismatch};
use crate::document::Node;
use crate::lower::behavior::Behaviors;
use crate::lower::fields::{entries, unwrapped};
use crate::lower::report::Report;
use crate::model::{Assumed, Behavior};
use crate::source::{is_control, is_false_blank};

/// Reads the exceptions of a row, by error code.
pub(crate) fn errors(
    node: &Node,
    behaviors: &mut Behaviors,
    assumed: &mut Vec<Assumed>,
    report: &mut Report,
) -> Option<Vec<(String, Behavior)>> {
    let entries = entries(node, "a map of error codes and behaviors", report);
    let Some(entries) = entries else {
        behaviors.mark_unreadable();
        return None;
    };
    if entries.is_empty() {
        report.push(
            Diagnostic::new(Code::ErrorCode, node.span, "no error code").help(
                "write a code and its behavior, as in `{quota_exceeded: never}`, or remove the key",
            ),
        );
    }
    let mut errors = Vec::new();
    for (code, key, value) in entries {
        let mut wrapped = Vec::new();
        let value = unwrapped(code, value, &mut wrapped, report);
        assumed.extend(Assumed::below(&"errors", &wrapped));
        if !is_error_code(code) {
            report.push(
                Diagnostic::new(
                    Code::ErrorCode,
                    key.span,
                    "expected visible characters on one line",
                )
                .message(mismatch(
                    "an error code",
                    &format!("`{}`", code.escape_debug()),
                ))
                .help("write the code as the body of the response has it"),
            );
        }
        let retry = behaviors.read(value, report);
        errors.extend(retry.map(|retry| (code.to_owned(), retry)));
    }
    errors.sort_by(|(a, _), (b, _)| a.cmp(b));
    Some(errors)
}

fn is_error_code(code: &str) -> bool {
    !code.is_empty()
        && code.trim() == code
        && !code.contains(|c: char| c.is_control() || is_control(c) || is_false_blank(c))
}
