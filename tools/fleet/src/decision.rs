//! What clients do after each attempt, by asking the engine.

use std::time::Duration;

use retrospec::{Next, Outcome, Policy, SavedWait, StatusTable};

use crate::Error;
use crate::number::{narrow, ratio};

/// The most retries that are counted one by one.
const MOST_RETRIES: u32 = 10_000;
/// A longer wait counts as a century, in nanoseconds.
const LONGEST_WAIT: u64 = 100 * 365 * 24 * 3_600 * 1_000_000_000;

/// The waits of a request that gets the same answer every time.
///
/// The range of a wait depends on the number of the retry alone, and within it the engine is linear in the random
/// number. So it is asked for both ends, once for each retry.
#[derive(Clone, Debug)]
pub(crate) struct Decisions {
    /// The ranges of the waits, by the number of retries before.
    waits: Vec<Range>,
    /// Whether the last wait repeats without end.
    repeats: bool,
    /// The latest time after the first attempt at which a retry may start.
    max_elapsed: Option<Duration>,
}

/// The shortest and the longest wait, in nanoseconds. All between are equally likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) shortest: u64,
    pub(crate) longest: u64,
}

impl Range {
    /// Returns the wait that a random number gives.
    pub(crate) fn place(self, random: u64) -> u64 {
        let share = u128::from(self.longest - self.shortest) * u128::from(random);
        self.shortest + narrow(share >> u64::BITS)
    }
}

impl Decisions {
    /// Asks the engine for the waits of a request that gets this answer every time.
    pub(crate) fn ask<T: StatusTable>(
        policy: Policy<T>,
        answer: Outcome<'_>,
    ) -> Result<Self, Error> {
        // The range of a wait does not depend on the time, but a bound on the time would hide it.
        let untimed = policy.max_elapsed(Duration::MAX);
        let shortest = walk(untimed, answer.random(0));
        let longest = walk(untimed, answer.random(u32::MAX));
        let mut waits: Vec<Range> = shortest
            .into_iter()
            .zip(longest)
            .map(|(shortest, longest)| Range {
                shortest: nanos(shortest),
                longest: nanos(longest.max(shortest)),
            })
            .collect();
        let repeats = waits.len() > MOST_RETRIES as usize;
        if repeats {
            if !retries_without_end(untimed, answer) {
                return Err(Error::TooManyRetries { most: MOST_RETRIES });
            }
            merge_end(&mut waits);
        }
        let max_elapsed = match waits.first() {
            Some(first) if policy.has_max_elapsed() => latest_retry(policy, answer, first.shortest),
            _ => Some(Duration::MAX),
        };
        Ok(match max_elapsed {
            // Even the first wait is too long.
            None => Self {
                waits: Vec::new(),
                repeats: false,
                max_elapsed: None,
            },
            Some(max) => Self {
                waits,
                repeats,
                max_elapsed: (max < Duration::MAX).then_some(max),
            },
        })
    }

    /// Returns the ranges of the waits that differ.
    pub(crate) fn waits(&self) -> &[Range] {
        &self.waits
    }

    /// Returns whether the last wait repeats without end.
    pub(crate) fn repeats(&self) -> bool {
        self.repeats
    }

    pub(crate) fn max_elapsed(&self) -> Option<Duration> {
        self.max_elapsed
    }

    /// Returns the number of retries by which clients are counted once they have retried again. If the last wait repeats,
    /// the number after it stands for all later ones.
    pub(crate) fn next(&self, retries: usize) -> usize {
        let last = if self.repeats {
            self.waits.len()
        } else {
            usize::MAX
        };
        (retries + 1).min(last)
    }

    /// Returns the longest wait that leads to a number of retries.
    pub(crate) fn longest_before(&self, retries: usize) -> u64 {
        let range = retries
            .checked_sub(1)
            .and_then(|before| self.waits.get(before));
        let longest = range.map_or(0, |range| range.longest);
        longest.min(self.max_elapsed.map_or(u64::MAX, nanos))
    }

    fn range(&self, retries: usize) -> Option<Range> {
        let last = self.waits.last().filter(|_| self.repeats);
        self.waits.get(retries).or(last).copied()
    }

    /// Returns which share of the clients retries, this long after the first attempt, and how long they wait; `None`
    /// if none does.
    pub(crate) fn after(&self, retries: usize, elapsed: Duration) -> Option<(f64, Range)> {
        let range = self.range(retries)?;
        let Some(max) = self.max_elapsed else {
            return Some((1.0, range));
        };
        let left = nanos(max.checked_sub(elapsed)?);
        if range.longest <= left {
            return Some((1.0, range));
        }
        let beyond_shortest = left.checked_sub(range.shortest)?;
        let reach = range.longest - range.shortest;
        let retrying = Range {
            longest: left,
            ..range
        };
        Some((ratio(beyond_shortest.into(), reach.into()), retrying))
    }
}

/// Returns the waits until the engine stops, and at most one more than [`MOST_RETRIES`].
fn walk<T: StatusTable>(policy: Policy<T>, answer: Outcome<'_>) -> Vec<Duration> {
    let mut waits = Vec::new();
    let mut attempt = policy.first_attempt();
    while waits.len() <= MOST_RETRIES as usize {
        match attempt.next(answer.elapsed(Duration::ZERO)) {
            Next::Retry(wait) => {
                waits.push(wait.duration());
                attempt = wait.into_attempt();
            }
            Next::Stop(_) => break,
        }
    }
    waits
}

fn retries_without_end<T: StatusTable>(policy: Policy<T>, answer: Outcome<'_>) -> bool {
    let last = SavedWait {
        retry: u32::MAX - 1,
        duration: Duration::ZERO,
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    };
    let attempt = policy.resume(last, Duration::ZERO).into_attempt();
    matches!(attempt.next(answer.elapsed(Duration::ZERO)), Next::Retry(_))
}

/// Keeps the first of the equal waits at the end.
fn merge_end(waits: &mut Vec<Range>) {
    while let [.., before, last] = waits[..]
        && before == last
    {
        waits.pop();
    }
}

/// Returns the latest time at which the engine lets a retry start, or `None` if even the first retry would start too
/// late.
fn latest_retry<T: StatusTable>(
    policy: Policy<T>,
    answer: Outcome<'_>,
    shortest: u64,
) -> Option<Duration> {
    let retries_at = |elapsed: u128| {
        let outcome = answer.random(0).elapsed(duration(elapsed));
        matches!(policy.first_attempt().next(outcome), Next::Retry(_))
    };
    if !retries_at(0) {
        return None;
    }
    // The wait begins at `low` at the latest. If it began at `high`, it would end too late.
    let shortest = u128::from(shortest);
    let (mut low, mut high) = (0, Duration::MAX.as_nanos() - shortest + 1);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if retries_at(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(duration(low + shortest))
}

/// Returns a wait in nanoseconds, and at most [`LONGEST_WAIT`].
fn nanos(wait: Duration) -> u64 {
    narrow(wait.as_nanos()).min(LONGEST_WAIT)
}

fn duration(nanos: u128) -> Duration {
    Duration::from_nanos_u128(nanos.min(Duration::MAX.as_nanos()))
}

#[cfg(test)]
mod tests {
    use retrospec::Jitter;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn memfault(jitter: Jitter) -> Decisions {
        let policy = memfault_status::policy().jitter(jitter);
        Decisions::ask(policy, Outcome::status(503)).unwrap()
    }

    #[test]
    fn memfaults_waits_are_five() {
        let decisions = memfault(Jitter::Percent(50));
        let longest = decisions
            .waits()
            .iter()
            .map(|wait| wait.longest / 1_000_000_000);
        assert_eq!(longest.collect::<Vec<_>>(), [12, 96, 768, 6_144, 49_152]);
        assert!(!decisions.repeats());
        assert_eq!(decisions.after(5, Duration::ZERO), None);
    }

    #[test]
    fn a_wait_that_repeats_is_kept_once() {
        let policy = prometheus_remote_write_status::policy();
        let decisions = Decisions::ask(policy, Outcome::status(503)).unwrap();
        assert_eq!(decisions.waits().len(), 9);
        assert_eq!((decisions.next(3), decisions.next(9)), (4, 9));
        assert_eq!(decisions.after(8, SECOND), decisions.after(9, SECOND));
    }

    #[test]
    fn the_bound_on_time_is_found_to_the_nanosecond() {
        for max in [
            Duration::new(300, 0),
            Duration::new(7, 123_456_789),
            SECOND * 8,
        ] {
            let policy = memfault_status::policy().max_elapsed(max);
            let decisions = Decisions::ask(policy, Outcome::status(503)).unwrap();
            let found = decisions.max_elapsed();
            assert_eq!(found, Some(max).filter(|max| *max >= SECOND * 8));
        }
        let policy = memfault_status::policy().max_elapsed(Duration::MAX);
        let decisions = Decisions::ask(policy, Outcome::status(503)).unwrap();
        assert_eq!(decisions.max_elapsed(), None);
    }

    /// The wait is 4 to 12 s, and 6 s are left: a quarter of the clients retries.
    #[test]
    fn part_of_a_range_may_end_too_late() {
        let policy = memfault_status::policy()
            .jitter(Jitter::Percent(50))
            .max_elapsed(SECOND * 20);
        let decisions = Decisions::ask(policy, Outcome::status(503)).unwrap();
        let (share, range) = decisions.after(0, SECOND * 14).unwrap();
        assert!((share - 0.25).abs() < 1e-9);
        assert_eq!(
            (range.shortest, range.longest),
            (4_000_000_000, 6_000_000_000)
        );
        assert_eq!(decisions.after(0, SECOND * 17), None);
        assert_eq!(decisions.after(0, SECOND * 21), None);
    }

    #[test]
    fn more_retries_than_are_counted_are_refused() {
        let policy = prometheus_remote_write_status::policy();
        let ask = |most| Decisions::ask(policy.max_retries(most), Outcome::status(503));
        assert_eq!(ask(10_000).unwrap().waits().len(), 10_000);
        assert_eq!(
            ask(10_001).unwrap_err(),
            Error::TooManyRetries { most: 10_000 }
        );
        assert!(ask(u32::MAX).unwrap().repeats());
    }
}
