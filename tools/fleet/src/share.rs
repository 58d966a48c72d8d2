//! Shares in whole clients.

use rand::RngExt;

use crate::random::Random;

/// Divides a part of a whole among the counts that make up the whole, in proportion.
///
/// Shares are whole clients, and add up to the part. A random offset decides who gets the fractions, so that on average
/// nobody is favored.
pub(crate) struct Shares {
    part: u128,
    whole: u128,
    /// The sum of the counts so far times `part`, plus the offset.
    place: u128,
}

impl Shares {
    /// Begins to divide `part` of `whole`, or all of it if the part is larger.
    pub(crate) fn new(part: u64, whole: u64, random: &mut Random) -> Self {
        Self {
            part: part.min(whole).into(),
            whole: whole.max(1).into(),
            place: random.random_range(0..whole.max(1)).into(),
        }
    }

    /// Returns the share of the next count.
    pub(crate) fn next(&mut self, count: u64) -> u64 {
        let before = self.place / self.whole;
        self.place += self.part * u128::from(count);
        crate::number::narrow(self.place / self.whole - before)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn shares_add_up_and_never_exceed_counts() {
        let mut random = Random::seed_from_u64(1);
        for _ in 0..2_000 {
            let counts: Vec<u64> = (0..7).map(|_| random.random_range(0..9)).collect();
            let whole: u64 = counts.iter().sum();
            let part = random.random_range(0..=whole);
            let mut shares = Shares::new(part, whole, &mut random);
            let taken: Vec<u64> = counts.iter().map(|count| shares.next(*count)).collect();
            assert_eq!(taken.iter().sum::<u64>(), part);
            assert!(taken.iter().zip(&counts).all(|(taken, of)| taken <= of));
        }
    }

    /// Of 4,000 single places, each of four equal counts gets a quarter: within 5 standard deviations, 137.
    #[test]
    fn nobody_is_favored() {
        let mut random = Random::seed_from_u64(2);
        let mut wins = [0_u64; 4];
        for _ in 0..4_000 {
            let mut shares = Shares::new(1, 4, &mut random);
            for win in &mut wins {
                *win += shares.next(1);
            }
        }
        assert!(wins.iter().all(|win| win.abs_diff(1_000) < 137), "{wins:?}");
    }
}
