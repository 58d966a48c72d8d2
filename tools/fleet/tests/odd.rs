//! Odd input: a clear end, and no client lost or doubled.

use std::time::Duration;

use retrospec::{Backoff, Jitter, Outcome, Policy, RetryBehavior, StatusTable};
use retrospec_fleet::{Arrival, Budget, Error, Report, Scenario, simulate};

const SCENARIO: Scenario = Scenario {
    clients: 10_000,
    arrival: Arrival::AtOnce,
    outage: Duration::from_mins(1),
    capacity: 100,
    budget: None,
    seed: 3,
};

const DURATIONS: [Duration; 8] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_millis(30),
    Duration::from_millis(1_234),
    Duration::from_mins(10),
    Duration::from_hours(30),
    Duration::from_hours(24 * 365),
    Duration::MAX,
];

/// No table: the tests give a behavior for requests without a response.
struct Nothing;

impl StatusTable for Nothing {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const MAX_RETRY_AFTER: Duration = Duration::MAX;
    const TRANSPORT: RetryBehavior = RetryBehavior::DoNotRetry;

    fn retry_behavior(_: u16) -> RetryBehavior {
        RetryBehavior::DoNotRetry
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

fn run(policy: Policy<Nothing>, scenario: &Scenario) -> Report {
    simulate(policy, Outcome::no_response(), scenario).unwrap()
}

fn backoff(schedule: &'static Backoff) -> Policy<Nothing> {
    Policy::new().transport(RetryBehavior::Backoff(schedule))
}

fn check(report: &Report, scenario: &Scenario) {
    assert_eq!(
        report.served + report.lost + report.waiting,
        scenario.clients
    );
    let sum =
        |count: fn(&retrospec_fleet::Bin) -> u64| report.series.iter().map(count).sum::<u64>();
    assert_eq!(sum(|bin| bin.arrivals), report.requests);
    assert_eq!(sum(|bin| bin.served), report.served);
    assert!(report.series.len() < 1_300);
    for pair in report.series.windows(2) {
        assert!(pair[0].start + pair[0].length <= pair[1].start);
    }
    for bin in &report.series {
        let capacity = u128::from(scenario.capacity) * bin.length.as_nanos() / 1_000_000_000;
        assert!(u128::from(bin.served) <= capacity, "{bin:?}");
        assert!(
            bin.start >= scenario.outage
                || bin.start + bin.length > scenario.outage
                || bin.served == 0
        );
    }
    assert_eq!(report.last_served.is_some(), report.served > 0);
}

#[test]
fn nothing_to_simulate_is_an_error() {
    let fail = |scenario| {
        let policy = memfault_status::policy();
        simulate(policy, Outcome::status(503), &scenario).unwrap_err()
    };
    let none = fail(Scenario {
        clients: 0,
        ..SCENARIO
    });
    assert_eq!(none.to_string(), "clients: expected at least 1, found 0");
    let many = fail(Scenario {
        clients: u64::MAX,
        ..SCENARIO
    });
    assert_eq!(many, Error::TooManyClients(u64::MAX));
    let down = fail(Scenario {
        capacity: 0,
        ..SCENARIO
    });
    assert_eq!(
        down.to_string(),
        "capacity: expected at least 1 per second, found 0"
    );
}

#[test]
fn a_trillion_clients_are_the_most() {
    const ONCE: Backoff = Backoff::new(&[Duration::from_secs(1)]);
    let most = Scenario {
        clients: Scenario::MOST_CLIENTS,
        ..SCENARIO
    };
    let report = run(backoff(&ONCE).jitter(Jitter::Full), &most);
    check(&report, &most);
    assert_eq!(report.lost, most.clients);
    let more = Scenario {
        clients: Scenario::MOST_CLIENTS + 1,
        ..SCENARIO
    };
    assert!(simulate(backoff(&ONCE), Outcome::no_response(), &more).is_err());
}

#[test]
fn a_server_that_never_returns_ends_clearly() {
    let scenario = Scenario {
        outage: Duration::MAX,
        ..SCENARIO
    };
    let policy = prometheus_remote_write_status::policy();
    let report = simulate(policy, Outcome::status(503), &scenario).unwrap();
    check(&report, &scenario);
    assert_eq!((report.waiting, report.peak), (scenario.clients, None));
    assert!(report.simulated > Duration::from_hours(24));
}

#[test]
fn an_outage_of_a_year_ends_clearly() {
    let scenario = Scenario {
        outage: Duration::from_hours(24 * 365),
        ..SCENARIO
    };
    for jitter in [Jitter::None, Jitter::Full] {
        let policy = memfault_status::policy().jitter(jitter);
        let report = simulate(policy, Outcome::status(503), &scenario).unwrap();
        check(&report, &scenario);
        assert_eq!((report.lost, report.requests), (10_000, 60_000));
        let policy = otlp_status::policy().jitter(jitter);
        let report = simulate(policy, Outcome::status(503), &scenario).unwrap();
        assert_eq!(report.lost, 10_000);
        assert!(report.simulated <= Duration::from_secs(301));
    }
}

#[test]
fn waits_of_zero_take_a_step() {
    let policy = Policy::<Nothing>::new().transport(RetryBehavior::RetryAfter);
    let answer = Outcome::no_response().retry_after(Some(b"0"));
    let report = simulate(policy.max_retries(3), answer, &SCENARIO).unwrap();
    check(&report, &SCENARIO);
    assert_eq!((report.lost, report.requests), (10_000, 40_000));
    let report = simulate(policy, answer, &SCENARIO).unwrap();
    check(&report, &SCENARIO);
    assert_eq!((report.served, report.lost), (10_000, 0));
}

#[test]
fn an_answer_that_is_not_retried_is_lost() {
    for answer in [
        Outcome::status(400),
        Outcome::failed(),
        Outcome::status(429),
    ] {
        let report = simulate(memfault_status::policy(), answer, &SCENARIO).unwrap();
        check(&report, &SCENARIO);
        assert_eq!((report.lost, report.requests), (10_000, 10_000));
    }
}

/// The slowest policies of all: waits from nothing to centuries, in every order, with and without an end.
#[test]
fn odd_waits_conserve_clients() {
    const WAITS: [Duration; 6] = [
        Duration::ZERO,
        Duration::from_nanos(3),
        Duration::from_millis(30),
        Duration::from_hours(9),
        Duration::MAX,
        Duration::from_secs(1),
    ];
    const ENDS: Backoff = Backoff::new(&WAITS);
    const REPEATS: Backoff = Backoff::new(&WAITS).repeat_last();
    for schedule in [&ENDS, &REPEATS] {
        for jitter in [
            Jitter::None,
            Jitter::Percent(50),
            Jitter::Full,
            Jitter::Up(100),
        ] {
            for outage in DURATIONS {
                let scenario = Scenario { outage, ..SCENARIO };
                check(&run(backoff(schedule).jitter(jitter), &scenario), &scenario);
            }
        }
    }
}

#[test]
fn odd_scenarios_conserve_clients() {
    let budgets = [
        None,
        Some(Budget::default()),
        Some(Budget {
            percent: 0,
            retries_per_second: 1,
        }),
    ];
    let mut seed = 0;
    for clients in [1, 33, 5_000] {
        for capacity in [1, 7, u64::MAX] {
            for arrival in DURATIONS
                .map(Arrival::Over)
                .into_iter()
                .chain([Arrival::AtOnce])
            {
                for budget in budgets {
                    seed += 1;
                    let outage = DURATIONS[seed % 5];
                    let scenario = Scenario {
                        clients,
                        arrival,
                        outage,
                        capacity,
                        budget,
                        seed: seed as u64,
                    };
                    let policy = otlp_status::policy();
                    match simulate(policy, Outcome::status(503), &scenario) {
                        Ok(report) => check(&report, &scenario),
                        Err(Error::ArrivalTooLong { .. }) => {
                            assert!(
                                arrival == Arrival::Over(Duration::MAX)
                                    || arrival == Arrival::Over(DURATIONS[6])
                            );
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        }
    }
}

#[test]
fn a_seed_gives_the_same_report() {
    let report = |seed| {
        let scenario = Scenario {
            seed,
            arrival: Arrival::Over(Duration::from_mins(5)),
            budget: Some(Budget::default()),
            ..SCENARIO
        };
        simulate(otlp_status::policy(), Outcome::status(503), &scenario).unwrap()
    };
    assert_eq!(report(1), report(1));
    assert_ne!(report(1), report(2));
}

/// Exact: retries are a fifth of the first attempts, and the reserve of 100 in each 10 s, of which there are seven.
#[test]
fn a_budget_bounds_retries() {
    const AFTER_A_SECOND: Backoff = Backoff::new(&[Duration::from_secs(1)]).repeat_last();
    let scenario = Scenario {
        clients: 60_000,
        arrival: Arrival::Over(Duration::from_mins(1)),
        outage: Duration::MAX,
        ..SCENARIO
    };
    let with = |budget| {
        run(
            backoff(&AFTER_A_SECOND).max_retries(5),
            &Scenario { budget, ..scenario },
        )
    };
    assert_eq!(with(None).requests, 6 * 60_000);
    let bounded = with(Some(Budget::default()));
    check(&bounded, &scenario);
    let retries = bounded.requests - 60_000;
    assert_eq!(retries, 12_000 + 7 * 100);
}
