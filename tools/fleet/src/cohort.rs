//! Clients that arrived at about the same time.

use std::time::Duration;

use crate::decision::{Decisions, Range};
use crate::pending::Pending;
use crate::random::Random;
use crate::step::Steps;

/// The clients that arrived in some consecutive steps, by the number of their retries.
#[derive(Clone, Debug)]
pub(crate) struct Cohort {
    /// The middle of its arrivals, in nanoseconds. Retries count their elapsed time from it.
    arrival: u128,
    /// The clients that wait for a retry, by its number, in ascending order.
    waiting: Vec<(usize, Pending)>,
}

/// Clients of one cohort that sent a request in the same step, after as many retries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// The index of their cohort.
    pub(crate) cohort: usize,
    pub(crate) retries: usize,
    pub(crate) clients: u64,
}

impl Cohort {
    /// Creates a cohort of the clients that arrive in `length` steps from `first` on.
    pub(crate) fn new(first: u64, length: u64, steps: Steps) -> Self {
        let middle = u128::from(length.saturating_sub(1)) * u128::from(steps.length) / 2;
        Self {
            arrival: steps.start(first) + middle,
            waiting: Vec::new(),
        }
    }

    /// Returns whether nobody waits.
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns the time since the first attempts of clients that send a request in a step.
    pub(crate) fn elapsed(&self, step: u64, retries: usize, steps: Steps) -> Duration {
        match retries {
            0 => Duration::ZERO,
            _ => Duration::from_nanos_u128(steps.start(step).saturating_sub(self.arrival)),
        }
    }

    /// Adds those who send a retry in step `now` to `arrivals`, and returns how many numbers of retries that took.
    pub(crate) fn take(
        &mut self,
        now: u64,
        cohort: usize,
        arrivals: &mut Vec<Group>,
        random: &mut Random,
    ) -> u64 {
        for (retries, pending) in &mut self.waiting {
            let clients = pending.take(now, random);
            if clients > 0 {
                arrivals.push(Group {
                    cohort,
                    retries: *retries,
                    clients,
                });
            }
        }
        let visits = self.waiting.len() as u64;
        self.waiting.retain(|(_, pending)| !pending.is_idle());
        visits
    }

    /// Lets clients of this cohort wait from step `now` on.
    pub(crate) fn wait(
        &mut self,
        now: u64,
        group: Group,
        range: Range,
        (decisions, steps): (&Decisions, Steps),
        random: &mut Random,
    ) {
        let retries = decisions.next(group.retries);
        let place = self.waiting.binary_search_by_key(&retries, |(n, _)| *n);
        let place = place.unwrap_or_else(|place| {
            let longest = steps.of_wait(decisions.longest_before(retries));
            self.waiting.insert(place, (retries, Pending::new(longest)));
            place
        });
        let pending = &mut self.waiting[place].1;
        pending.add(now, group.clients, range, steps, random);
    }
}
