//! The keys of each map: one table.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A key of a map.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    /// How it is written, and what it says.
    pub(crate) example: &'static str,
}

/// What a map is, with its article, and its keys.
pub(crate) struct Shape {
    pub(crate) what: &'static str,
    pub(crate) keys: &'static [Key],
}

pub(crate) const ROOT: Shape = Shape {
    what: "a spec",
    keys: &[
        required("api", "`api: NAME`: whose API it is"),
        required(
            "source",
            "`source:` with `title:`, `url:` and `read:`: the page that was transcribed",
        ),
        required(
            "max_retries",
            "`max_retries: 5`, for example, or `max_retries: unlimited`",
        ),
        required("statuses", "`statuses:` with a row for each status code"),
        required(
            "unlisted",
            "`unlisted: never`, for example: it holds for every code that no row covers",
        ),
        required(
            "transport",
            "`transport: never`, for example: it holds where no response arrives at all",
        ),
        CRATE,
        optional(
            "version",
            "`version: 0.1.0`: the version of the generated crate",
        ),
        optional(
            "license",
            "`license: MIT OR Apache-2.0`, for example: the license of the generated crate",
        ),
        optional(
            "max_elapsed",
            "`max_elapsed: 1h`, for example: the time in which the last retry starts",
        ),
        optional("backoff", "`backoff:` with a map for each schedule"),
        optional(
            "assumed",
            "`assumed:` with a list of what the source does not say",
        ),
    ],
};

/// Only a crate of its own needs it.
pub(crate) const CRATE: Key = optional(
    "crate",
    "`crate: NAME-status`: the name of the generated crate",
);

pub(crate) const SOURCE: Shape = Shape {
    what: "a source",
    keys: &[
        required("title", "`title: TEXT`: the title of the page"),
        required("url", "`url: https://...`: the address of the page"),
        required(
            "read",
            "`read: YYYY-MM-DD`: the day the page was transcribed",
        ),
    ],
};

pub(crate) const STATUS: Shape = Shape {
    what: "a row",
    keys: &[
        required("code", "`code: 429`, for example, or a class: `code: 4XX`"),
        required(
            "retry",
            "`retry: never`, `retry: retry-after`, or `retry:` with the name of a schedule",
        ),
        NAME,
        optional(
            "variant",
            "`variant: TooManyRequests`, for example: the name in Rust",
        ),
        optional("description", "`description: TEXT`: what the code means"),
    ],
};

/// A row for one code needs it, a class row does not.
pub(crate) const NAME: Key = optional("name", "`name: TEXT`: what the source calls the code");

/// Which of them go together is for `schedule` to judge.
pub(crate) const SCHEDULE: Shape = Shape {
    what: "a schedule",
    keys: &[
        INITIAL,
        MULTIPLIER,
        optional("max", "`max: 1h`, for example: the longest wait"),
        optional(
            "documented_waits",
            "`documented_waits: [8s, 16s]`, for example: the waits that the source lists",
        ),
        WAITS,
        optional("repeat", "`repeat: last`: the last wait goes on"),
        optional(
            "jitter",
            "`jitter: full`, for example: how waits are spread",
        ),
    ],
};

pub(crate) const INITIAL: Key = optional(
    "initial",
    "`initial: 8s`, for example: the wait before retry 1",
);
pub(crate) const MULTIPLIER: Key = optional(
    "multiplier",
    "`multiplier: 2`, for example: what each wait is multiplied by",
);
pub(crate) const WAITS: Key = optional(
    "waits",
    "`waits: [1s, 5s]`, for example: the wait before each retry",
);

const fn required(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: true,
        example,
    }
}

const fn optional(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: false,
        example,
    }
}

/// Returns the diagnostic for a key that `what` at `span` lacks.
pub(crate) fn missing_key(key: &Key, span: Span, what: &str) -> Diagnostic {
    let Key { name, example, .. } = key;
    Diagnostic::new(Code::MissingKey, span, format!("{what} needs `{name}`"))
        .message(format!("the key `{name}` is missing"))
        .help(format!("add {example}"))
}

/// What a key is called elsewhere, and here.
pub(crate) const SYNONYMS: [(&str, &str); 10] = [
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
