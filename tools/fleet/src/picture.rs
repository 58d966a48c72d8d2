//! Pictures as SVG, for light and dark pages.
//!
//! Text is text, the paper is part of the picture, and the same input gives the same bytes.

mod arrivals;
mod axis;
mod columns;
mod sheet;
mod waits;
mod words;

pub use arrivals::arrivals;
pub use waits::{Retry, waits};
pub use words::grouped;
