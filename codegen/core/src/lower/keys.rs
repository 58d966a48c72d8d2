//! The keys of each map, in one table.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A key of a map.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    /// What it says and how it is written, as the help "add ..." puts it.
    pub(crate) example: &'static str,
}

/// The name of a map, with its article, and its keys.
pub(crate) struct Shape {
    pub(crate) what: &'static str,
    pub(crate) keys: &'static [Key],
}

pub(crate) const ROOT: Shape = Shape {
    what: "a spec",
    keys: &[
        required("api", "the name of the API, as in `api: NAME`"),
        required(
            "source",
            "the page that was transcribed: `source:` with `title:`, `url:` and `read:`",
        ),
        required(
            "max_retries",
            "the number of retries, as in `max_retries: 5` or `max_retries: unlimited`",
        ),
        required(
            "statuses",
            "the rows: `statuses:` with an item for each status code",
        ),
        required(
            "unlisted",
            "the behavior for codes without a row, as in `unlisted: never`",
        ),
        required(
            "transport",
            "the behavior when no response arrives, as in `transport: never`",
        ),
        CRATE,
        optional(
            "version",
            "the version of the generated crate, as in `version: 0.1.0`",
        ),
        optional(
            "license",
            "the license of the generated crate, as in `license: MIT OR Apache-2.0`",
        ),
        optional(
            "max_elapsed",
            "the time in which retries may start, as in `max_elapsed: 1h`",
        ),
        optional("backoff", "the schedules: `backoff:` with a map for each"),
        optional(
            "assumed",
            "what the source does not say: `assumed:` with a list of strings",
        ),
    ],
};

/// Required only to generate a crate.
pub(crate) const CRATE: Key = optional(
    "crate",
    "the name of the generated crate, as in `crate: NAME-status`",
);

pub(crate) const SOURCE: Shape = Shape {
    what: "a source",
    keys: &[
        required("title", "the title of the page, as in `title: TEXT`"),
        required("url", "the address of the page, as in `url: https://...`"),
        required(
            "read",
            "the day the page was transcribed, as in `read: YYYY-MM-DD`",
        ),
    ],
};

pub(crate) const STATUS: Shape = Shape {
    what: "a row",
    keys: &[
        required(
            "code",
            "the status code or its class, as in `code: 429` or `code: 4XX`",
        ),
        required(
            "retry",
            "the behavior: `retry: never`, `retry: retry-after`, or `retry:` with the name of a schedule",
        ),
        NAME,
        optional(
            "variant",
            "the variant in Rust, as in `variant: TooManyRequests`",
        ),
        optional(
            "description",
            "what the code means, as in `description: TEXT`",
        ),
    ],
};

/// Required in the row of one code, optional in a class row.
pub(crate) const NAME: Key = optional("name", "the source's name for the code, as in `name: TEXT`");

/// `schedule` checks which of them go together.
pub(crate) const SCHEDULE: Shape = Shape {
    what: "a schedule",
    keys: &[
        INITIAL,
        MULTIPLIER,
        optional("max", "the longest wait, as in `max: 1h`"),
        optional(
            "documented_waits",
            "the waits that the source lists, as in `documented_waits: [8s, 16s]`",
        ),
        WAITS,
        optional("repeat", "`repeat: last`, which repeats the last wait"),
        optional("jitter", "the spread of the waits, as in `jitter: full`"),
    ],
};

pub(crate) const INITIAL: Key = optional("initial", "the wait before retry 1, as in `initial: 8s`");
pub(crate) const MULTIPLIER: Key = optional(
    "multiplier",
    "the factor from each wait to the next, as in `multiplier: 2`",
);
pub(crate) const WAITS: Key = optional(
    "waits",
    "the wait before each retry, as in `waits: [1s, 5s]`",
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

/// Returns the diagnostic for a key that `what` at `span` does not have.
pub(crate) fn missing_key(key: &Key, span: Span, what: &str) -> Diagnostic {
    let Key { name, example, .. } = key;
    Diagnostic::new(Code::MissingKey, span, format!("missing `{name}`"))
        .message(format!("missing key `{name}` in {what}"))
        .help(format!("add {example}"))
}

/// The names that other programs have for a key, with the key.
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
