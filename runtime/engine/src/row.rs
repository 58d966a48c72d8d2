//! Which row of a table holds for a code.

use core::fmt;

/// The row of a table that holds for a status code. `S` is the table's enum.
///
/// A generated crate's `Status::row` returns it.
///
/// ```
/// use memfault_status::Status;
/// use retrospec::Row;
///
/// assert_eq!(Status::row(503), Row::Exact(Status::ServiceUnavailable));
/// assert_eq!(Status::row(507), Row::Unlisted);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row<S> {
    /// The row of this code alone.
    Exact(S),
    /// The row of the code's class.
    Class(ClassRow),
    /// No row, so the behavior for unlisted codes.
    Unlisted,
}

/// The row of a table for a class of codes, such as `5XX`.
///
/// ```
/// use retrospec::ClassRow;
///
/// const SERVER_ERROR: ClassRow = ClassRow::new(5, "Server Error", "The server failed.");
/// assert_eq!(SERVER_ERROR.to_string(), "5XX Server Error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClassRow {
    class: u8,
    name: &'static str,
    description: &'static str,
}

impl ClassRow {
    /// Creates the row of the codes that begin with the digit `class`. Both texts may be empty.
    #[must_use]
    pub const fn new(class: u8, name: &'static str, description: &'static str) -> Self {
        Self {
            class,
            name,
            description,
        }
    }

    /// Returns the first digit of the codes.
    #[must_use]
    pub const fn class(self) -> u8 {
        self.class
    }

    /// Returns the name that the source gives to the class, or an empty string if it gives none.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Returns what the codes mean, or an empty string if the source does not say.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.description
    }
}

/// Writes it as in `5XX Server Error`, or `5XX` without a name.
impl fmt::Display for ClassRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}XX", self.class)?;
        if self.name.is_empty() {
            return Ok(());
        }
        write!(f, " {}", self.name)
    }
}
