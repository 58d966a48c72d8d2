//! A table and the one that replaces it: what changed, and whether `version` grew enough.

use std::fmt::Write as _;

use semver::Version;

use crate::diff::{Difference, diff};
use crate::model::Model;
use crate::version::{Bump, actual_bump, bumped, is_enough, required_bump};

/// What users of a generated crate get with its next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Every change, those that clients notice most first.
    pub differences: Vec<Difference>,
    /// The version that users have.
    pub old: Version,
    /// The version that they get.
    pub new: Version,
    /// The part of the version that must grow.
    pub required: Bump,
    /// Whether a table has undecided behaviors. No crate comes of it, so there is no version to compare.
    pub is_draft: bool,
}

impl Update {
    /// Compares two tables.
    #[must_use]
    pub fn between(old: &Model, new: &Model) -> Self {
        let differences = diff(old, new);
        Self {
            required: required_bump(&old.version, &differences),
            differences,
            old: old.version.clone(),
            new: new.version.clone(),
            is_draft: old.is_draft() || new.is_draft(),
        }
    }

    /// Returns the part of the version that grew.
    #[must_use]
    pub fn actual(&self) -> Bump {
        actual_bump(&self.old, &self.new)
    }

    /// Returns the least version that the changes may have.
    #[must_use]
    pub fn needed(&self) -> Version {
        bumped(&self.old, self.required)
    }

    /// Returns whether the version grew enough.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.is_draft || is_enough(&self.old, &self.new, self.required)
    }

    /// Returns a line for each change, and what they require.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for difference in &self.differences {
            let _ = writeln!(text, "{difference}");
        }
        match self.required {
            Bump::None => text.push_str("nothing changed for clients\n"),
            _ if self.is_draft => {
                text.push_str("\na draft has no crate, so `version` is not compared; nor are comments, so `diff -u` shows other evidence\n");
            }
            required => {
                let _ = writeln!(text, "\n`version` needs a {required} bump");
            }
        }
        text
    }

    /// Returns the error for a version that did not grow enough, or `None` if it did. `file` is the new spec.
    #[must_use]
    pub fn error(&self, file: &str) -> Option<String> {
        if self.is_enough() {
            return None;
        }
        let went = if self.new == self.old {
            format!("is still {}", self.old)
        } else {
            format!("went from {} to {}", self.old, self.new)
        };
        let needed = self.needed();
        Some(format!(
            "error: `version` {went}: write `version: {needed}` in {file}\n"
        ))
    }
}
