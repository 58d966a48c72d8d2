//! Drafts a spec from an OpenAPI document: what the document says about retries, and what it leaves open.

mod collect;
mod decide;
mod draft;
mod error;
mod extension;
mod idempotence;
mod line;
mod names;
mod operations;
mod references;
mod schedule;
mod status;
mod tally;
mod tree;
mod words;

pub use draft::Draft;

use crate::document::{Node, Refusal, Value, read_foreign};
use crate::source::{MAX_BYTES, Source};

use collect::collect;
use draft::Head;
use error::Error;
use line::line;
use operations::operations;
use references::References;
use tree::{get, text};

/// The largest document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 8 << 20;

/// The longest message, in characters.
const MESSAGE: usize = 800;

/// What is drafted of a document.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The operations, each as `METHOD PATH`; without any, all of them.
    pub operations: &'a [String],
    /// The name of the API, if it is not the document's title.
    pub api: Option<&'a str>,
    /// The day on which the document is read, as `2026-11-22`.
    pub read: &'a str,
}

/// Why nothing is drafted, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraft {
    /// The document cannot be drafted from. The line begins with the place in it.
    Document(String),
    /// What is asked for is not there, or not right.
    Request(String),
}

/// Drafts a spec.
///
/// # Errors
///
/// A line that says why, and where, if the document is not OpenAPI 3.0 or 3.1 or asks for too much.
pub fn draft(source: &Source, request: &Request<'_>) -> Result<Draft, NoDraft> {
    if source.size > MAX_DOCUMENT_BYTES {
        let name = source.name();
        let message = format!("{name}: larger than 8 MiB: draft from a part of the document");
        return Err(NoDraft::Document(message));
    }
    from_document(source, request).map_err(|error| match error {
        Error::Document(Refusal { span, message }) => {
            let ((row, column), name) = (source.position(span.start), source.name());
            let message = line(&message, MESSAGE);
            NoDraft::Document(format!("{name}:{row}:{column}: {message}"))
        }
        Error::Request(message) => NoDraft::Request(message),
    })
}

fn from_document(source: &Source, request: &Request<'_>) -> Result<Draft, Error> {
    if request.api.is_some_and(|api| line(api, MESSAGE).is_empty()) {
        let message = "expected the name of an API, found a blank";
        return Err(Error::Request(message.to_owned()));
    }
    let root = read_foreign(source)?;
    let version = version(&root)?;
    let references = References::new(&root);
    let fields = references.fields(&root, "an OpenAPI document")?;
    let collected = collect(operations(&fields, &references, request.operations)?);
    let refuse = |message: String| {
        let span = fields.get("paths").unwrap_or(&root).span;
        Err(Error::Document(Refusal { span, message }))
    };
    if collected.statuses.is_empty() {
        let webhooks = match fields.get("webhooks") {
            Some(_) => "; webhooks are not read, because the vendor is the client there",
            None => "",
        };
        return refuse(format!(
            "no operation has a response with a status code, so there are no rows to draft{webhooks}"
        ));
    }
    let info = references.below(&fields, "info")?;
    let head = Head {
        contact: &references.below(&info, "contact")?,
        docs: &references.below(&fields, "externalDocs")?,
        info: &info,
        file: source.name(),
        version: &version,
        api: request.api,
        read: request.read,
    };
    let draft = draft::draft(&head, &collected);
    if draft.text.len() > MAX_BYTES {
        return refuse(format!(
            "the draft has {} bytes, of which a spec takes {MAX_BYTES} at most: choose some operations with `--operation`",
            draft.text.len()
        ));
    }
    Ok(draft)
}

/// Returns the version of OpenAPI, if it is one that is read.
fn version(root: &Node) -> Result<String, Refusal> {
    const SHOWN: usize = 40;

    let refuse = |node: &Node, message: String| {
        Err(Refusal {
            span: node.span,
            message,
        })
    };
    if !matches!(root.value, Value::Map(_)) {
        return refuse(
            root,
            "expected an OpenAPI document in YAML or JSON, found no map".to_owned(),
        );
    }
    let Some(node) = get(root, "openapi") else {
        return match get(root, "swagger") {
            Some(node) => {
                let version = line(text(node).unwrap_or_default(), SHOWN);
                let found = format!("Swagger {version}");
                let message = format!(
                    "expected OpenAPI 3.0 or 3.1, found {}: convert it to OpenAPI 3 first",
                    found.trim_end()
                );
                refuse(node, message)
            }
            None => refuse(
                root,
                "expected an OpenAPI document, found no key `openapi`".to_owned(),
            ),
        };
    };
    let version = line(text(node).unwrap_or_default(), SHOWN);
    let is_read = |minor: &str| version == minor || version.starts_with(&format!("{minor}."));
    if is_read("3.0") || is_read("3.1") {
        return Ok(version);
    }
    let found = match version.as_str() {
        "" => "no version".to_owned(),
        version => format!("`{version}`"),
    };
    refuse(node, format!("expected OpenAPI 3.0 or 3.1, found {found}"))
}
