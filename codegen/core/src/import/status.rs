//! What a key of `responses` stands for.

use std::fmt;

/// A status code, a class of them, or what has no response of its own. In the order of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Status {
    Code(u16),
    Class(u16),
    Default,
}

impl Status {
    /// Reads a key such as `429`, `5XX`, `5xx` or `default`.
    pub(super) fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        match key.as_bytes() {
            [class @ b'1'..=b'9', b'x' | b'X', b'x' | b'X'] => {
                Some(Self::Class(u16::from(class - b'0')))
            }
            [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Self::Code),
            _ => None,
        }
    }

    /// Returns whether a sorted list has it, or its class.
    pub(super) fn is_in(self, sorted: &[Self]) -> bool {
        let has = |status| sorted.binary_search(&status).is_ok();
        match self {
            Self::Code(code) => has(self) || has(Self::Class(code / 100)),
            _ => has(self),
        }
    }

    /// Returns whether it is a class of which a list has a code.
    pub(super) fn is_partly_in(self, list: &[Self]) -> bool {
        list.iter()
            .any(|status| matches!(status, Self::Code(code) if self == Self::Class(code / 100)))
    }

    /// Returns whether no client sends a request again because of it: there is a result, or another step to take.
    pub(super) fn is_no_failure(self) -> bool {
        matches!(self, Self::Code(100..=399) | Self::Class(1..=3))
    }
}

/// As a spec says it.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}
