//! How many requests the server takes.

use crate::Scenario;
use crate::number::narrow;
use crate::step::Steps;

/// What is left of the server's capacity in the present window of a second. The first to come are served.
///
/// The capacity up to a time is a running total, so that fractions of a request add up without drift.
#[derive(Clone, Debug)]
pub(crate) struct Capacity {
    steps: Steps,
    per_second: u128,
    /// In nanoseconds.
    outage: u128,
    /// The most that a window needs.
    clients: u64,
    window: Option<u128>,
    left: u64,
}

impl Capacity {
    pub(crate) fn new(scenario: &Scenario, steps: Steps) -> Self {
        Self {
            steps,
            per_second: scenario.capacity.min(scenario.clients).into(),
            outage: scenario.outage.as_nanos(),
            clients: scenario.clients,
            window: None,
            left: 0,
        }
    }

    /// Returns whether the outage is over when a step begins.
    pub(crate) fn is_up(&self, step: u64) -> bool {
        self.steps.start(step) >= self.outage
    }

    /// Returns how many of `arrivals` are served in a step. Steps must be given in order.
    pub(crate) fn serve(&mut self, step: u64, arrivals: u64) -> u64 {
        if !self.is_up(step) {
            return 0;
        }
        let length = u128::from(self.steps.window());
        let window = self.steps.start(step) / length;
        if self.window != Some(window) {
            self.window = Some(window);
            let whole = self.total((window + 1) * length) - self.total(window * length);
            self.left = narrow(whole).min(self.clients);
        }
        let served = arrivals.min(self.left);
        self.left -= served;
        served
    }

    fn total(&self, time: u128) -> u128 {
        self.per_second * time.saturating_sub(self.outage) / 1_000_000_000
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Arrival;

    /// Serves all it can in each of some steps.
    fn served(step_millis: u64, outage_millis: u64, steps: u64) -> Vec<u64> {
        let scenario = Scenario {
            clients: 1_000,
            arrival: Arrival::AtOnce,
            outage: Duration::from_millis(outage_millis),
            capacity: 3,
            budget: None,
            seed: 0,
        };
        let steps_of = Steps {
            length: step_millis * 1_000_000,
            limit: steps,
        };
        let mut capacity = Capacity::new(&scenario, steps_of);
        (0..steps).map(|step| capacity.serve(step, 2)).collect()
    }

    #[test]
    fn a_window_serves_the_first_to_come() {
        assert_eq!(served(500, 0, 6), [2, 1, 2, 1, 2, 1]);
    }

    #[test]
    fn nothing_is_served_in_the_outage() {
        assert_eq!(served(1_000, 2_000, 4), [0, 0, 2, 2]);
    }

    /// The first window has half a second, and so one request. The total after 2.5 s is 7 of 7.5.
    #[test]
    fn part_of_a_window_has_part_of_the_capacity() {
        assert_eq!(served(250, 500, 12), [0, 0, 1, 0, 2, 1, 0, 0, 2, 1, 0, 0]);
    }

    #[test]
    fn a_step_of_seconds_has_their_capacity() {
        assert_eq!(served(2_000, 0, 2), [2, 2]);
    }
}
