//! Waves that come back at once for months, each of which the server takes a second's worth of.

use std::time::Duration;

use retrospec::{Backoff, Outcome, Policy, RetryBehavior, StatusTable};
use retrospec_fleet::{Arrival, Scenario, simulate};

/// A table without an end: after 1 s, 10 s, 1 min and 10 min, a retry each hour.
struct Hourly;

static WAITS: Backoff = Backoff::new(&[
    Duration::from_secs(1),
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(10),
    Duration::from_hours(1),
])
.repeat_last();

impl StatusTable for Hourly {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(_: u16) -> RetryBehavior {
        RetryBehavior::Backoff(&WAITS)
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

const CAPACITY: u64 = 200;

fn scenario(clients: u64) -> Scenario {
    Scenario {
        clients,
        arrival: Arrival::AtOnce,
        outage: Duration::from_mins(30),
        capacity: CAPACITY,
        budget: None,
        seed: 1,
    }
}

/// Five attempts fall into the outage, at 0, 1, 11, 71 and 671 s. Each hour after it, 200 are served: exactly.
#[test]
fn a_wave_is_served_a_seconds_worth() {
    for clients in [100_000, 400_000] {
        let waves = clients / CAPACITY;
        let answer = Outcome::status(503);
        let report = simulate(Policy::<Hourly>::new(), answer, &scenario(clients)).unwrap();
        assert_eq!((report.served, report.lost), (clients, 0));
        let last = Duration::from_secs(671) + Duration::from_hours(waves);
        assert_eq!(report.last_served, Some(last));
        // The first wave sends everyone, the last one a capacity's worth.
        let after_outage = CAPACITY * waves * (waves + 1) / 2;
        assert_eq!(report.requests, 5 * clients + after_outage);
        assert_eq!(report.peak.unwrap().per_second, clients);
    }
}

#[test]
fn a_limit_loses_the_later_waves() {
    let policy = Policy::<Hourly>::new().max_retries(100);
    let report = simulate(policy, Outcome::status(503), &scenario(1_000_000)).unwrap();
    // Of 101 attempts, 5 fall into the outage.
    assert_eq!(report.served, 96 * CAPACITY);
    assert_eq!(report.lost, 1_000_000 - report.served);
}
