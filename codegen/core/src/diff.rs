//! What a change of a table means to a client of the crate generated from it.

use std::fmt;

use crate::duration::human;
use crate::model::{Behavior, Model, Row, Schedule};

/// How much a client notices, from nothing to code that stops compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Texts: names, descriptions, documentation.
    Text,
    /// The crate decides otherwise, or offers more.
    Behavior,
    /// Code that uses the crate may stop compiling.
    Breaking,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How much a client notices.
    pub impact: Impact,
    /// Where: a row, a schedule, or a key.
    pub place: String,
    /// What changed, and what of it.
    pub change: String,
}

/// Which part of a version has to grow.
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

/// Every change from one table to the next, those that clients notice most first.
#[must_use]
pub fn diff(old: &Model, new: &Model) -> Vec<Difference> {
    let mut differences = Differences::default();
    keys(old, new, &mut differences);
    rows(old, new, &mut differences);
    classes(old, new, &mut differences);
    schedules(old, new, &mut differences);
    let mut differences = differences.0;
    differences.sort_by_key(|difference| std::cmp::Reverse(difference.impact));
    differences
}

/// The part of `old.version` that these changes must bump: by Semantic Versioning, where before 1.0.0
/// the second number stands for the first, and the third for the second.
#[must_use]
pub fn required_bump(old: &Model, differences: &[Difference]) -> Bump {
    let before_one = old.version.major == 0;
    // A pre-release promises nothing.
    if !old.version.pre.is_empty() && !differences.is_empty() {
        return Bump::Patch;
    }
    match differences.iter().map(|difference| difference.impact).max() {
        None => Bump::None,
        Some(Impact::Text) => Bump::Patch,
        Some(Impact::Behavior) if before_one => Bump::Patch,
        Some(Impact::Behavior) => Bump::Minor,
        Some(Impact::Breaking) if before_one && old.version.minor == 0 => Bump::Patch,
        Some(Impact::Breaking) if before_one => Bump::Minor,
        Some(Impact::Breaking) => Bump::Major,
    }
}

/// The part that was bumped; `None` as well where the version fell.
#[must_use]
pub fn actual_bump(old: &Model, new: &Model) -> Bump {
    let (old, new) = (&old.version, &new.version);
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

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn push(&mut self, impact: Impact, place: impl Into<String>, change: impl Into<String>) {
        self.0.push(Difference {
            impact,
            place: place.into(),
            change: change.into(),
        });
    }

    fn text(&mut self, place: impl Into<String>, what: &str, old: &str, new: &str) {
        if old != new {
            self.push(
                Impact::Text,
                place,
                format!("{what}: `{old}` is now `{new}`"),
            );
        }
    }

    fn behavior(&mut self, place: &str, old: &Behavior, new: &Behavior) {
        if old != new {
            let change = format!("the decision: {old} is now {new}");
            self.push(Impact::Behavior, place, change);
        }
    }
}

fn keys(old: &Model, new: &Model, differences: &mut Differences) {
    match (&old.crate_name, &new.crate_name) {
        (old, new) if old == new => {}
        (Some(old), Some(new)) => {
            let change = format!("`{old}` is now `{new}`: another crate");
            differences.push(Impact::Breaking, "crate", change);
        }
        (Some(old), None) => {
            let change = format!("`{old}` is no longer generated");
            differences.push(Impact::Breaking, "crate", change);
        }
        (None, Some(new)) => {
            let change = format!("`{new}` is generated");
            differences.push(Impact::Text, "crate", change);
        }
        (None, None) => {}
    }
    differences.text("api", "the name in messages", &old.api, &new.api);
    if old.license != new.license {
        let show = |license: &Option<String>| match license {
            Some(license) => format!("`{license}`"),
            None => "none".to_owned(),
        };
        let change = format!("{} is now {}", show(&old.license), show(&new.license));
        differences.push(Impact::Text, "license", change);
    }
    differences.text("source", "title", &old.source.title, &new.source.title);
    differences.text("source", "url", &old.source.url, &new.source.url);
    differences.text("source", "read", &old.source.read, &new.source.read);
    match (old.max_retries, new.max_retries) {
        (old, new) if old == new => {}
        (Some(old), Some(new)) => {
            let change = format!("{old} retries are now {new}");
            differences.push(Impact::Behavior, "max_retries", change);
        }
        (Some(old), None) => {
            let change = format!("{old} retries are now without limit: `MAX_RETRIES` is gone");
            differences.push(Impact::Breaking, "max_retries", change);
        }
        (None, Some(new)) => {
            let change = format!("retries without limit are now {new}");
            differences.push(Impact::Behavior, "max_retries", change);
        }
        (None, None) => {}
    }
    if old.max_elapsed != new.max_elapsed {
        let show = |model: &Model| {
            model
                .max_elapsed
                .map_or_else(|| "no limit".to_owned(), human)
        };
        let change = format!("{} is now {}", show(old), show(new));
        differences.push(Impact::Behavior, "max_elapsed", change);
    }
    differences.behavior("unlisted", &old.unlisted, &new.unlisted);
    differences.behavior("transport", &old.transport, &new.transport);
    if old.assumed != new.assumed {
        differences.push(Impact::Text, "assumed", "the assumptions are others");
    }
}

fn rows(old: &Model, new: &Model, differences: &mut Differences) {
    let find = |model: &Model, code: u16| model.rows.iter().find(|row| row.code == code).cloned();
    let decision = |code: u16| match (old.decision(code), new.decision(code)) {
        (was, is) if was == is => String::new(),
        (was, is) => format!("; {code}, which was {was}, is now {is}"),
    };
    for row in &old.rows {
        match find(new, row.code) {
            Some(now) => row_changes(row, &now, differences),
            None => {
                let (variant, decision) = (&row.variant, decision(row.code));
                let change = format!("the row is gone, and `Status::{variant}` with it{decision}");
                differences.push(Impact::Breaking, place(row), change);
            }
        }
    }
    for row in new.rows.iter().filter(|row| find(old, row.code).is_none()) {
        let (variant, decision) = (&row.variant, decision(row.code));
        let change =
            format!("a new row: a `match` on `Status` needs `Status::{variant}`{decision}");
        differences.push(Impact::Breaking, place(row), change);
    }
}

fn row_changes(old: &Row, new: &Row, differences: &mut Differences) {
    if old.variant != new.variant {
        let change = format!("`Status::{}` is now `Status::{}`", old.variant, new.variant);
        differences.push(Impact::Breaking, place(old), change);
    }
    differences.text(place(old), "name", &old.name, &new.name);
    differences.text(
        place(old),
        "description",
        &old.description,
        &new.description,
    );
    if old.retry.schedule().is_some() && new.retry.schedule().is_none() {
        let change = format!(
            "the decision: {} is now {}; `Status::backoff_of::<{}>()` stops compiling",
            old.retry, new.retry, old.code
        );
        differences.push(Impact::Breaking, place(old), change);
    } else {
        differences.behavior(&place(old), &old.retry, &new.retry);
    }
}

fn place(row: &Row) -> String {
    format!("{} {}", row.code, row.name)
}

fn classes(old: &Model, new: &Model, differences: &mut Differences) {
    for class in 1..=5 {
        let find = |model: &Model| model.classes.iter().find(|row| row.class == class).cloned();
        let place = format!("{class}XX");
        match (find(old), find(new)) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                differences.text(&place, "name", &old.name, &new.name);
                differences.text(&place, "description", &old.description, &new.description);
                differences.behavior(&place, &old.retry, &new.retry);
            }
            (Some(was), None) if was.retry == new.unlisted => {
                differences.push(
                    Impact::Text,
                    place,
                    "the row is gone, and `unlisted` says the same",
                );
            }
            (None, Some(now)) if now.retry == old.unlisted => {
                differences.push(
                    Impact::Text,
                    place,
                    "a new row that says what `unlisted` said",
                );
            }
            (Some(was), None) => {
                let change = format!(
                    "the row is gone: {} is now as `unlisted`, {}",
                    was.retry, new.unlisted
                );
                differences.push(Impact::Behavior, place, change);
            }
            (None, Some(now)) => {
                let change = format!(
                    "a new row: what was as `unlisted`, {}, is now {}",
                    old.unlisted, now.retry
                );
                differences.push(Impact::Behavior, place, change);
            }
        }
    }
}

fn schedules(old: &Model, new: &Model, differences: &mut Differences) {
    for schedule in &old.schedules {
        match new.schedule(&schedule.name) {
            Some(now) => schedule_changes(schedule, now, differences),
            None => {
                let change = format!(
                    "the schedule is gone, and `{}` with it",
                    schedule.name.to_uppercase()
                );
                differences.push(Impact::Breaking, schedule_place(schedule), change);
            }
        }
    }
    for schedule in &new.schedules {
        if old.schedule(&schedule.name).is_none() {
            differences.push(Impact::Behavior, schedule_place(schedule), "a new schedule");
        }
    }
}

fn schedule_changes(old: &Schedule, new: &Schedule, differences: &mut Differences) {
    let place = schedule_place(old);
    for (n, (was, now)) in (1..).zip(old.waits.iter().zip(&new.waits)) {
        if was != now {
            let change = format!("wait {n}: {} is now {}", human(*was), human(*now));
            differences.push(Impact::Behavior, &place, change);
        }
    }
    if old.waits.len() != new.waits.len() {
        let change = format!(
            "{} waits are now {}: `{}_WAITS` is of another type",
            old.waits.len(),
            new.waits.len(),
            old.name.to_uppercase()
        );
        differences.push(Impact::Breaking, &place, change);
    }
    if old.repeat_last != new.repeat_last {
        let change = if new.repeat_last {
            "the last wait now goes on"
        } else {
            "the last wait no longer goes on"
        };
        differences.push(Impact::Behavior, &place, change);
    }
    if old.jitter != new.jitter {
        let change = format!("jitter: {} is now {}", old.jitter, new.jitter);
        differences.push(Impact::Behavior, &place, change);
    }
    if old.kind != new.kind && old.waits == new.waits {
        differences.push(
            Impact::Text,
            place,
            "the same waits are given in another way",
        );
    }
}

fn schedule_place(schedule: &Schedule) -> String {
    format!("backoff.{}", schedule.name)
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text => "text",
            Self::Behavior => "behavior",
            Self::Breaking => "breaking",
        })
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

/// The least version after such a bump.
#[must_use]
pub fn bumped(version: &semver::Version, bump: Bump) -> semver::Version {
    let semver::Version {
        major,
        minor,
        patch,
        ..
    } = *version;
    match bump {
        Bump::None => version.clone(),
        Bump::Patch if !version.pre.is_empty() => semver::Version::new(major, minor, patch),
        Bump::Patch => semver::Version::new(major, minor, patch.saturating_add(1)),
        Bump::Minor => semver::Version::new(major, minor.saturating_add(1), 0),
        Bump::Major => semver::Version::new(major.saturating_add(1), 0, 0),
    }
}
