//! Durations in eight bytes: the engine's state is small, and a comparison or a sum costs few instructions.

use core::fmt;
use core::time::Duration;

pub(crate) const NANOS: u32 = 1_000_000_000;

/// A duration, with seconds in the upper half and nanoseconds in the lower one, so that times compare as numbers do.
/// The seconds saturate, after 136 years.
///
/// Nothing here panics or divides 64 bits, as `core`'s arithmetic does, which costs a microcontroller flash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(u64);

const LAST_SECOND: u64 = u32::MAX as u64;

/// How many more values than nanoseconds in a second the lower half has.
const GAP: u64 = (1 << 32) - NANOS as u64;

impl Time {
    pub(crate) const ZERO: Self = Self(0);
    /// Later than every time, for a limit that there is not.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    /// Returns a limit, which is none if it is longer than times are told apart.
    #[inline]
    pub(crate) const fn limit(duration: Duration) -> Self {
        if duration.as_secs() < LAST_SECOND {
            Self::new(duration)
        } else {
            Self::NEVER
        }
    }

    #[inline]
    pub(crate) const fn is_never(self) -> bool {
        self.0 == Self::NEVER.0
    }

    #[inline]
    pub(crate) const fn new(duration: Duration) -> Self {
        let secs = duration.as_secs();
        let secs = if secs < LAST_SECOND {
            secs
        } else {
            LAST_SECOND
        };
        Self(secs << 32 | duration.subsec_nanos() as u64)
    }

    #[inline]
    pub(crate) const fn duration(self) -> Duration {
        let nanos = self.nanos();
        // It never is more, but then the optimizer knows and drops `new`'s carry and its panic.
        let nanos = if nanos < NANOS { nanos } else { NANOS - 1 };
        Duration::new(self.secs() as u64, nanos)
    }

    #[inline]
    pub(crate) const fn millis(millis: u32) -> Self {
        Self::join(millis / 1_000, millis % 1_000 * 1_000_000)
    }

    #[inline]
    const fn join(secs: u32, nanos: u32) -> Self {
        Self((secs as u64) << 32 | nanos as u64)
    }

    #[inline]
    const fn secs(self) -> u32 {
        low_half(self.0 >> 32)
    }

    #[inline]
    const fn nanos(self) -> u32 {
        low_half(self.0)
    }

    /// Returns the sum of `secs`, which must not overflow with the carry, and `nanos`, which may exceed a second.
    #[inline]
    const fn sum(secs: u32, nanos: u32) -> Self {
        Self::join(secs.wrapping_add(nanos / NANOS), nanos % NANOS)
    }

    #[inline]
    pub(crate) const fn plus(self, other: Self) -> Self {
        let mut secs = self.secs().saturating_add(other.secs());
        let mut nanos = self.nanos() + other.nanos();
        if nanos >= NANOS {
            nanos -= NANOS;
            secs = secs.saturating_add(1);
        }
        Self::join(secs, nanos)
    }

    /// Returns the difference, or zero if `other` is longer.
    #[inline]
    pub(crate) const fn minus(self, other: Self) -> Self {
        let difference = self.0.saturating_sub(other.0);
        // After a borrow, the nanoseconds are too many by the gap.
        if low_half(difference) >= NANOS {
            Self(difference - GAP)
        } else {
            Self(difference)
        }
    }

    /// Returns the share of it that a random number gives: nothing for 0, all of it for `u32::MAX`, and else
    /// `self * random / 2^32`.
    #[inline]
    pub(crate) fn share(self, random: u32) -> Self {
        if random == u32::MAX {
            return self;
        }
        let random = u64::from(random);
        let secs = u64::from(self.secs()) * random;
        let nanos = (u64::from(low_half(secs)) * u64::from(NANOS)) >> 32;
        let own_nanos = (u64::from(self.nanos()) * random) >> 32;
        Self::sum(low_half(secs >> 32), low_half(nanos + own_nanos))
    }

    /// Returns `self * percent / 100`, to the nanosecond; `percent` must not exceed 100.
    #[inline]
    pub(crate) fn percent(self, percent: u32) -> Self {
        let rest = self.secs() % 100 * percent;
        let nanos = self.nanos() / 100 * percent + self.nanos() % 100 * percent / 100;
        Self::sum(
            self.secs() / 100 * percent + rest / 100,
            rest % 100 * (NANOS / 100) + nanos,
        )
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.duration().fmt(f)
    }
}

/// Returns the sum of `secs`, which must not overflow with the carry, and `nanos`, which may exceed a second.
pub(crate) fn new(secs: u64, nanos: u32) -> Duration {
    Duration::new(secs.wrapping_add(u64::from(nanos / NANOS)), nanos % NANOS)
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "only the low half is needed"
)]
const fn low_half(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::new((1 << 32) - 1, 999_999_999);

    const DURATIONS: [Duration; 17] = [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_millis(500),
        Duration::from_nanos(999_999_999),
        Duration::from_secs(1),
        Duration::new(1, 999_999_999),
        Duration::from_millis(12_345),
        Duration::from_secs(32_768),
        Duration::new(1 << 31, 0),
        Duration::new((1 << 31) - 1, 999_999_999),
        Duration::new((1 << 32) - 1, 0),
        Duration::new((1 << 32) - 1, 999_999_998),
        LONGEST,
        Duration::new(1 << 32, 0),
        Duration::new(1 << 32, 1),
        Duration::new(u64::MAX, 0),
        Duration::MAX,
    ];

    /// Saturates the seconds.
    fn held(duration: Duration) -> Duration {
        let secs = duration.as_secs().min(LAST_SECOND);
        Duration::new(secs, duration.subsec_nanos())
    }

    #[test]
    fn a_time_is_its_duration_up_to_136_years() {
        for duration in DURATIONS {
            assert_eq!(Time::new(duration).duration(), held(duration));
            assert!(Time::new(duration) < Time::NEVER);
        }
        assert_eq!(Time::ZERO.duration(), Duration::ZERO);
        assert_eq!(LAST_SECOND / 86_400 / 365, 136);
    }

    #[test]
    fn sums_differences_and_the_order_are_those_of_core() {
        for a in DURATIONS.map(held) {
            for b in DURATIONS.map(held) {
                let (x, y) = (Time::new(a), Time::new(b));
                assert_eq!(x.plus(y).duration(), held(a + b), "{a:?} + {b:?}");
                let difference = a.saturating_sub(b);
                assert_eq!(x.minus(y).duration(), difference, "{a:?} - {b:?}");
                assert_eq!(x.cmp(&y), a.cmp(&b), "{a:?} and {b:?}");
            }
        }
    }

    /// Compares with the same product in 128 bits.
    #[test]
    fn a_share_is_the_product() {
        let randoms = (0..32).flat_map(|bit| {
            let power = 1_u32 << bit;
            [power - 1, power, power + 1]
        });
        for random in randoms {
            for wait in DURATIONS.map(held) {
                let exact = (wait.as_nanos() * u128::from(random)) >> 32;
                let found = Time::new(wait).share(random).duration().as_nanos();
                // Two shifts, each of which may drop part of a nanosecond.
                assert!(
                    exact - found <= 1,
                    "{wait:?} by {random}: {found}, not {exact}"
                );
            }
        }
        for wait in DURATIONS.map(held) {
            assert_eq!(Time::new(wait).share(u32::MAX).duration(), wait);
        }
    }

    #[test]
    fn a_percentage_is_exact() {
        for wait in DURATIONS.map(held) {
            for part in 0..=100 {
                let exact = wait.as_nanos() * u128::from(part) / 100;
                let found = Time::new(wait).percent(part).duration().as_nanos();
                assert!(
                    exact - found <= 1,
                    "{part} % of {wait:?}: {found}, not {exact}"
                );
            }
        }
        assert_eq!(Time::new(LONGEST).percent(100), Time::new(LONGEST));
    }
}
