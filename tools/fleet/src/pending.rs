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
