//! The clients that are tried, each in a file of its own below `clients/`.

/// A client, as its docs configure it.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) language: Language,
    /// Whose versions and licenses count, in their registry's names.
    pub(crate) packages: &'static [&'static str],
    pub(crate) is_ours: bool,
    /// Where its retries are documented.
    pub(crate) docs: &'static str,
    /// The file's name, without what follows the period.
    pub(crate) stem: &'static str,
    pub(crate) text: &'static str,
    /// What its options have no way to say.
    pub(crate) not_told: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// The package is a program on the `PATH`.
    Shell,
    Python,
    JavaScript,
    Rust,
}

impl Language {
    /// Returns what Markdown calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Shell => "sh",
            Self::Python => "python",
            Self::JavaScript => "js",
            Self::Rust => "rust",
        }
    }

    /// Returns the ending of a file.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Shell => "sh",
            Self::Python => "py",
            Self::JavaScript => "mjs",
            Self::Rust => "rs",
        }
    }
}

pub(crate) const PEERS: [Peer; 11] = [
    Peer {
        name: "curl",
        language: Language::Shell,
        packages: &["curl"],
        is_ours: false,
        docs: "https://curl.se/docs/manpage.html#--retry",
        stem: "curl",
        text: include_str!("../clients/curl.sh"),
        not_told: &[
            "Which statuses to retry: it retries 408, 429, 500, 502, 503 and 504. So it retries 500, and 429 without \
             `Retry-After`.",
            "Waits that grow by 8: they double from 1 s on, or `--retry-delay` gives one wait for all.",
            "Not to read `Retry-After` after 502, 503 and 504.",
        ],
    },
    Peer {
        name: "wget",
        language: Language::Shell,
        packages: &["wget"],
        is_ours: false,
        docs: "https://www.gnu.org/software/wget/manual/wget.html",
        stem: "wget",
        text: include_str!("../clients/wget.sh"),
        not_told: &[
            "The wait in `Retry-After`: it does not read the header. So 429 is not retried, as the table has it without \
             the header.",
            "Waits that grow by 8: they grow by 1 s, or `--wait` gives one wait for all.",
            "Not to retry after a broken connection, but after a refused one.",
        ],
    },
    Peer {
        name: "requests",
        language: Language::Python,
        packages: &["requests", "urllib3"],
        is_ours: false,
        docs: "https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html#urllib3.util.Retry",
        stem: "requests_urllib3",
        text: include_str!("../clients/requests_urllib3.py"),
        not_told: &[
            "A wait before the first retry: it comes at once.",
            "Waits that grow by 8: they double.",
            "To read `Retry-After` after 429 only.",
            "A subclass of `Retry` with its own `sleep` could follow the table.",
        ],
    },
    Peer {
        name: "axios-retry",
        language: Language::JavaScript,
        packages: &["axios", "axios-retry"],
        is_ours: false,
        docs: "https://github.com/softonic/axios-retry#readme",
        stem: "axios_retry",
        text: include_str!("../clients/axios_retry.mjs"),
        not_told: &[
            "Waits that grow by 8: they double and have jitter, or grow by the same time.",
            "A `Retry-After` that is shorter than the delay: the longer of both counts. So 429 is not retried, as the \
             table has it without the header.",
            "A hand-written `retryDelay` and `retryCondition`, which are given the error, could follow the table.",
        ],
    },
    Peer {
        name: "got",
        language: Language::JavaScript,
        packages: &["got"],
        is_ours: false,
        docs: "https://github.com/sindresorhus/got/blob/main/documentation/7-retry.md",
        stem: "got",
        text: include_str!("../clients/got.mjs"),
        not_told: &[
            "A first wait other than 1 s, and waits that grow by 8: they double.",
            "To retry 429 only if it has `Retry-After`.",
            "Not to read `Retry-After` after 502, 503 and 504.",
            "A hand-written `calculateDelay`, which is given the error, could follow the table.",
        ],
    },
    Peer {
        name: "reqwest-retry",
        language: Language::Rust,
        packages: &["reqwest-retry", "retry-policies", "reqwest"],
        is_ours: false,
        docs: "https://docs.rs/reqwest-retry",
        stem: "with_reqwest_retry",
        text: include_str!("../clients/with_reqwest_retry.rs"),
        not_told: &[
            "The wait in `Retry-After`: what gives the wait does not see the response. So 429 is not retried, as the table has it \
             without the header. No function is given both.",
        ],
    },
    ours(
        "retrospec: reqwest",
        &["retrospec-client", "reqwest"],
        "retrospec_reqwest",
        include_str!("../clients/retrospec_reqwest.rs"),
    ),
    ours(
        "retrospec: reqwest, blocking",
        &["retrospec-client", "reqwest"],
        "retrospec_reqwest_blocking",
        include_str!("../clients/retrospec_reqwest_blocking.rs"),
    ),
    ours(
        "retrospec: reqwest-middleware",
        &["retrospec-client", "reqwest-middleware", "reqwest"],
        "retrospec_reqwest_middleware",
        include_str!("../clients/retrospec_reqwest_middleware.rs"),
    ),
    ours(
        "retrospec: tower",
        &["retrospec-client", "tower", "reqwest"],
        "retrospec_tower",
        include_str!("../clients/retrospec_tower.rs"),
    ),
    ours(
        "retrospec: ureq",
        &["retrospec-client", "ureq"],
        "retrospec_ureq",
        include_str!("../clients/retrospec_ureq.rs"),
    ),
];

const fn ours(
    name: &'static str,
    packages: &'static [&'static str],
    stem: &'static str,
    text: &'static str,
) -> Peer {
    Peer {
        name,
        language: Language::Rust,
        packages,
        is_ours: true,
        docs: "../runtime/client/README.md",
        stem,
        text,
        not_told: &[],
    }
}
