//! Turns the document into the model. Every rule is checked here, and all errors of a spec are collected.

mod behavior;
mod bounds;
mod errors;
mod fields;
mod headers;
mod keys;
mod names;
mod report;
mod schedule;
#[cfg(test)]
mod schema_test;
mod should_retry;
mod statuses;
mod values;
mod wait_headers;
mod waits;

#[cfg(feature = "import")]
pub(crate) use names::YAML_1_1_BOOLEANS;
pub use schedule::parse_jitter;
#[cfg(feature = "import")]
pub(crate) use statuses::{derive_variant, is_variant};
#[cfg(feature = "import")]
pub(crate) use values::is_url;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Value};
use crate::model::{Model, Source, WaitHeader};
use crate::source::Span;

use behavior::Behaviors;
pub(crate) use behavior::Undecided;
use fields::Fields;
use keys::{CRATE, ROOT, SOURCE, missing_key};
use report::Report;

/// Returns the model unless there were errors, and all diagnostics in the order of the source.
pub(crate) fn lower(root: &Node, undecided: Undecided) -> (Option<Model>, Vec<Diagnostic>) {
    let mut report = Report::default();
    let model = spec(root, undecided, &mut report).filter(|_| !report.has_errors());
    (model, report.into_sorted())
}

fn spec(root: &Node, undecided: Undecided, report: &mut Report) -> Option<Model> {
    let fields = Fields::read(root, &ROOT, report)?;
    let api = fields.value("api", values::text, report);
    let crate_name = fields.value("crate", values::crate_name, report);
    let version = match fields.get("version") {
        Some(node) => values::version(node, report),
        None => Some(semver::Version::new(0, 1, 0)),
    };
    let license = fields.value("license", values::license, report);
    let sources = fields.value("source", sources, report);
    let max_retries = fields.value("max_retries", bounds::max_retries, report);
    let max_elapsed = fields.value("max_elapsed", bounds::max_elapsed, report);
    let definitions = fields.value("backoff", schedule::definitions, report);
    let definitions = definitions.unwrap_or_default();

    let mut behaviors = Behaviors::new(definitions.names(), fields.misspells("backoff"), undecided);
    let statuses = statuses::statuses(fields.get("statuses"), &mut behaviors, report);
    let unlisted = behaviors.read_required(fields.get("unlisted"), report);
    let mut assumed_values = fields.assumed().to_vec();
    let transport = fields.get("transport");
    let transport = behaviors.read_transport(transport, &mut assumed_values, report);
    let should_retry = fields
        .get("should_retry")
        .map(|node| should_retry::should_retry(node, &mut behaviors, &mut assumed_values, report));
    behaviors.check_unlimited(max_retries, report);

    let wait_headers = match fields.get("retry_after") {
        Some(node) => wait_headers::wait_headers(node, report),
        None => Some(vec![WaitHeader::retry_after()]),
    };
    let max_retry_after = fields.value("max_retry_after", values::positive_duration, report);
    let retry_after_jitter = fields.value("retry_after_jitter", bounds::percentage, report);
    for key in ["retry_after", "max_retry_after", "retry_after_jitter"] {
        if let (Some((key, _)), true) = (fields.entry(key), behaviors.never_asks_server()) {
            report.push(unused_retry_after(key.span));
        }
    }

    let is_unused = |schedule: &str| behaviors.is_unused(schedule);
    let schedules = definitions.resolve(max_retries, max_elapsed, is_unused, report);
    let assumed = fields.value("assumed", values::texts, report);

    let statuses = statuses?;
    let (connect, transport) = transport?;
    Some(Model {
        api: api?,
        crate_name,
        version: version?,
        license,
        sources: sources?,
        max_retries: max_retries?.retries,
        max_elapsed: max_elapsed.map(|max| max.elapsed),
        schedules,
        rows: statuses.rows,
        classes: statuses.classes,
        unlisted: unlisted?,
        connect,
        transport,
        wait_headers: wait_headers?,
        max_retry_after,
        retry_after_jitter,
        should_retry: match should_retry {
            Some(should_retry) => Some(should_retry?),
            None => None,
        },
        assumed: assumed.unwrap_or_default(),
        assumed_values,
    })
}

fn unused_retry_after(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnusedRetryAfter, span, "never used")
        .help("write `retry-after` in a row, or remove the key")
}

fn sources(node: &Node, report: &mut Report) -> Option<Vec<Source>> {
    let Value::List(items) = &node.value else {
        return Some(vec![source(node, report)?]);
    };
    if items.is_empty() {
        report.push(
            values::wrong_kind(node, "a source")
                .help("write the page that was transcribed: `title`, `url` and `read`"),
        );
        return None;
    }
    Some(
        items
            .iter()
            .filter_map(|item| source(item, report))
            .collect(),
    )
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
