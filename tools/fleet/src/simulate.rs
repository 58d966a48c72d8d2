//! The simulation, step by step.

use std::time::Duration;

use rand::SeedableRng;
use retrospec::{Outcome, Policy, StatusTable};

use crate::account::Account;
use crate::capacity::Capacity;
use crate::cohort::{Cohort, Group};
use crate::decision::Decisions;
use crate::number::narrow;
use crate::random::{Random, successes};
use crate::series::Series;
use crate::share::Shares;
use crate::step::{COHORTS, Steps};
use crate::{Arrival, Error, Report, Scenario};

/// How many counts of waiting clients are looked at before the simulation ends, as after too many steps.
const MOST_VISITS: u64 = 100_000_000;

/// Simulates a fleet whose clients follow a policy, and counts what becomes of them.
///
/// `answer` is what a client gets while the server is down or full. Its elapsed time and its random number are the
/// simulation's. The [crate's page](crate) describes the model.
///
/// # Errors
///
/// Returns an [`Error`] if the scenario has no clients or no capacity, or exceeds what can be counted.
pub fn simulate<T: StatusTable>(
    policy: Policy<T>,
    answer: Outcome<'_>,
    scenario: &Scenario,
) -> Result<Report, Error> {
    match scenario.clients {
        0 => return Err(Error::NoClients),
        1..=Scenario::MOST_CLIENTS => {}
        clients => return Err(Error::TooManyClients(clients)),
    }
    if scenario.capacity == 0 {
        return Err(Error::NoCapacity);
    }
    let decisions = Decisions::ask(policy, answer)?;
    let steps = Steps::choose(&decisions, scenario)?;
    Ok(Simulation::new(scenario, decisions, steps).run())
}

struct Simulation<'a> {
    scenario: &'a Scenario,
    decisions: Decisions,
    steps: Steps,
    random: Random,
    capacity: Capacity,
    account: Option<Account>,
    series: Series,
    cohorts: Vec<Cohort>,
    /// How many steps of arrivals make up a cohort, or `None` if one cohort is enough.
    cohort_length: Option<u64>,
    arrived: u64,
    served: u64,
    lost: u64,
    requests: u64,
    last_served: Option<u64>,
}

impl<'a> Simulation<'a> {
    fn new(scenario: &'a Scenario, decisions: Decisions, steps: Steps) -> Self {
        let cohort_length = match (scenario.arrival, decisions.max_elapsed()) {
            (Arrival::Over(_), Some(max)) => {
                Some((steps.of_wait(narrow(max.as_nanos())) / COHORTS).max(1))
            }
            _ => None,
        };
        Self {
            scenario,
            decisions,
            steps,
            random: Random::seed_from_u64(scenario.seed),
            capacity: Capacity::new(scenario, steps),
            account: scenario.budget.map(Account::new),
            series: Series::new(steps),
            cohorts: vec![Cohort::new(0, cohort_length.unwrap_or(1), steps)],
            cohort_length,
            arrived: 0,
            served: 0,
            lost: 0,
            requests: 0,
            last_served: None,
        }
    }

    fn run(mut self) -> Report {
        let clients = self.scenario.clients;
        let mut groups = Vec::new();
        let (mut now, mut visits) = (0, 0);
        while now < self.steps.limit && visits < MOST_VISITS && self.served + self.lost < clients {
            visits += self.collect(now, &mut groups);
            if !groups.is_empty() {
                self.serve(now, &mut groups);
                self.retry(now, &mut groups);
            }
            groups.clear();
            now += 1;
        }
        let (series, peak) = self.series.finish();
        let time = |step| Duration::from_nanos_u128(self.steps.start(step));
        Report {
            clients,
            served: self.served,
            lost: self.lost,
            waiting: clients - self.served - self.lost,
            requests: self.requests,
            peak,
            last_served: self.last_served.map(time),
            step: time(1),
            simulated: time(now),
            series,
        }
    }

    /// Collects who sends a request in this step, and returns how many groups were looked at.
    fn collect(&mut self, now: u64, groups: &mut Vec<Group>) -> u64 {
        if let Some(length) = self.cohort_length
            && now > 0
            && now.is_multiple_of(length)
            && self.arrived < self.scenario.clients
        {
            self.cohorts.retain(|cohort| !cohort.is_idle());
            self.cohorts.push(Cohort::new(now, length, self.steps));
        }
        let mut visits = 0;
        for (index, cohort) in self.cohorts.iter_mut().enumerate() {
            visits += cohort.take(now, index, groups, &mut self.random);
        }
        let clients = self.arrived_until(now + 1) - self.arrived;
        if clients > 0 {
            groups.push(Group {
                cohort: self.cohorts.len() - 1,
                retries: 0,
                clients,
            });
            self.arrived += clients;
        }
        if let Some(account) = &mut self.account {
            account.advance(narrow(self.steps.start(now) / 1_000_000_000));
            account.deposit(clients);
        }
        visits
    }

    /// Returns how many first attempts are sent before a step.
    fn arrived_until(&self, step: u64) -> u64 {
        let all = self.scenario.clients;
        match self.scenario.arrival {
            Arrival::Over(duration) if self.steps.start(step) < duration.as_nanos() => {
                narrow(u128::from(all) * self.steps.start(step) / duration.as_nanos())
            }
            Arrival::Over(_) | Arrival::AtOnce => all,
        }
    }

    /// Serves as many as the server takes, and leaves the others.
    fn serve(&mut self, now: u64, groups: &mut [Group]) {
        let arrivals = total(groups);
        let served = self.capacity.serve(now, arrivals);
        let is_up = self.capacity.is_up(now);
        self.series.count(now, arrivals, served, is_up);
        self.requests += arrivals;
        if served == 0 {
            return;
        }
        self.served += served;
        self.last_served = Some(now);
        let mut shares = Shares::new(served, arrivals, &mut self.random);
        for group in groups {
            group.clients -= shares.next(group.clients);
        }
    }

    /// Lets everyone who got the answer wait for a retry, or give up.
    fn retry(&mut self, now: u64, groups: &mut [Group]) {
        let mut ranges = Vec::with_capacity(groups.len());
        for group in &mut *groups {
            let elapsed = self.cohorts[group.cohort].elapsed(now, group.retries, self.steps);
            let after = self.decisions.after(group.retries, elapsed);
            let retrying = after.map_or(0, |(share, _)| {
                successes(group.clients, share, &mut self.random)
            });
            self.lost += group.clients - retrying;
            group.clients = retrying;
            ranges.push(after.map(|(_, range)| range));
        }
        let retrying = total(groups);
        let allowed = match &mut self.account {
            Some(account) => account.withdraw(retrying),
            None => retrying,
        };
        self.lost += retrying - allowed;
        let mut shares = Shares::new(allowed, retrying, &mut self.random);
        for (group, range) in groups.iter_mut().zip(ranges) {
            group.clients = shares.next(group.clients);
            if let Some(range) = range.filter(|_| group.clients > 0) {
                let rules = (&self.decisions, self.steps);
                self.cohorts[group.cohort].wait(now, *group, range, rules, &mut self.random);
            }
        }
    }
}

fn total(groups: &[Group]) -> u64 {
    groups.iter().map(|group| group.clients).sum()
}
