//! Arithmetic on durations that saturates, without a panic and without a 64-bit division: `core`'s
//! leaves both in a program, and a microcontroller pays for them in flash.

use core::time::Duration;

const NANOS: u32 = 1_000_000_000;

pub(crate) fn add(a: Duration, b: Duration) -> Duration {
    let nanos = a.subsec_nanos() + b.subsec_nanos();
    let carry = u64::from(nanos / NANOS);
    match a.as_secs().checked_add(b.as_secs()) {
        Some(secs) if secs <= u64::MAX - carry => Duration::new(secs + carry, nanos % NANOS),
        _ => Duration::MAX,
    }
}

pub(crate) fn sub(a: Duration, b: Duration) -> Duration {
    if a <= b {
        return Duration::ZERO;
    }
    let nanos = a.subsec_nanos() + NANOS - b.subsec_nanos();
    let borrow = 1 - u64::from(nanos / NANOS);
    Duration::new(a.as_secs() - b.as_secs() - borrow, nanos % NANOS)
}

/// `wait * share / 2^32`, for a share of 2^32 at most.
pub(crate) fn share(wait: Duration, share: u64) -> Duration {
    let high = wait.as_secs() >> 32;
    let low = (wait.as_secs() & u64::from(u32::MAX)) * share;
    let nanos = ((low & u64::from(u32::MAX)) * u64::from(NANOS)) >> 32;
    add(
        Duration::new(high * share + (low >> 32), low_half(nanos) % NANOS),
        Duration::new(
            0,
            low_half((u64::from(wait.subsec_nanos()) * share) >> 32) % NANOS,
        ),
    )
}

/// `wait * percent / 100`, for 100 at most, to the nanosecond.
pub(crate) fn percent(wait: Duration, percent: u32) -> Duration {
    let (mut secs, mut rest) = (0, 0);
    // A long division by digits of 16 bits.
    for shift in [48, 32, 16, 0] {
        let digit = low_half(wait.as_secs() >> shift) & 0xffff;
        let dividend = (rest << 16) + digit * percent;
        secs = (secs << 16) + u64::from(dividend / 100);
        rest = dividend % 100;
    }
    let nanos = wait.subsec_nanos();
    let nanos = nanos / 100 * percent + nanos % 100 * percent / 100;
    add(
        Duration::new(secs, rest * (NANOS / 100)),
        Duration::new(0, nanos % NANOS),
    )
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the low half is what is wanted"
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
    fn sums_and_differences_are_core_s() {
        for a in DURATIONS {
            for b in DURATIONS {
                assert_eq!(add(a, b), a.saturating_add(b), "{a:?} + {b:?}");
                assert_eq!(sub(a, b), a.saturating_sub(b), "{a:?} - {b:?}");
            }
        }
    }

    /// The oracle is the same product in 128 bits.
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
