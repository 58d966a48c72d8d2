//! Document to model. Every rule has its check; all of a spec's errors are collected.

mod backoff;
mod fields;
mod retry;
#[cfg(test)]
mod schema_test;
mod statuses;
mod values;
mod waits;

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::model::{Model, Source};
use crate::source::Span;

use fields::{Fields, ROOT, SOURCE};

/// Collects what is wrong.
#[derive(Default)]
struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// How often one request may be sent again, and where the spec says so.
#[derive(Clone, Copy)]
struct MaxRetries {
    retries: Option<u32>,
    span: Span,
}

/// When the last retry may start, and where the spec says so.
#[derive(Clone, Copy)]
struct MaxElapsed {
    elapsed: Duration,
    span: Span,
}

/// The model, where no error leaves none, and what is wrong, in the order of the text.
pub(crate) fn lower(root: &Node) -> (Option<Model>, Vec<Diagnostic>) {
    let mut report = Report::default();
    let model = spec(root, &mut report).filter(|_| !report.has_errors());
    report
        .diagnostics
        .sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span.start));
    (model, report.diagnostics)
}

fn spec(root: &Node, report: &mut Report) -> Option<Model> {
    let fields = Fields::read(root, &ROOT, report)?;
    let api = fields
        .get("api")
        .and_then(|node| values::text(node, report));
    let crate_name = fields
        .get("crate")
        .and_then(|node| values::crate_name(node, report));
    let version = match fields.get("version") {
        Some(node) => values::version(node, report),
        None => Some(semver::Version::new(0, 1, 0)),
    };
    let license = fields
        .get("license")
        .and_then(|node| values::license(node, report));
    let source = fields.get("source").and_then(|node| source(node, report));
    let max_retries = fields
        .get("max_retries")
        .and_then(|node| values::max_retries(node, report));
    let max_elapsed = fields.get("max_elapsed").and_then(|node| {
        let elapsed = values::positive_duration(node, report)?;
        Some(MaxElapsed {
            elapsed,
            span: node.span,
        })
    });

    let definitions = fields
        .get("backoff")
        .map(|node| backoff::definitions(node, report))
        .unwrap_or_default();
    let mut behaviors = retry::Behaviors::new(definitions.names(), fields.misspells("backoff"));
    let statuses = match fields.get("statuses") {
        Some(node) => statuses::statuses(node, &mut behaviors, report),
        None => {
            behaviors.miss();
            None
        }
    };
    let unlisted = behaviors.read_required(fields.get("unlisted"), report);
    let transport = behaviors.read_transport(fields.get("transport"), report);
    behaviors.check_unlimited(max_retries, report);
    let schedules = definitions.resolve(max_retries, max_elapsed, &behaviors, report);
    let assumed = fields
        .get("assumed")
        .map(|node| values::texts(node, report))
        .unwrap_or_default();

    let statuses = statuses?;
    Some(Model {
        api: api?,
        crate_name,
        version: version?,
        license,
        source: source?,
        max_retries: max_retries?.retries,
        max_elapsed: max_elapsed.map(|max| max.elapsed),
        schedules,
        rows: statuses.rows,
        classes: statuses.classes,
        unlisted: unlisted?,
        transport: transport?,
        assumed,
    })
}

fn source(node: &Node, report: &mut Report) -> Option<Source> {
    let fields = Fields::read(node, &SOURCE, report)?;
    let title = fields
        .get("title")
        .and_then(|node| values::text(node, report));
    let url = fields.get("url").and_then(|node| values::url(node, report));
    let read = fields
        .get("read")
        .and_then(|node| values::date(node, report));
    Some(Source {
        title: title?,
        url: url?,
        read: read?,
    })
}

/// Only a crate of its own needs a name.
pub(crate) fn missing_crate() -> Diagnostic {
    fields::missing_key("crate", Span::START, "a crate of its own")
}
