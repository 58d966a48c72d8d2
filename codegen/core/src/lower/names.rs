//! Words of the language and names of schedules, and the search for a misspelled one.

use crate::document::ASSUMED;

pub(crate) const NEVER: &str = "never";
pub(crate) const RETRY_AFTER: &str = "retry-after";
pub(crate) const IF_IDEMPOTENT: &str = "if-idempotent";
/// What a draft says if the source does not decide.
pub(crate) const UNDECIDED: &str = "undecided";

/// The behaviors other than names of schedules.
pub(crate) const WORDS: [&str; 2] = [NEVER, RETRY_AFTER];

/// The words that no schedule can be named after.
pub(crate) const TAKEN_WORDS: [&str; 6] = [
    NEVER,
    RETRY_AFTER,
    IF_IDEMPOTENT,
    UNDECIDED,
    ASSUMED,
    "unlimited",
];

/// The booleans of YAML 1.1.
pub(crate) const YAML_1_1_BOOLEANS: [&str; 8] =
    ["y", "n", "yes", "no", "on", "off", "true", "false"];

/// Returns whether `name` has the form of a schedule's name.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Returns whether `name` is a keyword in any edition of Rust.
pub(crate) fn is_keyword(name: &str) -> bool {
    // `syn` knows the keywords that all editions have.
    syn::parse_str::<syn::Ident>(name).is_err()
        || matches!(name, "async" | "await" | "dyn" | "gen" | "try")
}

/// Returns the name in `known` that `name` most likely stands for.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &str| strsim::osa_distance(&name.to_lowercase(), known);
    known
        .map(|known| (distance(known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}

/// Returns the names as in `` `a`, `b`, or `c` ``.
pub(crate) fn list(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, [first])) => format!("{first} or {last}"),
        Some((last, rest)) => format!("{}, or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_with_underscores() {
        for name in ["a", "server_error", "s3", "a_"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "3s", "_a", "A", "aB", "server-error", "a b", "\u{e9}"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
