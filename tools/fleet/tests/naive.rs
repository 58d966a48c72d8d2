//! Compares with a simulation of every single client, which shares nothing with the crate but the engine.
//!
//! Each client draws its own random numbers and makes its own decisions, in continuous time. The counts differ by
//! sampling error, for which each comparison states its tolerance, and by the length of a step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use retrospec::{Attempt, Jitter, Next, Outcome, Policy, StatusTable};
use retrospec_fleet::{Arrival, Report, Scenario, simulate};

const JITTERS: [Jitter; 5] = [
    Jitter::None,
    Jitter::Percent(20),
    Jitter::Percent(50),
    Jitter::Equal,
    Jitter::Full,
];

const CLIENTS: u32 = 100_000;

#[derive(Debug, Default)]
struct Counts {
    served: u64,
    lost: u64,
    requests: u64,
    last_served: Duration,
}

impl Counts {
    fn of(report: &Report) -> Self {
        Self {
            served: report.served,
            lost: report.lost,
            requests: report.requests,
            last_served: report.last_served.unwrap_or_default(),
        }
    }
}

/// `SplitMix64`, by Steele, Lea and Flood: another generator than the crate's.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn jitter(&mut self) -> u32 {
        u32::try_from(self.number() >> 32).unwrap()
    }
}

/// Simulates one client at a time. What comes first is served first; ties are broken at random.
fn one_by_one<T: StatusTable>(
    policy: Policy<T>,
    answer: Outcome<'_>,
    scenario: &Scenario,
) -> Counts {
    let mut random = Random(99);
    let mut counts = Counts::default();
    let mut attempts: Vec<Option<(Duration, Attempt<T>)>> = Vec::new();
    let mut events = BinaryHeap::new();
    for client in 0..CLIENTS {
        let start = match scenario.arrival {
            Arrival::AtOnce => Duration::ZERO,
            Arrival::Over(duration) => duration.mul_f64(f64::from(client) / f64::from(CLIENTS)),
        };
        attempts.push(Some((start, policy.first_attempt())));
        events.push(Reverse((start, random.number(), client)));
    }
    let (mut second, mut left) = (0, scenario.capacity);
    while let Some(Reverse((now, _, client))) = events.pop() {
        counts.requests += 1;
        let (start, attempt) = attempts[client as usize].take().unwrap();
        if now >= scenario.outage {
            if now.as_secs() != second {
                (second, left) = (now.as_secs(), scenario.capacity);
            }
            if left > 0 {
                left -= 1;
                counts.served += 1;
                counts.last_served = now;
                continue;
            }
        }
        let outcome = answer
            .elapsed(now.saturating_sub(start))
            .random(random.jitter());
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                let due = now + wait.duration();
                attempts[client as usize] = Some((start, wait.into_attempt()));
                events.push(Reverse((due, random.number(), client)));
            }
            Next::Stop(_) => counts.lost += 1,
        }
    }
    counts
}

/// How much two counts, or times, may differ, as a share of the larger.
fn assert_near(found: u64, expected: u64, share: u64) {
    let allowed = found.max(expected) / share;
    assert!(found.abs_diff(expected) <= allowed, "{found}, {expected}");
}

/// Compares each jitter:
///
/// - Served and lost differ by 0.3 % of the clients at most. The share of 100,000 has a standard deviation of up to
///   0.16 %, and far less if nearly all are served, or the capacity decides.
/// - Requests differ by a third of a percent, which includes what the steps round.
/// - The time of the last differs by 1 %: it is the extreme of a distribution.
fn compare<T: StatusTable>(policy: Policy<T>, answer: Outcome<'_>, scenario: &Scenario) {
    for jitter in JITTERS {
        let policy = policy.jitter(jitter);
        let naive = one_by_one(policy, answer, scenario);
        let found = simulate(policy, answer, scenario).unwrap();
        println!(
            "{jitter:?}: {naive:?}; {found:?}",
            found = Counts::of(&found)
        );
        assert_eq!(found.waiting, 0);
        assert!(found.served.abs_diff(naive.served) <= scenario.clients * 3 / 1_000);
        assert!(found.lost.abs_diff(naive.lost) <= scenario.clients * 3 / 1_000);
        assert_near(found.requests, naive.requests, 300);
        let last_served = found.last_served.unwrap_or_default().as_millis();
        let expected = naive.last_served.as_millis();
        assert_near(
            last_served.try_into().unwrap(),
            expected.try_into().unwrap(),
            100,
        );
    }
}

const FLEET: Scenario = Scenario {
    clients: CLIENTS as u64,
    arrival: Arrival::AtOnce,
    outage: Duration::from_mins(30),
    capacity: 20,
    budget: None,
    seed: 7,
};

const OVER_TEN_MINUTES: Arrival = Arrival::Over(Duration::from_mins(10));

#[test]
fn memfaults_fleet_at_once() {
    compare(memfault_status::policy(), Outcome::status(503), &FLEET);
}

#[test]
fn memfaults_fleet_over_ten_minutes() {
    let scenario = Scenario {
        arrival: OVER_TEN_MINUTES,
        ..FLEET
    };
    compare(memfault_status::policy(), Outcome::status(503), &scenario);
}

#[test]
fn otlps_fleet_at_once() {
    let scenario = Scenario {
        outage: Duration::from_secs(100),
        capacity: 400,
        ..FLEET
    };
    compare(otlp_status::policy(), Outcome::status(503), &scenario);
}

#[test]
fn otlps_fleet_over_ten_minutes() {
    let scenario = Scenario {
        arrival: OVER_TEN_MINUTES,
        outage: Duration::from_mins(6),
        capacity: 300,
        ..FLEET
    };
    compare(otlp_status::policy(), Outcome::status(503), &scenario);
}

#[test]
fn prometheus_fleet_at_once() {
    let scenario = Scenario {
        outage: Duration::from_secs(20),
        capacity: 5_000,
        ..FLEET
    };
    let policy = prometheus_remote_write_status::policy();
    compare(policy, Outcome::status(503), &scenario);
}

#[test]
fn prometheus_fleet_over_ten_minutes() {
    let scenario = Scenario {
        arrival: OVER_TEN_MINUTES,
        outage: Duration::from_secs(20),
        capacity: 180,
        ..FLEET
    };
    let policy = prometheus_remote_write_status::policy();
    compare(policy, Outcome::status(503), &scenario);
}
