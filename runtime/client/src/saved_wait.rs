//! [`SavedWait`] for `serde`: `#[serde(with = "retrospec_client::saved_wait")]` on a field of that type.
//!
//! The format is a map of `retry` and the durations `duration`, `waited` and `elapsed`, each in `secs` and
//! `nanos`.
//!
//! ```
//! use retrospec_client::SavedWait;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Pending {
//!     #[serde(with = "retrospec_client::saved_wait")]
//!     wait: SavedWait,
//!     /// Unix time, to know after a restart how much of the wait has passed.
//!     since: u64,
//! }
//! ```

use std::time::Duration;

use retrospec::SavedWait;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(remote = "SavedWait")]
struct Fields {
    retry: u32,
    duration: Duration,
    waited: Duration,
    elapsed: Duration,
}

/// Serializes a wait.
///
/// # Errors
/// Returns the errors of the serializer.
pub fn serialize<S: Serializer>(wait: &SavedWait, serializer: S) -> Result<S::Ok, S::Error> {
    Fields::serialize(wait, serializer)
}

/// Deserializes a wait.
///
/// # Errors
///
/// Returns the errors of the deserializer. Any values are safe to resume.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SavedWait, D::Error> {
    Fields::deserialize(deserializer)
}
