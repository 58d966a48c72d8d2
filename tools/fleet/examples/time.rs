//! Prints how long simulations of large fleets take, and the most memory that they took: run it with `--release`.

use std::fs;
use std::time::{Duration, Instant};

use retrospec::{Jitter, Outcome, Policy, StatusTable};
use retrospec_fleet::{Arrival, Scenario, simulate};

fn main() {
    println!(
        "{:<20}{:>15}  {:<12}{:>10}",
        "table", "clients", "jitter", "time"
    );
    for clients in [10_000_000, 1_000_000_000] {
        for jitter in [Jitter::None, Jitter::Percent(20), Jitter::Full] {
            for arrival in [Arrival::AtOnce, Arrival::Over(Duration::from_hours(1))] {
                let scenario = Scenario {
                    clients,
                    arrival,
                    outage: Duration::from_mins(30),
                    capacity: clients / 5_000,
                    budget: None,
                    seed: 1,
                };
                time("memfault", memfault_status::policy(), jitter, &scenario);
                time("otlp", otlp_status::policy(), jitter, &scenario);
                let policy = prometheus_remote_write_status::policy();
                time("prometheus", policy, jitter, &scenario);
            }
        }
    }
    // Linux only.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
}

fn time<T: StatusTable>(table: &str, policy: Policy<T>, jitter: Jitter, scenario: &Scenario) {
    let started = Instant::now();
    let report = simulate(policy.jitter(jitter), Outcome::status(503), scenario);
    let time = started.elapsed();
    let report = report.expect("the scenario can be simulated");
    let arrival = match scenario.arrival {
        Arrival::AtOnce => "at once",
        Arrival::Over(_) => "over 1 h",
    };
    println!(
        "{:<20}{:>15}  {:<12}{:>7} ms   served {:.4}, lost {:.4}",
        format!("{table} {arrival}"),
        scenario.clients,
        format!("{jitter:?}"),
        time.as_millis(),
        report.served_share(),
        report.lost_share(),
    );
}
