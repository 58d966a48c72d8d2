//! The rows of the matrix: scenarios that ask the same of a client.

use crate::name::{Cause, Name};

/// Returns the groups, in the order of the page.
pub(crate) fn all() -> [Group; 12] {
    [
        group("200, 202, 204", |name| name.is_code(200..=299)),
        group("400, 401, 403, 405, 409", |name| {
            name.is_code(400..=499) && !name.is_code(429..=429)
        }),
        group("500", |name| name.is_code(500..=500)),
        group("404 and 501, which have no row", |name| {
            matches!(name.cause, Cause::NoRow)
        }),
        group("429 without `Retry-After`", |name| {
            name.is_code(429..=429) && name.retry_after.is_none()
        }),
        group("429, `Retry-After` of 0, 1 or 2", |name| {
            name.is_code(429..=429) && matches!(name.retry_after, Some("0" | "1" | "2"))
        }),
        group("429, `Retry-After` with a date", |name| {
            name.is_code(429..=429)
                && name
                    .retry_after
                    .is_some_and(|value| value.starts_with("a date"))
        }),
        group("429, any other `Retry-After`", |name| {
            name.is_code(429..=429) && name.retry_after.is_some()
        }),
        group("502, 503, 504 once", |name| {
            name.is_code(502..=504) && name.retry_after.is_none() && name.ending == "then 200"
        }),
        group("502, 503, 504 forever", |name| {
            name.is_code(502..=504) && name.retry_after.is_none() && name.ending == "forever"
        }),
        group("502, 503, 504 with `Retry-After`", |name| {
            name.is_code(502..=504) && name.retry_after.is_some()
        }),
        group("a reset connection", |name| {
            matches!(name.cause, Cause::Reset)
        }),
    ]
}

pub(crate) struct Group {
    pub(crate) title: &'static str,
    has: fn(&Name<'_>) -> bool,
}

/// Returns the first group of a scenario, as an index.
pub(crate) fn of(groups: &[Group], scenario: &str) -> Result<usize, String> {
    let name = Name::of(scenario);
    let index = groups.iter().position(|group| (group.has)(&name));
    index.ok_or_else(|| {
        format!("the scenario `{scenario}` is in no group: add one to benches/peers/src/group.rs")
    })
}

fn group(title: &'static str, has: fn(&Name<'_>) -> bool) -> Group {
    Group { title, has }
}
