//! The operations of a document: what each answers, and what is said of its retries.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::document::{Node, Refusal, Value};
use crate::import::error::Error;
use crate::import::extension::{Extension, is_extension};
use crate::import::idempotence::{self, Idempotence};
use crate::import::line::line;
use crate::import::references::{REF, References, below};
use crate::import::status::Status;
use crate::import::tree::{Fields, get, text};

/// The most operations that are put into one table.
const MOST: usize = 10_000;

/// The most responses of all operations together.
const MOST_RESPONSES: usize = 200_000;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An extension, and its place in the document.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) extension: Rc<Extension>,
    pub(super) pointer: Rc<str>,
    /// Whether it stands in a response.
    pub(super) is_in_response: bool,
}

/// For each key, the extension that is nearest. If nothing is added to what is around, it is shared.
pub(super) type Extensions = Rc<Vec<Found>>;

pub(super) struct Operation {
    pub(super) pointer: String,
    pub(super) idempotence: Idempotence,
    pub(super) extensions: Extensions,
    pub(super) responses: BTreeMap<Status, Response>,
    /// What is left out of its responses, and why.
    pub(super) left_out: Vec<String>,
}

pub(super) struct Response {
    pub(super) pointer: String,
    pub(super) description: String,
    /// The last word of the reference to it.
    pub(super) component: Option<String>,
    /// The names of its headers, in order.
    pub(super) headers: Vec<String>,
    /// What is said of its `Retry-After`, if it has one.
    pub(super) retry_after: Option<String>,
    /// Those that hold for it: its own, and its operation's.
    pub(super) extensions: Extensions,
}

impl Operation {
    /// Returns the extensions that hold for a code: those of its response, or of the one that stands in for it.
    pub(super) fn extensions_for(&self, status: Status) -> &Extensions {
        let class = match status {
            Status::Code(code) => Status::Class(code / 100),
            other => other,
        };
        let responses = [status, class, Status::Default];
        let response = responses
            .iter()
            .find_map(|status| self.responses.get(status));
        response.map_or(&self.extensions, |response| &response.extensions)
    }

    /// Returns all its extensions, each once.
    pub(super) fn all_extensions(&self) -> impl Iterator<Item = &Found> {
        let of_responses = self
            .responses
            .values()
            .flat_map(|response| response.extensions.iter());
        let own = of_responses.filter(|found| found.is_in_response);
        self.extensions.iter().chain(own)
    }
}

/// What is said around an operation.
#[derive(Clone)]
struct Around {
    extensions: Extensions,
    is_idempotent: Option<bool>,
}

/// An operation that has not been read.
struct Place<'a> {
    method: &'a str,
    path: &'a str,
    pointer: String,
    node: &'a Node,
    around: Around,
}

/// Returns the operations of a document, or those of `chosen`, each as `METHOD PATH`.
pub(super) fn operations<'a>(
    root: &Fields<'a>,
    references: &References<'a>,
    chosen: &[String],
) -> Result<Vec<Operation>, Error> {
    let Some(paths) = root.get("paths") else {
        return Ok(Vec::new());
    };
    let mut places = places(root, paths, references)?;
    if !chosen.is_empty() {
        places = choose(places, chosen)?;
    }
    let refuse = |count: usize, what: &str, most: usize| {
        Error::Document(Refusal {
            span: paths.span,
            message: format!(
                "{count} {what}, of which a table takes {most} at most: choose some with `--operation`"
            ),
        })
    };
    if places.len() > MOST {
        return Err(refuse(places.len(), "operations", MOST));
    }
    let mut operations = Vec::new();
    let mut responses = 0;
    for place in places {
        let operation = operation(place, references)?;
        responses += operation.responses.len();
        if responses > MOST_RESPONSES {
            return Err(refuse(responses, "responses or more", MOST_RESPONSES));
        }
        operations.push(operation);
    }
    Ok(operations)
}

fn places<'a>(
    root: &Fields<'a>,
    paths: &'a Node,
    references: &References<'a>,
) -> Result<Vec<Place<'a>>, Refusal> {
    let nothing = Around {
        extensions: Rc::default(),
        is_idempotent: None,
    };
    let around = nothing.within(root, "", references)?;
    let paths = references.fields(paths, "a map of paths")?;
    let around = around.within(&paths, "/paths", references)?;
    let mut places = Vec::new();
    for (key, item) in paths.iter() {
        let Some(path) = text(key).filter(|path| !path.starts_with("x-")) else {
            continue;
        };
        let pointer = below("/paths", path);
        let item = references.fields(item, "a path item")?;
        let around = around.within(&item, &pointer, references)?;
        for (key, node) in item.iter() {
            let method = text(key).and_then(|key| METHODS.iter().find(|method| **method == key));
            let Some(method) = method else { continue };
            places.push(Place {
                method,
                path,
                pointer: below(&pointer, method),
                node,
                around: around.clone(),
            });
        }
    }
    Ok(places)
}

impl Around {
    /// Returns what holds within a map that may say otherwise.
    fn within<'a>(
        &self,
        fields: &Fields<'a>,
        pointer: &str,
        references: &References<'a>,
    ) -> Result<Self, Refusal> {
        let own = extensions(fields, pointer, false, references)?;
        Ok(Self {
            extensions: nearest_of(own, &self.extensions),
            is_idempotent: idempotence::mark(fields).or(self.is_idempotent),
        })
    }
}

/// Returns the operations that are asked for, in the document's order.
fn choose<'a>(places: Vec<Place<'a>>, chosen: &[String]) -> Result<Vec<Place<'a>>, Error> {
    const SHOWN: usize = 200;

    let mut wanted = Vec::new();
    for name in chosen {
        let Some((method, path)) = name.trim().split_once(' ') else {
            let name = line(name, SHOWN);
            return Err(Error::Request(format!(
                "expected a method and a path, as in `GET /status`, found `{name}`: an `operationId` is not enough"
            )));
        };
        let (method, path) = (method.to_lowercase(), path.trim());
        let is_it = |place: &Place| place.method == method && place.path == path;
        if !places.iter().any(is_it) {
            let near = nearest(&places, &method, path);
            let near = near.map(|near| format!("; did you mean `{near}`?"));
            let (name, near) = (line(name, SHOWN), near.unwrap_or_default());
            return Err(Error::Request(format!(
                "the document has no operation `{name}`{near}"
            )));
        }
        wanted.push((method, path));
    }
    let is_wanted = |place: &Place| {
        let found = |(method, path): &(String, &str)| place.method == method && place.path == *path;
        wanted.iter().any(found)
    };
    Ok(places.into_iter().filter(is_wanted).collect())
}

/// Returns the operation whose name is most like the one that is not there.
fn nearest(places: &[Place], method: &str, path: &str) -> Option<String> {
    const COMPARED: usize = 1_000;
    const LONGEST: usize = 200;

    let short = places.iter().filter(|place| place.path.len() < LONGEST);
    let distance = |place: &Place| {
        let other = strsim::osa_distance(place.path, path);
        other + usize::from(place.method != method)
    };
    let near = short
        .take(COMPARED)
        .min_by_key(|place| distance(place))
        .filter(|place| path.len() < LONGEST && distance(place) <= path.len().div_ceil(3));
    near.map(|place| {
        line(
            &format!("{} {}", place.method.to_uppercase(), place.path),
            LONGEST,
        )
    })
}

fn operation<'a>(place: Place<'a>, references: &References<'a>) -> Result<Operation, Refusal> {
    let Place {
        method,
        pointer,
        node,
        around,
        ..
    } = place;
    let fields = references.fields(node, "an operation")?;
    let mut around = around.within(&fields, &pointer, references)?;
    let mut responses = BTreeMap::new();
    let mut left_out = Vec::new();
    if let Some(node) = fields.get("responses") {
        let fields = references.fields(node, "a map of responses")?;
        let all = below(&pointer, "responses");
        around = around.within(&fields, &all, references)?;
        for (key, node) in fields.iter() {
            let key = text(key).unwrap_or_default();
            if key.starts_with("x-") {
                continue;
            }
            let pointer = below(&all, key);
            let Some(status) = Status::parse(key) else {
                left_out.push(format!("{pointer}, which is no status code"));
                continue;
            };
            let read = response(pointer, node, &around.extensions, references)?;
            if let Some(same) = responses.insert(status, read) {
                left_out.push(format!("{}, because {status} comes again", same.pointer));
            }
        }
    }
    Ok(Operation {
        idempotence: Idempotence::of(method, around.is_idempotent),
        extensions: around.extensions,
        responses,
        left_out,
        pointer,
    })
}

fn response<'a>(
    pointer: String,
    node: &'a Node,
    around: &Extensions,
    references: &References<'a>,
) -> Result<Response, Refusal> {
    const LONGEST: usize = 300;

    let component = get(node, REF).and_then(text);
    let component = component.and_then(|reference| reference.rsplit('/').next());
    let component = component.map(|component| line(component, LONGEST));
    let fields = references.fields(node, "a response")?;
    let mut headers = Vec::new();
    let mut retry_after = None;
    if let Some(node) = fields.get("headers") {
        for (name, header) in references.fields(node, "a map of headers")?.iter() {
            let name = text(name).unwrap_or_default();
            // An extension of the map, and no header.
            if is_extension(name) && matches!(header.value, Value::Scalar(_) | Value::List(_)) {
                continue;
            }
            if name.eq_ignore_ascii_case("retry-after") {
                let header = references.fields(header, "a header")?;
                let description = header.text("description").unwrap_or_default();
                retry_after = Some(line(description, LONGEST));
            }
            headers.push(line(name, LONGEST).to_lowercase());
        }
    }
    headers.sort();
    headers.dedup();
    let description = fields.text("description").unwrap_or_default();
    let own = extensions(&fields, &pointer, true, references)?;
    Ok(Response {
        description: line(first_paragraph(description), LONGEST),
        component,
        headers,
        retry_after,
        extensions: nearest_of(own, around),
        pointer,
    })
}

fn first_paragraph(text: &str) -> &str {
    text.trim().split("\n\n").next().unwrap_or_default()
}

/// Returns the extensions of a map about retries.
fn extensions<'a>(
    fields: &Fields<'a>,
    pointer: &str,
    is_in_response: bool,
    references: &References<'a>,
) -> Result<Vec<Found>, Refusal> {
    const MOST: usize = 16;

    let mut found = Vec::new();
    for (key, value) in fields.iter() {
        let Some(key) = text(key).filter(|key| is_extension(key)) else {
            continue;
        };
        if found.len() == MOST {
            return Err(Refusal {
                span: value.span,
                message: format!("more than {MOST} extensions about retries in one map"),
            });
        }
        found.push(Found {
            extension: Rc::new(Extension::read(key, value, references)?),
            pointer: below(pointer, key).into(),
            is_in_response,
        });
    }
    Ok(found)
}

/// Returns a map's own extensions, and those around it under other keys.
fn nearest_of(own: Vec<Found>, around: &Extensions) -> Extensions {
    if own.is_empty() {
        return Rc::clone(around);
    }
    let is_other = |outer: &&Found| {
        let is_same = |own: &Found| own.extension.key == outer.extension.key;
        !own.iter().any(is_same)
    };
    let outer: Vec<Found> = around.iter().filter(is_other).cloned().collect();
    Rc::new(own.into_iter().chain(outer).collect())
}
