//! A file as it is against the file as it should be.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::disk::path::slashed;

/// A file, as it is and as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: PathBuf,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// What has to happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Unchanged,
    /// It is not there.
    Missing,
    /// It holds something else.
    Different,
    /// It was generated once, and nothing generates it any more.
    Stale,
}

impl Kind {
    /// Returns the word for what [`apply`](crate::disk::apply) did.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Missing | Self::Different => "written",
            Self::Stale => "removed",
        }
    }
}

impl Change {
    /// Returns the change of a file from `old`, or from nothing, to `new`.
    #[must_use]
    pub fn of(path: PathBuf, old: impl Into<Option<String>>, new: String) -> Self {
        Self {
            path,
            old: old.into(),
            new: Some(new),
        }
    }

    /// Returns what has to happen.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match (&self.old, &self.new) {
            (None, _) => Kind::Missing,
            (_, None) => Kind::Stale,
            (Some(old), Some(new)) if with_line_feeds(old) == with_line_feeds(new) => {
                Kind::Unchanged
            }
            _ => Kind::Different,
        }
    }

    /// Returns a unified diff from the file as it is to the file as it should be; empty if they agree.
    #[must_use]
    pub fn diff(&self) -> String {
        let (old, new) = (
            self.old.as_deref().unwrap_or_default(),
            self.new.as_deref().unwrap_or_default(),
        );
        let path = slashed(&self.path);
        similar::TextDiff::from_lines(&*with_line_feeds(old), &*with_line_feeds(new))
            .unified_diff()
            .header(&format!("a/{path}"), &format!("b/{path}"))
            .to_string()
    }
}

/// How files differ from what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Unified diffs from what is to what should be.
    pub diff: String,
    /// A line for each file, and the command that fixes them.
    pub message: String,
}

/// Returns how files differ, or `None` if they do not. `command` is the one that fixes them.
#[must_use]
pub fn drift(changes: &[Change], command: &str) -> Option<Drift> {
    let mut drift = Drift {
        diff: String::new(),
        message: String::new(),
    };
    for change in changes {
        let what = match change.kind() {
            Kind::Unchanged => continue,
            Kind::Missing => "is missing",
            Kind::Different => "differs from what its spec says",
            Kind::Stale => "is stale: no spec generates it",
        };
        drift.diff.push_str(&change.diff());
        let line = format!("error: {} {what}\n", slashed(&change.path));
        drift.message.push_str(&line);
    }
    if drift.message.is_empty() {
        return None;
    }
    let line = format!("to fix it, run: {command}\n");
    drift.message.push_str(&line);
    Some(drift)
}

/// Returns `text` as it was written: a checkout may have turned line ends into those of its system.
pub(crate) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
