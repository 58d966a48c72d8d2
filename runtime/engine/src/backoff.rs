//! Schedules of waits, and jitter.

use core::time::Duration;

use crate::time::{self, add, difference, share};

/// A schedule of waits, as a table writes it down: no formula is left to compute at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    waits: &'static [Duration],
    repeat_last: bool,
    jitter: Jitter,
}

impl Backoff {
    /// A schedule that ends after the last of `waits`.
    ///
    /// # Panics
    ///
    /// If `waits` is empty, which is a compile error in a constant:
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
            jitter: Jitter::None,
        }
    }

    /// Lets the last wait go on for ever.
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
        Self { jitter, ..self }
    }

    /// Returns the wait before retry `n`, counted from 1, without jitter, or `None` if the schedule has
    /// ended. There is none for 0.
    #[must_use]
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

    pub(crate) fn own_jitter(&self) -> Jitter {
        self.jitter
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
    /// From `w` less this many percent to `w` plus as many. More than 100 counts as 100.
    Percent(u8),
}

impl Jitter {
    #[inline]
    pub(crate) fn spread(self) -> Spread {
        let (down, up) = match self {
            Self::None => (0, 0),
            Self::Full => (100, 0),
            Self::Equal => (50, 0),
            Self::Percent(percent) => (percent.min(100), percent.min(100)),
        };
        Spread { down, up }
    }
}

/// How far a wait may go down and up, in percent of it. Of two that are not zero, both are the same.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) down: u8,
    pub(crate) up: u8,
}

impl Spread {
    /// Takes `wait` to its place in the range: 0 is the shortest, `u32::MAX` the longest.
    // Inlined, a wait that is not spread costs nothing.
    #[inline]
    pub(crate) fn apply(self, wait: Duration, random: Option<u32>) -> Duration {
        match random {
            Some(random) if self.down | self.up > 0 => self.place(wait, random),
            _ => wait,
        }
    }

    fn place(self, wait: Duration, random: u32) -> Duration {
        // From 0 to 2^32, both included, so that `u32::MAX` is the whole.
        let place = u64::from(random) + u64::from(random >> 31);
        let reach = time::percent(wait, u32::from(self.down | self.up));
        let share = share(reach, place);
        let shortest = if self.down > 0 {
            difference(wait, reach)
        } else {
            wait
        };
        let spread = add(shortest, share);
        if self.down > 0 && self.up > 0 {
            add(spread, share)
        } else {
            spread
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
        ] {
            assert_eq!(
                jitter.spread().apply(wait, Some(0)),
                Duration::from_millis(shortest)
            );
            assert_eq!(
                jitter.spread().apply(wait, Some(u32::MAX)),
                Duration::from_millis(longest)
            );
        }
    }

    /// Quarter by quarter: between the ends there is a straight line.
    #[test]
    fn jitter_is_even_over_its_range() {
        let wait = Duration::from_secs(1_024);
        for (jitter, shortest, range) in [
            (Jitter::Full, 0, 1_024_u64),
            (Jitter::Equal, 512, 512),
            (Jitter::Percent(50), 512, 1_024),
        ] {
            for quarter in 0..4 {
                let place = u64::from(quarter) * range / 4;
                let expected = Duration::from_secs(shortest + place);
                let found = jitter.spread().apply(wait, Some(quarter << 30));
                let off = found.abs_diff(expected);
                assert!(
                    off < Duration::from_millis(1),
                    "{jitter:?}: {found:?}, not {expected:?}"
                );
            }
        }
    }
}
