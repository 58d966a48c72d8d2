//! Which part of a version must grow with a change.

use std::fmt;

use semver::Version;

use crate::diff::{Difference, Impact};

/// A part of a version that grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// None.
    None,
    /// The third number.
    Patch,
    /// The second.
    Minor,
    /// The first.
    Major,
}

/// Returns the part of `old` that must grow with these changes.
///
/// Semantic Versioning says which. Before 1.0.0 the second number stands for the first, and the third for
/// the second.
#[must_use]
pub fn required_bump(old: &Version, differences: &[Difference]) -> Bump {
    let before_one = old.major == 0;
    match differences.iter().map(|difference| difference.impact).max() {
        None => Bump::None,
        // A pre-release promises nothing.
        Some(_) if !old.pre.is_empty() => Bump::Patch,
        Some(Impact::Text) => Bump::Patch,
        Some(Impact::Behavior) if before_one => Bump::Patch,
        Some(Impact::Behavior) => Bump::Minor,
        Some(Impact::Breaking) if before_one && old.minor == 0 => Bump::Patch,
        Some(Impact::Breaking) if before_one => Bump::Minor,
        Some(Impact::Breaking) => Bump::Major,
    }
}

/// Returns whether `new` may follow `old` with changes that require this bump.
#[must_use]
pub fn is_enough(old: &Version, new: &Version, required: Bump) -> bool {
    new >= old && actual_bump(old, new) >= required
}

/// Returns the part that grew, or `Bump::None` if the version fell.
#[must_use]
pub fn actual_bump(old: &Version, new: &Version) -> Bump {
    // Cargo takes versions that differ in their build metadata for one.
    if new.cmp_precedence(old).is_le() {
        Bump::None
    } else if new.major > old.major {
        Bump::Major
    } else if new.minor > old.minor {
        Bump::Minor
    } else {
        Bump::Patch
    }
}

/// Returns the least version after such a bump.
#[must_use]
pub fn bumped(version: &Version, bump: Bump) -> Version {
    let Version {
        major,
        minor,
        patch,
        ..
    } = *version;
    match bump {
        Bump::None => version.clone(),
        Bump::Patch if !version.pre.is_empty() => Version::new(major, minor, patch),
        Bump::Patch => Version::new(major, minor, patch.saturating_add(1)),
        Bump::Minor => Version::new(major, minor.saturating_add(1), 0),
        Bump::Major => Version::new(major.saturating_add(1), 0, 0),
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
