//! Words of the language, names of schedules, and which of them a misspelled one is.

pub(crate) const NEVER: &str = "never";
pub(crate) const RETRY_AFTER: &str = "retry-after";

/// What a row can say besides the name of a schedule.
pub(crate) const WORDS: [&str; 2] = [NEVER, RETRY_AFTER];

/// What YAML 1.1 takes for a boolean.
pub(crate) const YAML_1_1_BOOLEANS: [&str; 8] =
    ["y", "n", "yes", "no", "on", "off", "true", "false"];

/// Returns whether `name` has the form of a schedule's name.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Returns whether any edition of Rust has `name` as a keyword.
pub(crate) fn is_keyword(name: &str) -> bool {
    // `syn` has those that are reserved in all of them.
    syn::parse_str::<syn::Ident>(name).is_err()
        || matches!(name, "async" | "await" | "dyn" | "gen" | "try")
}

/// Returns the one of `known` that `name` is most likely meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &str| strsim::osa_distance(&name.to_lowercase(), known);
    known
        .map(|known| (distance(known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}

/// Returns the names as in `` `a`, `b` and `c` ``.
pub(crate) fn list(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
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
