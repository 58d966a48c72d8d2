//! Saturating arithmetic on durations, without panics and 64-bit divisions. `core`'s arithmetic compiles to
//! both, which cost a microcontroller flash.

use core::time::Duration;

pub(crate) const NANOS: u32 = 1_000_000_000;

#[inline]
pub(crate) fn add(a: Duration, b: Duration) -> Duration {
    let nanos = a.subsec_nanos() + b.subsec_nanos();
    let secs = a.as_secs().checked_add(b.as_secs());
    match secs.and_then(|secs| secs.checked_add(u64::from(nanos / NANOS))) {
        Some(secs) => Duration::new(secs, nanos % NANOS),
        None => Duration::MAX,
    }
}

/// Returns the sum of `secs`, which must not overflow with the carry, and `nanos`, which may exceed a second.
pub(crate) fn new(secs: u64, nanos: u32) -> Duration {
    Duration::new(secs.wrapping_add(u64::from(nanos / NANOS)), nanos % NANOS)
}

// `Duration`'s own `>`, `max` and `min` compile to more code, and size matters here.
pub(crate) fn exceeds(a: Duration, b: Duration) -> bool {
    a.as_secs() > b.as_secs() || (a.as_secs() == b.as_secs() && a.subsec_nanos() > b.subsec_nanos())
}

pub(crate) fn max(a: Duration, b: Duration) -> Duration {
    if exceeds(a, b) { a } else { b }
}

pub(crate) fn min(a: Duration, b: Duration) -> Duration {
    if exceeds(a, b) { b } else { a }
}

pub(crate) fn sub(a: Duration, b: Duration) -> Duration {
    if exceeds(a, b) {
        difference(a, b)
    } else {
        Duration::ZERO
    }
}

/// Returns `a - b`; `b` must not exceed `a`.
pub(crate) fn difference(a: Duration, b: Duration) -> Duration {
    // Borrow a second; `new` carries it back if it was not needed.
    let nanos = a.subsec_nanos() + (NANOS - b.subsec_nanos());
    new(a.as_secs().wrapping_sub(b.as_secs()).wrapping_sub(1), nanos)
}

/// Returns `wait * share / 2^32`; `share` must not exceed 2^32.
pub(crate) fn share(wait: Duration, share: u64) -> Duration {
    let high = wait.as_secs() >> 32;
    let low = u64::from(low_half(wait.as_secs())) * share;
    let nanos = (u64::from(low_half(low)) * u64::from(NANOS)) >> 32;
    let own_nanos = (u64::from(wait.subsec_nanos()) * share) >> 32;
    new(high * share + (low >> 32), low_half(nanos + own_nanos))
}

/// Returns `wait * percent / 100`, to the nanosecond; `percent` must not exceed 100.
pub(crate) fn percent(wait: Duration, percent: u32) -> Duration {
    let (mut secs, mut rest) = (wait.as_secs(), 0);
    // Long division by digits of 16 bits: each leaves at the top, and one of the quotient enters at the
    // bottom.
    for _ in 0..4 {
        let dividend = (rest << 16) + low_half(secs >> 48) * percent;
        secs = (secs << 16) + u64::from(dividend / 100);
        rest = dividend % 100;
    }
    let nanos = wait.subsec_nanos();
    let nanos = nanos / 100 * percent + nanos % 100 * percent / 100;
    new(secs, rest * (NANOS / 100) + nanos)
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

    const DURATIONS: [Duration; 12] = [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_nanos(999_999_999),
        Duration::from_secs(1),
        Duration::new(1, 999_999_999),
        Duration::from_millis(12_345),
        Duration::from_secs(32_768),
        Duration::new(u32::MAX as u64, 999_999_999),
        Duration::new(u32::MAX as u64 + 1, 1),
        Duration::new(u64::MAX / 3, 500_000_000),
        Duration::new(u64::MAX, 0),
        Duration::MAX,
    ];

    #[test]
    fn sums_and_differences_are_those_of_core() {
        for a in DURATIONS {
            for b in DURATIONS {
                assert_eq!(add(a, b), a.saturating_add(b), "{a:?} + {b:?}");
                assert_eq!(sub(a, b), a.saturating_sub(b), "{a:?} - {b:?}");
            }
        }
    }

    /// Compares with the same product in 128 bits.
    #[test]
    fn a_share_is_the_product() {
        let shares = (0..=32).flat_map(|bit| {
            let power = 1_u64 << bit;
            [power - 1, power, power + 1]
        });
        for part in shares.filter(|part| *part <= 1 << 32) {
            for wait in DURATIONS {
                let exact = (wait.as_nanos() * u128::from(part)) >> 32;
                let found = share(wait, part).as_nanos();
                // Two shifts, each of which may drop part of a nanosecond.
                assert!(
                    exact - found <= 1,
                    "{wait:?} by {part}: {found}, not {exact}"
                );
            }
        }
        assert_eq!(share(Duration::MAX, 1 << 32), Duration::MAX);
    }

    #[test]
    fn a_percentage_is_exact() {
        for wait in DURATIONS {
            for part in 0..=100 {
                let exact = wait.as_nanos() * u128::from(part) / 100;
                let found = percent(wait, part).as_nanos();
                assert!(
                    exact - found <= 1,
                    "{part} % of {wait:?}: {found}, not {exact}"
                );
            }
        }
        assert_eq!(percent(Duration::from_secs(10), 20), Duration::from_secs(2));
    }
}
