//! The keys of each map, and a map read by them.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Node, Style, Value};
use crate::lower::Report;
use crate::lower::values::wrong_kind;
use crate::source::{Span, code_point, is_false_blank};

/// The keys that a map may have.
pub(crate) struct Shape {
    /// What the map is, with its article.
    pub(crate) what: &'static str,
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
}

pub(crate) const ROOT: Shape = Shape {
    what: "a spec",
    required: &[
        "api",
        "source",
        "max_retries",
        "statuses",
        "unlisted",
        "transport",
    ],
    optional: &[
        "crate",
        "version",
        "license",
        "max_elapsed",
        "backoff",
        "assumed",
    ],
};

pub(crate) const SOURCE: Shape = Shape {
    what: "a source",
    required: &["title", "url", "read"],
    optional: &[],
};

pub(crate) const STATUS: Shape = Shape {
    what: "a row",
    required: &["code", "retry"],
    optional: &["name", "variant", "description"],
};

/// Which of them go together, `lower::backoff` judges.
pub(crate) const BACKOFF: Shape = Shape {
    what: "a schedule",
    required: &[],
    optional: &[
        "initial",
        "multiplier",
        "max",
        "documented_waits",
        "waits",
        "repeat",
        "jitter",
    ],
};

/// The entries of a map, of which every key is known and no two are equal.
pub(crate) struct Fields<'a> {
    pub(crate) span: Span,
    entries: Vec<(&'a str, &'a Node, &'a Node)>,
    /// Keys that unknown ones are likely meant to be.
    meant: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(crate) fn read(node: &'a Node, shape: &Shape, report: &mut Report) -> Option<Self> {
        let entries = entries(node, shape.what, report)?;
        let span = entries.first().map_or(node.span, |(_, key, _)| key.span);
        let known = || shape.required.iter().chain(shape.optional).copied();
        let mut meant = Vec::new();
        for (name, key, _) in &entries {
            if known().any(|known| known == *name) {
                continue;
            }
            let near = synonym(name, known()).or_else(|| nearest(name, known()));
            report.push(unknown_key(name, key.span, shape.what, near, known()));
            meant.extend(near);
        }
        let fields = Self {
            span,
            entries,
            meant,
        };
        for required in shape.required {
            if fields.lacks(required) {
                report.push(missing_key(required, span, shape.what));
            }
        }
        Some(fields)
    }

    /// Whether a key is neither given nor, as it seems, misspelled.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        self.get(key).is_none() && !self.misspells(key)
    }

    pub(crate) fn misspells(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The key and the value.
    pub(crate) fn entry(&self, name: &str) -> Option<(&'a Node, &'a Node)> {
        self.entries
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, key, value)| (*key, *value))
    }
}

/// The entries of a map, those of a key given twice left out.
pub(crate) fn entries<'a>(
    node: &'a Node,
    what: &str,
    report: &mut Report,
) -> Option<Vec<(&'a str, &'a Node, &'a Node)>> {
    let Value::Map(map) = &node.value else {
        report.push(wrong_kind(node, &format!("{what} with its keys")));
        return None;
    };
    let mut entries: Vec<(&str, &Node, &Node)> = Vec::new();
    let mut given: HashMap<&str, Span> = HashMap::new();
    for (key, value) in map {
        let Value::Scalar(scalar) = &key.value else {
            report.push(wrong_kind(key, "a key"));
            continue;
        };
        if scalar.text == "<<" && scalar.style == Style::Plain {
            report.push(
                Diagnostic::new(Code::MergeKey, key.span, "this key")
                    .help("write the keys out wherever they are needed"),
            );
        } else if let Some(first) = given.get(scalar.text.as_str()) {
            report.push(
                Diagnostic::new(Code::DuplicateKey, key.span, "given again here")
                    .message(format!("the key `{}` is given twice", scalar.text))
                    .label(*first, "first given here")
                    .help("keep one of the two"),
            );
        } else {
            given.insert(&scalar.text, key.span);
            entries.push((&scalar.text, key, value));
        }
    }
    Some(entries)
}

fn unknown_key(
    name: &str,
    span: Span,
    what: &str,
    near: Option<&str>,
    known: impl Iterator<Item = &'static str>,
) -> Diagnostic {
    let help = match near {
        _ if name.contains(is_false_blank) => {
            let blank = name.chars().find(|c| is_false_blank(*c)).map(code_point);
            format!(
                "delete its {}, which looks like a blank",
                blank.unwrap_or_default()
            )
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its keys are {}", list(known)),
    };
    Diagnostic::new(Code::UnknownKey, span, "this key")
        .message(format!("unknown key `{name}` in {what}"))
        .help(help)
}

pub(crate) fn missing_key(name: &str, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, span, format!("{what} needs `{name}`"))
        .message(format!("the key `{name}` is missing"))
        .help(format!("add {}", example(name)))
}

/// How a key that may be missing is written, and what it says.
fn example(key: &str) -> &'static str {
    match key {
        "api" => "`api: NAME`: whose API it is",
        "crate" => "`crate: NAME-status`: the name of the generated crate",
        "source" => "`source:` with `title:`, `url:` and `read:`: the page that was transcribed",
        "title" => "`title: TEXT`: the title of the page",
        "url" => "`url: https://...`: the address of the page",
        "read" => "`read: YYYY-MM-DD`: the day the page was transcribed",
        "max_retries" => "`max_retries: 5`, for example, or `max_retries: unlimited`",
        "statuses" => "`statuses:` with a row for each status code",
        "unlisted" => "`unlisted: never`, for example: it holds for every code that no row covers",
        "transport" => "`transport: never`, for example: it holds where no response arrives at all",
        "code" => "`code: 429`, for example, or a class: `code: 4XX`",
        "name" => "`name: TEXT`: what the source calls the code",
        "retry" => "`retry: never`, `retry: retry-after`, or `retry:` with the name of a schedule",
        "initial" => "`initial: 8s`, for example: the wait before retry 1",
        "multiplier" => "`multiplier: 2`, for example: what each wait is multiplied by",
        "waits" => "`waits: [1s, 5s]`, for example: the wait before each retry",
        _ => "it",
    }
}

/// What a key is called elsewhere, and here.
const SYNONYMS: [(&str, &str); 10] = [
    ("schedules", "backoff"),
    ("codes", "statuses"),
    ("rows", "statuses"),
    ("status", "code"),
    ("retries", "retry"),
    ("behavior", "retry"),
    ("factor", "multiplier"),
    ("base", "initial"),
    ("cap", "max"),
    ("timeout", "max_elapsed"),
];

/// The one of `known` that goes by another name.
fn synonym(name: &str, mut known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (_, here) = SYNONYMS.iter().find(|(other, _)| *other == name)?;
    known.find(|known| known == here)
}

/// The one of `known` that `name` is most likely meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likely = |known: &str| strsim::osa_distance(&name.to_lowercase(), known);
    known
        .map(|known| (likely(known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}

/// As in `` `a`, `b` and `c` ``.
pub(crate) fn list(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
