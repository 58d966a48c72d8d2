//! Files in memory against a folder: compared, or written all or none. Only this module touches files.

mod change;
mod compare;
mod error;
mod path;
mod read;
mod sections;
mod write;

#[cfg(feature = "page")]
pub(crate) use change::with_line_feeds;
pub use change::{Change, Drift, Kind, drift};
pub use compare::compare;
pub use error::Error;
pub use path::{portable, slashed};
pub use read::{command_of, read_file, read_limited, read_spec, read_text};
pub use sections::compare_sections;
pub use write::apply;
pub(crate) use write::write;
