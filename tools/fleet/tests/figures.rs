//! Published figures, and those of a separate model of one-second buckets, within the tolerance that each test states.

use std::time::Duration;

use retrospec::{Backoff, Jitter, Outcome, Policy, RetryBehavior, StatusTable};
use retrospec_fleet::{Arrival, Report, Scenario, simulate};

/// A million clients at once, an outage of half an hour, and 200 requests per second.
const SCENARIO: Scenario = Scenario {
    clients: 1_000_000,
    arrival: Arrival::AtOnce,
    outage: Duration::from_mins(30),
    capacity: 200,
    budget: None,
    seed: 14,
};

/// No table: the tests give a schedule for requests without a response.
struct Nothing;

impl StatusTable for Nothing {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(_: u16) -> RetryBehavior {
        RetryBehavior::DoNotRetry
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

const AFTER_A_SECOND: Backoff = Backoff::new(&[Duration::from_secs(1)]).repeat_last();

fn scheduled(schedule: &'static Backoff, scenario: &Scenario) -> Report {
    let policy = Policy::<Nothing>::new().transport(RetryBehavior::Backoff(schedule));
    simulate(policy, Outcome::no_response(), scenario).unwrap()
}

fn memfault(jitter: Jitter, scenario: &Scenario) -> Report {
    let policy = memfault_status::policy().jitter(jitter);
    simulate(policy, Outcome::status(503), scenario).unwrap()
}

fn peak(report: &Report, scenario: &Scenario) -> u64 {
    report.peak.unwrap().per_second / scenario.capacity
}

/// Exact: waves arrive at 0, 8, 72, 584, 4680 and 37448 s, and two of them after the outage.
#[test]
fn without_jitter_two_waves_are_served() {
    let report = memfault(Jitter::None, &SCENARIO);
    assert_eq!((report.served, report.lost), (400, 999_600));
    assert_eq!(report.requests, 6 * SCENARIO.clients - 200);
    assert_eq!(peak(&report, &SCENARIO), 5_000);
    assert_eq!(report.last_served, Some(Duration::from_secs(37_448)));
    let arrivals: Vec<u64> = report
        .series
        .iter()
        .map(|bin| bin.peak_per_second)
        .collect();
    let wave = SCENARIO.clients;
    assert_eq!(arrivals, [wave, wave, wave, wave, wave, wave - 200]);
}

/// Lost: exactly none, or a share within 0.002. Peaks within 1 of "about 7", times within 1 %.
#[test]
fn jitter_serves_nearly_everyone() {
    for (jitter, lost, peaks, last_served) in [
        (Jitter::Percent(10), 0.0, 6..8, 41_200),
        (Jitter::Percent(20), 0.0, 3..5, 44_800),
        (Jitter::Percent(50), 0.0, 1..3, 55_700),
        (Jitter::Equal, 0.0, 2..4, 37_300),
        (Jitter::Full, 0.016, 1..3, 37_000),
    ] {
        let report = memfault(jitter, &SCENARIO);
        let last = report.last_served.unwrap().as_secs();
        assert!((report.lost_share() - lost).abs() < 0.002, "{jitter:?}");
        assert_eq!(report.lost == 0, lost == 0.0, "{jitter:?}");
        assert!(peaks.contains(&peak(&report, &SCENARIO)), "{jitter:?}");
        assert!(last.abs_diff(last_served) < last_served / 100, "{jitter:?}");
    }
}

/// Lost: exactly none without jitter, and 0.9 % within 0.2 % with full jitter. The peak is within 0.6 of "about 6".
#[test]
fn arrivals_over_an_hour_decide_otherwise() {
    let scenario = Scenario {
        arrival: Arrival::Over(Duration::from_hours(1)),
        ..SCENARIO
    };
    let report = memfault(Jitter::None, &scenario);
    assert_eq!(report.lost, 0);
    assert!((1_080..1_320).contains(&report.peak.unwrap().per_second));
    let full = memfault(Jitter::Full, &scenario).lost_share();
    assert!((full - 0.009).abs() < 0.002, "{full}");
}

/// Lost without jitter: exactly 0.9988. With jitter: within 0.02 of "about".
#[test]
fn a_constant_retry_after_loses_a_fleet() {
    let scenario = Scenario {
        outage: Duration::ZERO,
        ..SCENARIO
    };
    for (percent, lost, tolerance) in [
        (0, 0.9988, 1e-9),
        (20, 0.85, 0.02),
        (50, 0.67, 0.02),
        (100, 0.52, 0.02),
    ] {
        let policy = memfault_status::policy().retry_after_jitter(percent);
        let answer = Outcome::status(429).retry_after(Some(b"300"));
        let found = simulate(policy, answer, &scenario).unwrap().lost_share();
        assert!((found - lost).abs() < tolerance, "{percent} %: {found}");
    }
}

/// Exact: the SRE book, chapter 22. Of 10,100 requests a second 10,000 are served, and the rest come back.
#[test]
fn retries_add_up_each_second() {
    let scenario = Scenario {
        clients: 10_100 * 60,
        arrival: Arrival::Over(Duration::from_mins(1)),
        outage: Duration::ZERO,
        capacity: 10_000,
        ..SCENARIO
    };
    let report = scheduled(&AFTER_A_SECOND, &scenario);
    for (second, bin) in (0..60).zip(&report.series) {
        assert_eq!(bin.start, Duration::from_secs(second));
        assert_eq!((bin.arrivals, bin.served), (10_100 + 100 * second, 10_000));
    }
    assert_eq!((report.served, report.lost), (scenario.clients, 0));
}

fn never_answered(retries: u32, clients: u64) -> Report {
    let scenario = Scenario {
        clients,
        outage: Duration::MAX,
        ..SCENARIO
    };
    let policy = Policy::<Nothing>::new()
        .transport(RetryBehavior::Backoff(&AFTER_A_SECOND))
        .max_retries(retries);
    simulate(policy, Outcome::no_response(), &scenario).unwrap()
}

/// Exact: the SRE book, chapter 22. Each layer makes the requests of the one below its own clients.
#[test]
fn three_layers_multiply_attempts() {
    let requests = (0..3).fold(1, |clients, _| never_answered(3, clients).requests);
    assert_eq!(requests, 64);
}

/// Exact: Brooker, 2022.
#[test]
fn n_retries_do_n_plus_one_times_the_work() {
    for retries in 1..=10 {
        let report = never_answered(retries, 1_000);
        assert_eq!(report.requests, 1_000 * (1 + u64::from(retries)));
        assert_eq!((report.served, report.lost), (0, 1_000));
        assert_eq!(report.last_served, None);
    }
}

/// An outage of 28 minutes, and waits that have reached their cap of a minute. Jitter before the cap leaves them at the
/// cap, so everyone comes back in one second. After the cap, 20 % spread them over 24 s or more.
#[test]
fn jitter_before_the_cap_spreads_nothing() {
    const MINUTE: [Duration; 1] = [Duration::from_mins(1)];
    const BEFORE: Backoff = Backoff::new(&MINUTE).repeat_last();
    const AFTER: Backoff = Backoff::new(&MINUTE)
        .repeat_last()
        .jitter(Jitter::Percent(20));
    let scenario = Scenario {
        clients: 100_000,
        outage: Duration::from_mins(28),
        capacity: 10_000,
        ..SCENARIO
    };
    let herd = scheduled(&BEFORE, &scenario).peak.unwrap();
    assert_eq!(herd.per_second, scenario.clients);
    let spread = scheduled(&AFTER, &scenario).peak.unwrap();
    assert!(spread.per_second < scenario.clients / 24);
}
