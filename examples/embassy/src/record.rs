//! A wait in bytes.

use core::time::Duration;

use retrospec::SavedWait;

/// A stored wait and when it began, as bytes for flash or for memory that a restart keeps.
///
/// Any bytes are safe: [`Policy::resume`](retrospec::Policy::resume) bounds the wait. Flash that was never
/// written is no record, so put a checksum beside the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The wait.
    pub wait: SavedWait,
    /// When it began, by a clock that a restart does not stop. If it counts seconds, add one.
    pub began: Duration,
}

impl Record {
    /// The number of bytes.
    pub const SIZE: usize = RETRY + 4 * DURATION;

    /// Returns how much time has passed since the wait began, or zero if the clock was set back.
    #[must_use]
    pub fn passed(&self, now: Duration) -> Duration {
        now.saturating_sub(self.began)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let (retry, durations) = bytes.split_at_mut(RETRY);
        retry.copy_from_slice(&self.wait.retry.to_le_bytes());
        let SavedWait {
            duration,
            waited,
            elapsed,
            ..
        } = self.wait;
        let values = [duration, waited, elapsed, self.began];
        for (bytes, value) in durations.chunks_exact_mut(DURATION).zip(values) {
            bytes[..8].copy_from_slice(&value.as_secs().to_le_bytes());
            bytes[8..].copy_from_slice(&value.subsec_nanos().to_le_bytes());
        }
        bytes
    }

    /// Reads the bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::SIZE]) -> Self {
        let duration = |index| {
            let start = RETRY + index * DURATION;
            let nanos = u32::from_le_bytes(part(bytes, start + 8));
            // More nanoseconds would carry into the seconds, which may overflow.
            Duration::new(
                u64::from_le_bytes(part(bytes, start)),
                nanos.min(999_999_999),
            )
        };
        Self {
            wait: SavedWait {
                retry: u32::from_le_bytes(part(bytes, 0)),
                duration: duration(0),
                waited: duration(1),
                elapsed: duration(2),
            },
            began: duration(3),
        }
    }
}

const RETRY: usize = 4;
const DURATION: usize = 12;

fn part<const N: usize>(bytes: &[u8; Record::SIZE], start: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[start..start + N]);
    part
}
