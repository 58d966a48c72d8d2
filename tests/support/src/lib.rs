//! What tests of several crates share: the facts of vendors' pages, read by hand into `facts/` and apart from
//! the generator, dates, and Memfault's API on a good day.

mod dates;
mod facts;
mod gallery;
pub mod memfault;

pub use dates::{DAYS, forms};
pub use facts::{Action, Facts, Row};
pub use gallery::{Case, Event, Range, Rules};
