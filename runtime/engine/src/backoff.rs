//! Schedules of waits, and jitter.

use core::time::Duration;

use crate::time::Time;

/// A schedule of waits. They are listed one by one: nothing is computed at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    waits: &'static [Duration],
    repeat_last: bool,
    spread: Spread,
    /// In milliseconds.
    added_jitter: u32,
}

impl Backoff {
    /// Creates a schedule that ends after the last of `waits`.
    ///
    /// # Panics
    ///
    /// Panics if `waits` is empty. In a constant, that is a compile error:
    ///
    /// ```compile_fail,E0080
    /// const EMPTY: retrospec::Backoff = retrospec::Backoff::new(&[]);
    /// ```
    #[must_use]
    pub const fn new(waits: &'static [Duration]) -> Self {
        assert!(!waits.is_empty(), "a schedule needs at least one wait");
        Self {
            waits,
            repeat_last: false,
            spread: Jitter::None.spread(),
            added_jitter: 0,
        }
    }

    /// Repeats the last wait without end.
    #[must_use]
    pub const fn repeat_last(self) -> Self {
        Self {
            repeat_last: true,
            ..self
        }
    }

    /// Spreads the waits.
    #[must_use]
    pub const fn jitter(self, jitter: Jitter) -> Self {
        Self {
            spread: jitter.spread(),
            ..self
        }
    }

    /// Adds 0 to `longest` milliseconds to each wait, for jitter that does not grow with the waits.
    ///
    /// [`Policy::jitter`](crate::Policy::jitter) replaces it. It has no effect with a table whose
    /// [`HAS_ADDED_JITTER`](crate::StatusTable::HAS_ADDED_JITTER) is false.
    #[must_use]
    pub const fn added_jitter(self, longest: u32) -> Self {
        Self {
            added_jitter: longest,
            ..self
        }
    }

    /// Returns the wait before retry `n`, without jitter, or `None` if the schedule has ended. Retries count
    /// from 1, and there is no wait for 0.
    #[must_use]
    #[inline]
    pub const fn wait(&self, n: u32) -> Option<Duration> {
        let Some(index) = n.checked_sub(1) else {
            return None;
        };
        // `get` is not const in Rust 1.81. `usize` may have 16 bits.
        if (index as u64) < self.waits.len() as u64 {
            return Some(self.waits[index as usize]);
        }
        match self.waits {
            [.., last] if self.repeat_last => Some(*last),
            _ => None,
        }
    }

    pub(crate) const fn spread(&self) -> Spread {
        self.spread
    }

    /// Returns the wait with what is added to it for jitter.
    #[inline]
    pub(crate) fn add_jitter(&self, wait: Duration, random: Option<u32>) -> Duration {
        match random {
            Some(random) if self.added_jitter > 0 => {
                let added = Time::millis(self.added_jitter).share(random);
                Time::new(wait).plus(added).duration()
            }
            _ => wait,
        }
    }

    /// Returns the wait with the most that is added to it.
    #[inline]
    pub(crate) const fn longest_added(&self, wait: Time) -> Time {
        wait.plus(Time::millis(self.added_jitter))
    }
}

/// How a wait `w` is spread, so that clients that failed together do not return together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Jitter {
    /// Exactly `w`.
    #[default]
    None,
    /// From 0 to `w`.
    Full,
    /// From `w / 2` to `w`.
    Equal,
    /// From `w` minus this percentage to `w` plus it. More than 100 counts as 100.
    Percent(u8),
    /// From `w` minus this percentage to `w`. More than 100 counts as 100.
    Down(u8),
    /// From `w` to `w` plus this percentage. More than 100 counts as 100.
    Up(u8),
}

impl Jitter {
    pub(crate) const fn spread(self) -> Spread {
        let (down, up) = match self {
            Self::None => (0, 0),
            Self::Full => (100, 0),
            Self::Equal => (50, 0),
            Self::Percent(percent) => (percent, percent),
            Self::Down(percent) => (percent, 0),
            Self::Up(percent) => (0, percent),
        };
        Spread {
            down: at_most_100(down),
            up: at_most_100(up),
        }
    }
}

pub(crate) const fn at_most_100(percent: u8) -> u8 {
    if percent > 100 { 100 } else { percent }
}

/// How far a wait may go down and up, in percent of it. If neither is zero, both are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spread {
    pub(crate) down: u8,
    pub(crate) up: u8,
}

impl Spread {
    /// In place of `None`, which would cost a device flash.
    pub(crate) const UNSET: Self = Self {
        down: u8::MAX,
        up: u8::MAX,
    };

    pub(crate) fn or(self, other: Self) -> Self {
        if self.is_set() { self } else { other }
    }

    pub(crate) fn is_set(self) -> bool {
        self.down != u8::MAX
    }

    /// Returns the place of `random` in the range of `wait`: 0 gives the shortest, `u32::MAX` the longest.
    // Inlining makes a wait without jitter cost nothing.
    #[inline]
    pub(crate) fn apply(self, wait: Duration, random: Option<u32>) -> Duration {
        match random {
            Some(random) if self.down | self.up > 0 => {
                self.place(Time::new(wait), random).duration()
            }
            _ => wait,
        }
    }

    /// Returns the longest that a wait can become.
    #[inline]
    pub(crate) fn longest(self, wait: Time) -> Time {
        wait.plus(wait.percent(u32::from(self.up)))
    }

    #[inline]
    fn place(self, wait: Time, random: u32) -> Time {
        let reach = wait.percent(u32::from(self.down | self.up));
        let (is_longer, random) = if self.down.min(self.up) > 0 {
            // The highest bit says which way, and the others how far.
            (random >> 31 > 0, random.rotate_left(1))
        } else {
            (self.up > 0, random)
        };
        if is_longer {
            wait.plus(reach.share(random))
        } else {
            wait.minus(reach.share(!random))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: [Duration; 3] = [
        Duration::from_secs(1),
        Duration::from_millis(2_500),
        Duration::from_secs(7),
    ];

    #[test]
    fn waits_are_counted_from_one_and_end() {
        const ENDS: Backoff = Backoff::new(&WAITS);
        let waits = [0, 1, 2, 3, 4, 5].map(|n| ENDS.wait(n));
        assert_eq!(
            waits,
            [
                None,
                Some(WAITS[0]),
                Some(WAITS[1]),
                Some(WAITS[2]),
                None,
                None
            ]
        );
        assert_eq!(ENDS.wait(u32::MAX), None);
    }

    #[test]
    fn the_last_wait_repeats_if_asked() {
        const REPEATS: Backoff = Backoff::new(&WAITS).repeat_last();
        assert_eq!(REPEATS.wait(0), None);
        assert_eq!(REPEATS.wait(2), Some(WAITS[1]));
        assert_eq!(REPEATS.wait(4), Some(WAITS[2]));
        assert_eq!(REPEATS.wait(u32::MAX), Some(WAITS[2]));
    }

    fn spread(jitter: Jitter, wait: Duration, random: u32) -> Duration {
        jitter.spread().apply(wait, Some(random))
    }

    #[test]
    fn jitter_reaches_both_ends_of_its_range() {
        let wait = Duration::from_secs(10);
        for (jitter, shortest, longest) in [
            (Jitter::None, 10_000, 10_000),
            (Jitter::Full, 0, 10_000),
            (Jitter::Equal, 5_000, 10_000),
            (Jitter::Percent(20), 8_000, 12_000),
            (Jitter::Percent(100), 0, 20_000),
            (Jitter::Percent(255), 0, 20_000),
            (Jitter::Down(25), 7_500, 10_000),
            (Jitter::Down(255), 0, 10_000),
            (Jitter::Up(25), 10_000, 12_500),
            (Jitter::Up(255), 10_000, 20_000),
        ] {
            assert_eq!(spread(jitter, wait, 0), Duration::from_millis(shortest));
            assert_eq!(
                spread(jitter, wait, u32::MAX),
                Duration::from_millis(longest)
            );
        }
    }

    #[test]
    fn added_jitter_is_the_same_for_every_wait() {
        const ADDS: Backoff = Backoff::new(&WAITS).added_jitter(1_500);
        for (random, added) in [
            (None, 0),
            (Some(0), 0),
            (Some(1 << 31), 750),
            (Some(u32::MAX), 1_500),
        ] {
            let found = ADDS.add_jitter(WAITS[0], random);
            let off = found.abs_diff(WAITS[0] + Duration::from_millis(added));
            assert!(off < Duration::from_micros(1), "{random:?}: {found:?}");
        }
    }

    /// Checks every quarter: the range is linear between its ends.
    #[test]
    fn jitter_is_even_over_its_range() {
        let wait = Duration::from_secs(1_024);
        for (jitter, shortest, range) in [
            (Jitter::Full, 0, 1_024_u64),
            (Jitter::Equal, 512, 512),
            (Jitter::Percent(50), 512, 1_024),
            (Jitter::Down(25), 768, 256),
            (Jitter::Up(25), 1_024, 256),
        ] {
            for quarter in 0..4 {
                let place = u64::from(quarter) * range / 4;
                let expected = Duration::from_secs(shortest + place);
                let found = spread(jitter, wait, quarter << 30);
                let off = found.abs_diff(expected);
                assert!(
                    off < Duration::from_millis(1),
                    "{jitter:?}: {found:?}, not {expected:?}"
                );
            }
        }
    }
}
