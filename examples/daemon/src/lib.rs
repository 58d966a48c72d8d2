//! The same daemon twice: as people write it, and with retries by Memfault's table. [`demo`] compares them.

pub mod after;
pub mod before;
pub mod demo;
pub mod scripted;

use std::path::PathBuf;

use serde_json::Value;

/// What a device has to report in one round.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its attributes.
    pub attributes: Value,
    /// Chunks of its SDK, each for one request.
    pub chunks: Vec<Vec<u8>>,
    /// A file to upload.
    pub recording: PathBuf,
    /// An event.
    pub event: Value,
}
