//! The header that decides before the rows do.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Node;
use crate::lower::behavior::Behaviors;
use crate::lower::fields::Fields;
use crate::lower::headers::header_name;
use crate::lower::keys::{FALSE, SHOULD_RETRY, TRUE};
use crate::lower::report::Report;
use crate::model::{Assumed, ShouldRetry};

/// Reads `should_retry`.
pub(crate) fn should_retry(
    node: &Node,
    behaviors: &mut Behaviors,
    assumed: &mut Vec<Assumed>,
    report: &mut Report,
) -> Option<ShouldRetry> {
    let Some(fields) = Fields::read(node, &SHOULD_RETRY, report) else {
        behaviors.mark_unreadable();
        return None;
    };
    let header = fields.value("header", header_name, report);
    let mut cases = Vec::new();
    for key in [TRUE, FALSE] {
        let case = fields.value(
            key.name,
            |node, report| behaviors.read(node, report),
            report,
        );
        cases.extend(case.map(|retry| (key.name.to_owned(), retry)));
    }
    if fields.lacks(TRUE.name) && fields.lacks(FALSE.name) {
        report.push(
            Diagnostic::new(Code::ShouldRetry, fields.span, "neither `true` nor `false`")
                .help("add what each value means, as in `\"false\": never`"),
        );
    }
    assumed.extend(Assumed::below(&"should_retry", fields.assumed()));
    Some(ShouldRetry {
        header: header?,
        cases,
    })
}
