//! The operations of a document: what each answers, and what is said of its retries.

use std::rc::Rc;

use crate::document::{Node, Refusal, Value};
use crate::import::error::Error;
use crate::import::extension::{Extension, is_extension};
use crate::import::line::line;
use crate::import::references::{References, below};
use crate::import::status::Status;
use crate::import::tree::{entries, get, text, text_of};

/// The most operations that are put into one table.
pub(super) const MOST: usize = 10_000;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An extension, and the pointer to it.
pub(super) type Found = (Rc<Extension>, Rc<str>);

pub(super) struct Operation {
    pub(super) pointer: String,
    pub(super) responses: Vec<Response>,
    /// For each key, the one that is nearest to the operation.
    pub(super) extensions: Vec<Found>,
    /// The pointers to responses under keys that are no status codes.
    pub(super) unknown: Vec<String>,
}

pub(super) struct Response {
    pub(super) status: Status,
    pub(super) pointer: String,
    pub(super) description: String,
    /// The last word of the reference to it.
    pub(super) component: Option<String>,
    /// The names of its headers, in order.
    pub(super) headers: Vec<String>,
    /// What is said of its `Retry-After`, if it has one.
    pub(super) retry_after: Option<String>,
    pub(super) extensions: Vec<Found>,
}

/// An operation that has not been read.
struct Place<'a> {
    method: &'a str,
    path: &'a str,
    pointer: String,
    node: &'a Node,
    around: Rc<Vec<Found>>,
}

/// Returns the operations of a document, or those of `chosen`, each as `METHOD PATH`.
pub(super) fn operations(root: &Node, chosen: &[String]) -> Result<Vec<Operation>, Error> {
    let references = References::new(root);
    let mut places = places(root, &references)?;
    if !chosen.is_empty() {
        places = choose(places, chosen)?;
    }
    if places.len() > MOST {
        let count = places.len();
        return Err(Error::Document(Refusal {
            span: get(root, "paths").unwrap_or(root).span,
            message: format!(
                "{count} operations, of which a table takes {MOST} at most: choose some with `--operation`"
            ),
        }));
    }
    let read = |place| operation(place, &references);
    Ok(places.into_iter().map(read).collect::<Result<_, _>>()?)
}

fn places<'a>(root: &'a Node, references: &References<'a>) -> Result<Vec<Place<'a>>, Refusal> {
    let Some(paths) = get(root, "paths") else {
        return Ok(Vec::new());
    };
    let mut around = extensions(root, "", &[]);
    around = extensions(paths, "/paths", &around);
    let mut places = Vec::new();
    for (key, item) in map(paths, "a map of paths")? {
        let Some(path) = text(key).filter(|path| !path.starts_with("x-")) else {
            continue;
        };
        let pointer = below("/paths", path);
        let item = references.resolve(item)?;
        let around = Rc::new(extensions(item, &pointer, &around));
        for (key, node) in map(item, "a path item")? {
            let method = text(key).and_then(|key| METHODS.iter().find(|method| **method == key));
            let Some(method) = method else { continue };
            places.push(Place {
                method,
                path,
                pointer: below(&pointer, method),
                node,
                around: Rc::clone(&around),
            });
        }
    }
    Ok(places)
}

/// Returns the operations that are asked for, in the document's order.
fn choose<'a>(places: Vec<Place<'a>>, chosen: &[String]) -> Result<Vec<Place<'a>>, Error> {
    const SHOWN: usize = 200;

    let mut wanted = Vec::new();
    for name in chosen {
        let Some((method, path)) = name.trim().split_once(' ') else {
            let name = line(name, SHOWN);
            return Err(Error::Request(format!(
                "expected a method and a path, as in `GET /status`, found `{name}`"
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
    let Place { pointer, node, .. } = place;
    map(node, "an operation")?;
    let mut operation = Operation {
        extensions: extensions(node, &pointer, &place.around),
        responses: Vec::new(),
        unknown: Vec::new(),
        pointer,
    };
    let Some(responses) = get(node, "responses") else {
        return Ok(operation);
    };
    let all = below(&operation.pointer, "responses");
    for (key, node) in map(responses, "a map of responses")? {
        let key = text(key).unwrap_or_default();
        if key.starts_with("x-") {
            continue;
        }
        let pointer = below(&all, key);
        match Status::parse(key) {
            Some(status) => {
                let read = response(status, pointer, node, references)?;
                operation.responses.push(read);
            }
            None => operation.unknown.push(pointer),
        }
    }
    Ok(operation)
}

fn response<'a>(
    status: Status,
    pointer: String,
    node: &'a Node,
    references: &References<'a>,
) -> Result<Response, Refusal> {
    const LONGEST: usize = 300;

    let component = text_of(node, "$ref").and_then(|reference| reference.rsplit('/').next());
    let component = component.map(|component| line(component, LONGEST));
    // OpenAPI 3.1 has a description beside `$ref`, which comes first.
    let own = text_of(node, "description");
    let node = references.resolve(node)?;
    map(node, "a response")?;
    let mut headers = Vec::new();
    let mut retry_after = None;
    for (name, header) in get(node, "headers").map_or(&[][..], entries) {
        let name = text(name).unwrap_or_default();
        if name.starts_with("x-") && is_extension(name) && !matches!(header.value, Value::Map(_)) {
            continue;
        }
        if name.eq_ignore_ascii_case("retry-after") {
            let header = references.resolve(header)?;
            let description = text_of(header, "description").unwrap_or_default();
            retry_after = Some(line(description, LONGEST));
        }
        headers.push(line(name, LONGEST).to_lowercase());
    }
    headers.sort();
    headers.dedup();
    Ok(Response {
        status,
        description: own
            .or_else(|| text_of(node, "description"))
            .map_or_else(String::new, |text| line(first_paragraph(text), LONGEST)),
        component,
        headers,
        retry_after,
        extensions: extensions(node, &pointer, &[]),
        pointer,
    })
}

fn first_paragraph(text: &str) -> &str {
    text.trim().split("\n\n").next().unwrap_or_default()
}

/// Returns the extensions of a node about retries, and those around it under other keys.
fn extensions(node: &Node, pointer: &str, around: &[Found]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (key, value) in entries(node) {
        let Some(key) = text(key).filter(|key| is_extension(key)) else {
            continue;
        };
        let extension = Extension::read(key, value);
        found.push((Rc::new(extension), below(pointer, key).into()));
    }
    let is_other = |(outer, _): &&Found| !found.iter().any(|(own, _)| own.key == outer.key);
    let outer: Vec<Found> = around.iter().filter(is_other).cloned().collect();
    found.extend(outer);
    found
}

/// Returns the entries of a map. Nothing at all is an empty one.
fn map<'a>(node: &'a Node, expected: &str) -> Result<&'a [(Node, Node)], Refusal> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        Value::Null => Ok(&[]),
        _ => Err(Refusal {
            span: node.span,
            message: format!("expected {expected}, found another value"),
        }),
    }
}
