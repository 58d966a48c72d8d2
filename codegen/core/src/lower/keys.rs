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
    /// Whether its value may be wrapped as in `{assumed: VALUE}`.
    pub(crate) assumable: bool,
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
            "the page that was transcribed: `source:` with `title:`, `url:` and `read:`, or a list of them",
        ),
        required(
            "max_retries",
            "the number of retries, as in `max_retries: 5` or `max_retries: unlimited`",
        )
        .assumable(),
        required(
            "statuses",
            "the rows: `statuses:` with an item for each status code",
        ),
        required(
            "unlisted",
            "the behavior for codes without a row, as in `unlisted: never`",
        )
        .assumable(),
        required(
            "transport",
            "the behavior when no response arrives, as in `transport: never`",
        )
        .assumable(),
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
        )
        .assumable(),
        optional(
            "retry_after",
            "the headers by which the server asks for a wait: `retry_after:` with a list of headers, as in `[{header: Retry-After}]`",
        )
        .assumable(),
        optional(
            "max_retry_after",
            "the longest wait that the server may ask for, as in `max_retry_after: 2m`",
        )
        .assumable(),
        optional(
            "retry_after_jitter",
            "the spread of the server's wait, upward only, as in `retry_after_jitter: 20%`",
        )
        .assumable(),
        optional(
            "should_retry",
            "a header that decides before the rows do: `should_retry:` with `header:`, `\"true\":` and `\"false\":`",
        )
        .assumable(),
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
        )
        .assumable(),
        NAME,
        optional(
            "variant",
            "the variant in Rust, as in `variant: TooManyRequests`",
        ),
        optional(
            "description",
            "what the code means, as in `description: TEXT`",
        ),
        optional(
            "errors",
            "the exceptions by error code, as in `errors: {quota_exceeded: never}`",
        ),
    ],
};

pub(crate) const TRANSPORT: Shape = Shape {
    what: "a map of transport behaviors",
    keys: &[
        required(
            "connect",
            "the behavior when the request was never sent, as in `connect: NAME`",
        )
        .assumable(),
        required(
            "other",
            "the behavior when the request may have arrived, as in `other: never`",
        )
        .assumable(),
    ],
};

pub(crate) const WAIT_HEADER: Shape = Shape {
    what: "a header of `retry_after`",
    keys: &[
        required("header", "its name, as in `header: Retry-After`"),
        optional("as", "how it gives the wait, as in `as: seconds`"),
        optional(
            "only_if",
            "the values that other headers must have, as in `only_if: {X-RateLimit-Remaining: \"0\"}`",
        ),
    ],
};

pub(crate) const SHOULD_RETRY: Shape = Shape {
    what: "`should_retry`",
    keys: &[
        required("header", "its name, as in `header: X-Should-Retry`"),
        TRUE,
        FALSE,
    ],
};

/// One of them is required.
pub(crate) const TRUE: Key = optional(
    "true",
    "the behavior if the header is `true`, as in `\"true\": NAME`",
)
.assumable();
pub(crate) const FALSE: Key = optional(
    "false",
    "the behavior if the header is `false`, as in `\"false\": never`",
)
.assumable();

/// Required in the row of one code, optional in a class row.
pub(crate) const NAME: Key = optional("name", "the source's name for the code, as in `name: TEXT`");

/// `schedule` checks which of them go together.
pub(crate) const SCHEDULE: Shape = Shape {
    what: "a schedule",
    keys: &[
        INITIAL,
        MULTIPLIER,
        optional("max", "the longest wait, as in `max: 1h`").assumable(),
        optional(
            "documented_waits",
            "the waits that the source lists, as in `documented_waits: [8s, 16s]`",
        )
        .assumable(),
        WAITS,
        optional("repeat", "`repeat: last`, which repeats the last wait").assumable(),
        optional("jitter", "the spread of the waits, as in `jitter: full`").assumable(),
        optional(
            "max_retries",
            "the retry after which the schedule ends, as in `max_retries: 4`",
        )
        .assumable(),
    ],
};

pub(crate) const INITIAL: Key =
    optional("initial", "the wait before retry 1, as in `initial: 8s`").assumable();
pub(crate) const MULTIPLIER: Key = optional(
    "multiplier",
    "the factor from each wait to the next, as in `multiplier: 2`",
)
.assumable();
pub(crate) const WAITS: Key = optional(
    "waits",
    "the wait before each retry, as in `waits: [1s, 5s]`",
)
.assumable();

impl Key {
    const fn assumable(self) -> Self {
        Self {
            assumable: true,
            ..self
        }
    }
}

const fn required(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: true,
        example,
        assumable: false,
    }
}

const fn optional(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: false,
        example,
        assumable: false,
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
pub(crate) const SYNONYMS: [(&str, &str); 13] = [
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
    ("max_attempts", "max_retries"),
    ("format", "as"),
    ("if", "only_if"),
];
