//! Names that a document does not have: of the crate, of rows and of variants.

use std::collections::BTreeSet;

use http::StatusCode;

use crate::import::status::Status;
use crate::lower::{derive_variant, is_variant};

/// Returns the name of the crate for an API: its words in lower case, and `status`.
pub(super) fn crate_name(api: &str) -> String {
    const LONGEST: usize = 50;

    let mut name = String::new();
    let words = api.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if name.len() + word.len() >= LONGEST {
            break;
        }
        if name.is_empty() && word.starts_with(|first: char| first.is_ascii_digit()) {
            name.push_str("api-");
        }
        name.push_str(&word.to_lowercase());
        name.push('-');
    }
    if name.is_empty() {
        name.push_str("api-");
    }
    name + "status"
}

/// The name of a row.
pub(super) struct Name {
    pub(super) name: String,
    /// The variant, if the name does not give one that is free.
    pub(super) variant: Option<String>,
}

/// The variants that are taken.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Keeps the variants that HTTP's own names give for these rows.
    pub(super) fn of(statuses: &BTreeSet<Status>) -> Self {
        let known = statuses.iter().filter_map(|status| known(*status));
        Self(known.map(derive_variant).collect())
    }

    /// Returns the name of a row: what HTTP calls the code, else what the document does.
    pub(super) fn take(
        &mut self,
        status: Status,
        description: &str,
        component: Option<&str>,
    ) -> Name {
        let plain = |name: &str| Name {
            name: name.to_owned(),
            variant: None,
        };
        let Status::Code(code) = status else {
            return plain(class_name(status));
        };
        if let Some(known) = known(status) {
            return plain(known);
        }
        let is_name = |name: &&str| is_short(name) && is_variant(&derive_variant(name));
        let name = Some(description)
            .filter(is_name)
            .or(component.filter(is_name))
            .map_or_else(|| format!("Status {code}"), str::to_owned);
        let mut name = plain(&name);
        if !self.0.insert(derive_variant(&name.name)) {
            let mut variant = format!("Code{code}");
            while !self.0.insert(variant.clone()) {
                variant.push('X');
            }
            name.variant = Some(variant);
        }
        name
    }
}

/// Returns what HTTP calls a code.
fn known(status: Status) -> Option<&'static str> {
    let Status::Code(code) = status else {
        return None;
    };
    StatusCode::from_u16(code).ok()?.canonical_reason()
}

/// Returns whether a description can be a name: a few words, and no sentence.
fn is_short(name: &str) -> bool {
    const LONGEST: usize = 40;

    name.len() <= LONGEST && !name.ends_with(['.', '!', '?'])
}

/// Returns what HTTP calls a class.
fn class_name(status: Status) -> &'static str {
    match status {
        Status::Class(1) => "Informational",
        Status::Class(2) => "Successful",
        Status::Class(3) => "Redirection",
        Status::Class(4) => "Client Error",
        Status::Class(5) => "Server Error",
        _ => "",
    }
}
