//! What tests of several crates share: the facts of vendors' pages, read by hand into `facts/` and apart from
//! the generator, and dates.

mod dates;
mod facts;
mod gallery;

pub use dates::{DAYS, forms};
pub use facts::{Action, Facts, Row};
pub use gallery::{Case, Event, Range, Rules};
