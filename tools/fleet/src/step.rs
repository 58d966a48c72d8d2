//! The length of a step, and how many there are at most.

use std::iter;
use std::time::Duration;

use crate::decision::Decisions;
use crate::number::narrow;
use crate::{Arrival, Error, Scenario};

/// How many steps there are. Whoever still waits after them is reported as waiting.
const MOST_STEPS: u64 = 4_000_000;
/// How many steps a simulation should need, so that a guess of its length may be wrong.
const STEPS_AIMED_AT: u128 = 2_000_000;
/// How many numbers of retries a simulation should look at, step by step and cohort by cohort: it takes a second.
const VISITS_AIMED_AT: u128 = 10_000_000;
/// The most places in the rings of all pending clients together, which bounds the memory: a place takes 24 bytes.
const MOST_PLACES: u128 = 2_000_000;
/// How much more a simulation may take that would need steps of more than a second.
const MORE_WORK: u64 = 10;
const SECOND: u64 = 1_000_000_000;
/// The shortest step, 100 µs.
const SHORTEST: u64 = 100_000;
/// The step if every wait is zero: such a wait then takes 10 ms.
const FOR_ZERO_WAITS: u64 = 10_000_000;
/// How many steps the shortest wait takes, if that leads to the end.
const STEPS_OF_A_WAIT: u128 = 64;
/// How many parts of the bound on elapsed time tell clients apart that arrive at different times.
pub(crate) const COHORTS: u64 = 32;

/// Steps of equal length. A second is a whole number of them, or they are a whole number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    /// How long a step is, in nanoseconds.
    pub(crate) length: u64,
    /// How many there are at most.
    pub(crate) limit: u64,
}

impl Steps {
    /// Chooses the shortest steps that lead to the end with little work, but none so long that waits are lost in them.
    pub(crate) fn choose(decisions: &Decisions, scenario: &Scenario) -> Result<Self, Error> {
        let arrival = match scenario.arrival {
            Arrival::AtOnce => Duration::ZERO,
            Arrival::Over(duration) => duration,
        };
        let waits = || {
            decisions
                .waits()
                .iter()
                .map(|wait| u128::from(wait.longest))
        };
        let bound = decisions
            .max_elapsed()
            .map_or(u128::MAX, |max| max.as_nanos());
        let needed = arrival
            .as_nanos()
            .saturating_add(time_of_retries(decisions, scenario).min(bound));
        let cohorts = if bound < u128::MAX && !arrival.is_zero() {
            u128::from(COHORTS) + 2
        } else {
            1
        };
        let classes = decisions.waits().len() as u128 + 1;
        let fits = |length: u64, work: u64| {
            let (length, work) = (u128::from(length), u128::from(work));
            let places = waits().map(|wait| (wait.min(bound) / length).saturating_add(3));
            needed / length <= STEPS_AIMED_AT * work
                && needed.saturating_mul(cohorts * classes) / length <= VISITS_AIMED_AT * work
                && places.fold(0, u128::saturating_add).saturating_mul(cohorts) <= MOST_PLACES
        };

        let finest = match waits().filter(|wait| *wait > 0).min() {
            Some(shortest) => narrow(shortest / STEPS_OF_A_WAIT).clamp(SHORTEST, SECOND),
            None if decisions.waits().is_empty() => SECOND,
            None => FOR_ZERO_WAITS,
        };
        // Steps must still tell the longest wait from none.
        let coarsest = match waits().max() {
            Some(longest) => narrow(longest / 4).max(finest),
            None => u64::MAX,
        };
        let (finest, coarsest) = (last_rung(finest), last_rung(coarsest));
        let shortest = |work| {
            rungs()
                .filter(|rung| (finest..=coarsest).contains(rung))
                .find(|rung| fits(*rung, work))
        };
        // Steps of more than a second are rough, so they are worth more work.
        let (length, work) = match shortest(1) {
            Some(length) if length <= SECOND => (length, 1),
            found => match shortest(MORE_WORK).filter(|length| *length <= SECOND) {
                Some(length) => (length, MORE_WORK),
                None => (found.unwrap_or(coarsest), 1),
            },
        };
        let longest = u128::from(length) * u128::from(MOST_STEPS / 2);
        if arrival.as_nanos() > longest {
            return Err(Error::ArrivalTooLong {
                arrival,
                longest: Duration::from_nanos_u128(longest),
            });
        }
        Ok(Self {
            length,
            limit: MOST_STEPS * work,
        })
    }

    /// Returns the time at which a step begins.
    pub(crate) fn start(self, step: u64) -> u128 {
        u128::from(step) * u128::from(self.length)
    }

    /// Returns how many steps a wait takes: the nearest number, and at least one. The wait is in nanoseconds.
    pub(crate) fn of_wait(self, wait: u64) -> u64 {
        (wait.saturating_add(self.length / 2) / self.length).max(1)
    }

    /// Returns the length of a window, over which arrivals per second and the capacity are counted: a second, or a
    /// step if that is longer.
    pub(crate) fn window(self) -> u64 {
        self.length.max(SECOND)
    }
}

/// Returns how long the retries of a client may take. If they have no end, it is a guess.
fn time_of_retries(decisions: &Decisions, scenario: &Scenario) -> u128 {
    let waits = decisions.waits().iter();
    let all = waits.fold(0, |all: u128, wait| all.saturating_add(wait.longest.into()));
    let Some(last) = decisions.waits().last().filter(|_| decisions.repeats()) else {
        return all;
    };
    // The server is idle between waves, which are as long as the last wait is spread, and a second at least.
    let wave = last.longest - last.shortest + SECOND;
    let part_idle = u128::from(last.longest / wave) + 2;
    let queue = u128::from(scenario.clients) * u128::from(SECOND) / u128::from(scenario.capacity);
    scenario
        .outage
        .as_nanos()
        .saturating_add(queue.saturating_mul(part_idle))
        .saturating_add(all.saturating_mul(2))
}

/// Returns the lengths that a step may have: 1, 2 or 5 times a power of ten, up to three centuries.
fn rungs() -> impl Iterator<Item = u64> {
    let powers = iter::successors(Some(SHORTEST), |power| power.checked_mul(10));
    powers.flat_map(|power| {
        [1, 2, 5]
            .into_iter()
            .filter_map(move |n| power.checked_mul(n))
    })
}

/// Returns the longest rung that is at most `length`, or the first.
fn last_rung(length: u64) -> u64 {
    let rungs = rungs().take_while(|rung| *rung <= length);
    rungs.last().unwrap_or(SHORTEST)
}

#[cfg(test)]
mod tests {
    use retrospec::{Outcome, Policy, StatusTable};

    use super::*;

    fn chosen<T: StatusTable>(policy: Policy<T>, scenario: &Scenario) -> Result<Steps, Error> {
        let decisions = Decisions::ask(policy, Outcome::status(503)).unwrap();
        Steps::choose(&decisions, scenario)
    }

    const SCENARIO: Scenario = Scenario {
        clients: 1_000_000,
        arrival: Arrival::AtOnce,
        outage: Duration::from_mins(30),
        capacity: 1_000,
        budget: None,
        seed: 0,
    };

    #[test]
    fn steps_adapt_to_the_shortest_wait() {
        let length = |steps: Result<Steps, Error>| Duration::from_nanos(steps.unwrap().length);
        let memfault = chosen(memfault_status::policy(), &SCENARIO);
        assert_eq!(length(memfault), Duration::from_millis(100));
        let otlp = chosen(otlp_status::policy(), &SCENARIO);
        assert_eq!(length(otlp), Duration::from_millis(100));
        let prometheus = chosen(prometheus_remote_write_status::policy(), &SCENARIO);
        assert_eq!(length(prometheus), Duration::from_millis(10));
    }

    #[test]
    fn steps_adapt_to_the_whole() {
        let slow = Scenario {
            capacity: 10,
            ..SCENARIO
        };
        let prometheus = chosen(prometheus_remote_write_status::policy(), &slow).unwrap();
        assert_eq!(prometheus.length, SECOND);
    }

    #[test]
    fn an_arrival_over_centuries_is_refused() {
        let slow = Scenario {
            arrival: Arrival::Over(Duration::MAX),
            ..SCENARIO
        };
        let error = chosen(otlp_status::policy(), &slow).unwrap_err();
        assert!(matches!(error, Error::ArrivalTooLong { .. }), "{error}");
    }

    #[test]
    fn rungs_divide_a_second_or_are_whole_seconds() {
        let divides = |a: u64, b: u64| b.is_multiple_of(a);
        for rung in rungs() {
            assert!(divides(rung, SECOND) || divides(SECOND, rung), "{rung}");
            assert_eq!(last_rung(rung), rung);
        }
        assert_eq!(rungs().last(), Some(10_000_000_000_000_000_000));
    }

    #[test]
    fn a_wait_ends_in_the_nearest_later_step() {
        let steps = Steps {
            length: SECOND,
            limit: 1,
        };
        let found = [0, 400, 1_499, 1_500, 8_000].map(|millis| steps.of_wait(millis * 1_000_000));
        assert_eq!(found, [1, 1, 1, 2, 8]);
    }
}
