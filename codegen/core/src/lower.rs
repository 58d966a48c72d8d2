//! Turns the document into the model. Every rule is checked here, and all errors of a spec are collected.

mod behavior;
mod bounds;
mod fields;
mod keys;
mod names;
mod report;
mod schedule;
#[cfg(test)]
mod schema_test;
mod statuses;
mod values;
mod waits;

use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::model::{Model, Source};
use crate::source::Span;

use behavior::Behaviors;
use fields::Fields;
use keys::{CRATE, ROOT, SOURCE, missing_key};
use report::Report;

/// Returns the model unless there were errors, and all diagnostics in the order of the source.
pub(crate) fn lower(root: &Node) -> (Option<Model>, Vec<Diagnostic>) {
    let mut report = Report::default();
    let model = spec(root, &mut report).filter(|_| !report.has_errors());
    (model, report.into_sorted())
}

fn spec(root: &Node, report: &mut Report) -> Option<Model> {
    let fields = Fields::read(root, &ROOT, report)?;
    let api = fields.value("api", values::text, report);
    let crate_name = fields.value("crate", values::crate_name, report);
    let version = match fields.get("version") {
        Some(node) => values::version(node, report),
        None => Some(semver::Version::new(0, 1, 0)),
    };
    let license = fields.value("license", values::license, report);
    let source = fields.value("source", source, report);
    let max_retries = fields.value("max_retries", bounds::max_retries, report);
    let max_elapsed = fields.value("max_elapsed", bounds::max_elapsed, report);
    let definitions = fields.value("backoff", schedule::definitions, report);
    let definitions = definitions.unwrap_or_default();

    let mut behaviors = Behaviors::new(definitions.names(), fields.misspells("backoff"));
    let statuses = statuses::statuses(fields.get("statuses"), &mut behaviors, report);
    let unlisted = behaviors.read_required(fields.get("unlisted"), report);
    let transport = behaviors.read_transport(fields.get("transport"), report);
    behaviors.check_unlimited(max_retries, report);

    let is_unused = |schedule: &str| behaviors.is_unused(schedule);
    let schedules = definitions.resolve(max_retries, max_elapsed, is_unused, report);
    let assumed = fields.value("assumed", values::texts, report);

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
        assumed: assumed.unwrap_or_default(),
    })
}

fn source(node: &Node, report: &mut Report) -> Option<Source> {
    let fields = Fields::read(node, &SOURCE, report)?;
    let title = fields.value("title", values::text, report);
    let url = fields.value("url", values::url, report);
    let read = fields.value("read", values::date, report);
    Some(Source {
        title: title?,
        url: url?,
        read: read?,
    })
}

/// Returns the diagnostic for a spec that does not name its crate.
pub(crate) fn missing_crate() -> Diagnostic {
    missing_key(&CRATE, Span::START, "a spec that generates a crate")
}
