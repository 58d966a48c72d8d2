//! The name of a scenario in its parts.

use std::ops::RangeInclusive;

/// What `502, Retry-After: 2, then 200` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    /// Up to the first comma.
    pub(crate) head: &'a str,
    pub(crate) cause: Cause,
    /// The value of the header.
    pub(crate) retry_after: Option<&'a str>,
    /// After the last comma.
    pub(crate) ending: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A code that has a row.
    Row(u16),
    NoRow,
    Reset,
}

impl<'a> Name<'a> {
    pub(crate) fn of(scenario: &'a str) -> Self {
        let (head, rest) = scenario.split_once(", ").unwrap_or((scenario, ""));
        let (header, ending) = rest.rsplit_once(", ").unwrap_or(("", rest));
        let cause = match head.parse() {
            Ok(code) => Cause::Row(code),
            Err(_) if head.ends_with("(no row)") => Cause::NoRow,
            Err(_) => Cause::Reset,
        };
        Self {
            head,
            cause,
            retry_after: header.strip_prefix("Retry-After: "),
            ending,
        }
    }

    pub(crate) fn is_code(&self, codes: RangeInclusive<u16>) -> bool {
        matches!(self.cause, Cause::Row(code) if codes.contains(&code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_four_parts() {
        let name = Name::of("429, Retry-After: 2 and 60 on two lines, then 200");
        assert_eq!(name.cause, Cause::Row(429));
        assert_eq!(name.retry_after, Some("2 and 60 on two lines"));
        assert_eq!(name.ending, "then 200");

        let name = Name::of("404 (no row), forever");
        assert_eq!((name.head, name.cause), ("404 (no row)", Cause::NoRow));
        assert_eq!(name.ending, "forever");

        let name = Name::of("reset within the head, then 200");
        assert_eq!((name.cause, name.retry_after), (Cause::Reset, None));
    }
}
