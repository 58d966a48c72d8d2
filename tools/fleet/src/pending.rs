//! Clients that wait for a retry.

use rand::RngExt;

use crate::decision::Range;
use crate::number::ratio;
use crate::random::{Random, successes};
use crate::step::Steps;

/// Up to this many clients draw their waits one by one.
const FEW: u64 = 32;
/// Expected arrivals are counted in parts of a client of this many bits.
const FRACTION: u32 = 24;

/// The clients that wait for a retry of one number, by the step in which they send it.
///
/// Clients whose waits end in one step are counted there. The others are spread over the steps from the shortest wait
/// to the longest. All that is kept of them is at which steps the expected arrivals change.
///
/// When a step comes, its arrivals are drawn from those who wait. Each arrives with the probability that the rest of the
/// expectation gives. So spreading takes the same time whatever the number of clients or steps, and no client is lost
/// or doubled.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// The clients whose step is known. This and `changes` are rings, with a place for each step ahead.
    known: Vec<u64>,
    /// By how much the expected arrivals of a step exceed those of the step before.
    changes: Vec<i128>,
    /// The clients in `known`.
    known_clients: u64,
    /// The clients that are spread.
    spread_clients: u64,
    /// The expected arrivals of the present step.
    rate: i128,
    /// The expected arrivals of all steps ahead.
    expected: i128,
}

impl Pending {
    /// Creates the place for waits of up to `longest` steps.
    pub(crate) fn new(longest: u64) -> Self {
        let places = usize::try_from(longest.saturating_add(2)).unwrap_or(usize::MAX);
        Self {
            known: vec![0; places],
            changes: vec![0; places],
            known_clients: 0,
            spread_clients: 0,
            rate: 0,
            expected: 0,
        }
    }

    /// Returns whether nobody waits, and [`take`](Self::take) need not be called.
    pub(crate) fn is_idle(&self) -> bool {
        (self.known_clients, self.spread_clients) == (0, 0) && (self.rate, self.expected) == (0, 0)
    }

    /// Lets clients wait from step `now` on.
    pub(crate) fn add(
        &mut self,
        now: u64,
        clients: u64,
        range: Range,
        steps: Steps,
        random: &mut Random,
    ) {
        let (first, last) = (steps.of_wait(range.shortest), steps.of_wait(range.longest));
        if first == last {
            self.add_known(now + first, clients);
        } else if clients <= FEW {
            for _ in 0..clients {
                let wait = range.place(random.random());
                self.add_known(now + steps.of_wait(wait), 1);
            }
        } else {
            self.add_spread(now, clients, range, steps);
        }
    }

    /// Returns how many clients send their retry in step `now`. While somebody waits, each step must be taken.
    pub(crate) fn take(&mut self, now: u64, random: &mut Random) -> u64 {
        let place = self.place(now);
        let known = std::mem::take(&mut self.known[place]);
        self.known_clients -= known;
        self.rate += std::mem::take(&mut self.changes[place]);
        let due = match self.spread_clients {
            0 => 0,
            all if self.rate >= self.expected => all,
            all => {
                let share = ratio(self.rate.unsigned_abs(), self.expected.unsigned_abs());
                successes(all, share, random)
            }
        };
        self.spread_clients -= due;
        self.expected -= self.rate;
        known + due
    }

    fn add_known(&mut self, step: u64, clients: u64) {
        let place = self.place(step);
        self.known[place] += clients;
        self.known_clients += clients;
    }

    /// Spreads clients evenly over a range of more than one step. A step gets the part of the range that is rounded to
    /// it: a whole step, but for the first and the last.
    fn add_spread(&mut self, now: u64, clients: u64, range: Range, steps: Steps) {
        let (first, last) = (steps.of_wait(range.shortest), steps.of_wait(range.longest));
        // In half nanoseconds, since waits are rounded at half a step.
        let length = u128::from(steps.length);
        let start = 2 * u128::from(range.shortest);
        let whole = 2 * u128::from(range.longest) - start;
        let of_first = (2 * u128::from(first) + 1) * length - start;
        let all = u128::from(clients) << FRACTION;
        let in_first = (all * of_first / whole).cast_signed();
        let between = last - first - 1;
        let in_each = match between {
            0 => 0,
            _ => (all * 2 * length / whole).cast_signed(),
        };
        // It has the rounding, too: the sum is exact.
        let in_last = all.cast_signed() - in_first - in_each * i128::from(between);

        self.change(now + first, in_first);
        self.change(now + first + 1, in_each - in_first);
        self.change(now + last, in_last - in_each);
        self.change(now + last + 1, -in_last);
        self.expected += all.cast_signed();
        self.spread_clients += clients;
    }

    fn change(&mut self, step: u64, by: i128) {
        let place = self.place(step);
        self.changes[place] += by;
    }

    fn place(&self, step: u64) -> usize {
        // It is below the length of a vector.
        usize::try_from(step % self.known.len() as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rand::SeedableRng;

    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const STEPS: Steps = Steps {
        length: SECOND,
        limit: 100_000,
    };

    fn range(shortest: f64, longest: f64) -> Range {
        let nanos = |secs| u64::try_from(Duration::from_secs_f64(secs).as_nanos()).unwrap();
        Range {
            shortest: nanos(shortest),
            longest: nanos(longest),
        }
    }

    /// Returns the arrivals in steps 0 to 19 of clients that begin to wait in step 0.
    fn arrivals(clients: u64, range: Range) -> Vec<u64> {
        let mut random = Random::seed_from_u64(5);
        let mut pending = Pending::new(STEPS.of_wait(range.longest));
        pending.add(0, clients, range, STEPS, &mut random);
        let taken = (0..20).map(|step| {
            let is_idle = pending.is_idle();
            let taken = pending.take(step, &mut random);
            assert!(taken == 0 || !is_idle);
            taken
        });
        let taken = taken.collect();
        assert!(pending.is_idle());
        taken
    }

    #[test]
    fn a_single_wait_ends_in_one_step() {
        let found = arrivals(u64::MAX >> 30, range(7.0, 7.4));
        assert_eq!(
            (found[7], found.iter().sum()),
            (u64::MAX >> 30, u64::MAX >> 30)
        );
    }

    /// Steps 3 and 7 get half of what the others get: within five standard deviations of 250,000 or 125,000.
    #[test]
    fn waits_are_spread_over_their_range() {
        let found = arrivals(1_000_000, range(3.0, 7.0));
        assert_eq!(found.iter().sum::<u64>(), 1_000_000);
        let expected = [0, 0, 0, 125_000, 250_000, 250_000, 250_000, 125_000];
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.abs_diff(expected) < 2_200, "{found}, {expected}");
        }
    }

    /// The first step has what is rounded down to no step at all: within five standard deviations.
    #[test]
    fn waits_from_zero_take_a_step() {
        let found = arrivals(1_000_000, range(0.0, 4.0));
        let expected = [0, 375_000, 250_000, 250_000, 125_000];
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.abs_diff(expected) < 2_500, "{found}, {expected}");
        }
    }

    #[test]
    fn neighboring_steps_share_a_short_range() {
        let found = arrivals(1_000_000, range(3.4, 3.6));
        assert_eq!(found[3] + found[4], 1_000_000);
        assert!(found[3].abs_diff(500_000) < 2_500);
    }

    /// Batches of different sizes overlap, some drawn one by one. The average wait is 25 s within 0.1 s, seven standard
    /// deviations, and nobody waits too long.
    #[test]
    fn batches_keep_their_average_wait() {
        let mut random = Random::seed_from_u64(6);
        let range = range(10.0, 40.0);
        let mut pending = Pending::new(40);
        let (mut clients, mut begun, mut ended) = (0, 0, 0);
        for step in 0..10_000 {
            let taken = pending.take(step, &mut random);
            ended += taken * step;
            if step < 9_950 {
                let added = [0, 5, 33, 0, 0, 60, 200][usize::try_from(step % 7).unwrap()];
                pending.add(step, added, range, STEPS, &mut random);
                clients += added;
                begun += added * step;
            }
        }
        assert!(pending.is_idle());
        let tenths = (ended - begun) * 10;
        assert!(tenths.abs_diff(clients * 250) < clients, "{tenths}");
    }
}
