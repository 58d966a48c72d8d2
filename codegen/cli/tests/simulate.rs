//! `retrospec simulate`.

mod common;

use common::{Ended, Folder, assert_contains};
use serde_json::{Value, json};

const MEMFAULT: &str = "memfault.yaml";
/// A million clients in the first second, half an hour of outage, 200 requests per second.
const OUTAGE: [&str; 6] = [
    "--clients",
    "1000000",
    "--outage",
    "30m",
    "--capacity",
    "200/s",
];

const ENDLESS: &str = "\
api: Parcels
source: {title: Errors, url: https://example.com, read: 2026-11-27}
max_retries: unlimited
backoff:
  steady: {waits: [1s], repeat: last}
statuses:
  - {code: 503, name: Unavailable, description: Down., retry: steady}
unlisted: never
transport: never
";

fn simulate(name: &str, arguments: &[&str]) -> Ended {
    let folder = Folder::new(name);
    folder.write(MEMFAULT, common::memfault());
    folder.run(&[&["simulate", MEMFAULT], arguments].concat())
}

fn json_of(name: &str, arguments: &[&str]) -> Value {
    let arguments = [&OUTAGE, arguments, &["--format", "json"]].concat();
    simulate(name, &arguments).with(0).json()
}

#[test]
fn the_documented_schedule_loses_nearly_all() {
    let json = json_of("documented", &[]);
    assert_eq!(
        json,
        json!({
            "clients": 1_000_000,
            "capacity_per_second": 200,
            "outage_seconds": 1800.0,
            "variants": [{
                "jitter": "as documented",
                "served": 0.0004,
                "lost": 0.9996,
                "waiting": 0.0,
                "requests_per_client": 5.9998,
                "peak_per_second": 1_000_000,
                "peak_at_seconds": 4680.0,
                "last_served_at_seconds": 37_448.0,
            }],
        })
    );
}

#[test]
fn variants_are_shown_beside_the_tables_own() {
    let out = simulate(
        "variants",
        &[&OUTAGE[..], &["--jitter", "none,10%,full"]].concat(),
    )
    .quiet();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "Memfault, 503 Service Unavailable: exponential");
    assert_eq!(
        lines[1],
        "1,000,000 clients at once, 30 min of outage, then 200 requests per second"
    );
    let names = lines[3..8]
        .iter()
        .map(|line| line.split("  ").next().unwrap());
    let names: Vec<&str> = names.collect();
    assert_eq!(names, ["jitter", "as documented", "none", "10%", "full"]);
    assert_contains(
        &out,
        "\nAs documented, 99.96% of requests are lost; without jitter, 99.96%; with 10% jitter, none; with full jitter, 1.",
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let of = |name: &str, seed: &str| json_of(name, &["--jitter", "full", "--seed", seed]);
    assert_eq!(of("seed-1", "1"), of("seed-1-again", "1"));
    assert_ne!(of("seed-1", "1"), of("seed-2", "2"));
}

/// Retries fall 300, 600, 900, 1200 and 1500 s after the first attempt, so those of a shorter outage get through.
#[test]
fn the_server_may_ask_for_a_wait() {
    let outage = ["--clients", "1000", "--outage", "10m", "--capacity", "1/s"];
    let answer = [
        "--answer",
        "429",
        "--retry-after",
        "300",
        "--format",
        "json",
    ];
    let json = simulate("retry-after", &[outage, answer].concat())
        .with(0)
        .json();
    let variant = &json["variants"][0];
    assert_eq!(variant["last_served_at_seconds"], 1500.0);
    assert_eq!(variant["served"], 0.004);

    let without = [&outage[..], &["--answer", "429"]].concat();
    let ended = simulate("no-header", &without).with(0);
    assert_contains(
        &ended.err,
        "note: this row waits as long as the answer's header says",
    );
    assert_contains(&ended.out, "As documented, all requests are lost.");

    // A row that reads no header ignores it.
    let unread = [
        "--answer",
        "503",
        "--retry-after",
        "300",
        "--format",
        "json",
    ];
    let json = simulate("unread", &[outage, unread].concat())
        .with(0)
        .json();
    assert_eq!(json["variants"][0]["last_served_at_seconds"], 37_448.0);
}

/// Memfault's page says nothing of a request that was never sent.
#[test]
fn what_is_assumed_is_not_called_documented() {
    let folder = Folder::new("assumed");
    let table = common::edited(
        &common::memfault(),
        &[("transport: never", "transport: {assumed: exponential}")],
    );
    folder.write(MEMFAULT, table);
    let arguments = [
        &["simulate", MEMFAULT],
        &OUTAGE[..],
        &["--answer", "transport"],
    ]
    .concat();
    let out = folder.run(&arguments).quiet();
    assert_contains(&out, "As assumed, 99.96% of requests are lost.");
    assert!(!out.contains("documented"), "{out}");
}

#[test]
fn arrivals_and_budgets_are_options() {
    let json = json_of("over", &["--arrive", "over:1h"]);
    assert_eq!(json["variants"][0]["lost"], 0.0);
    let json = json_of("budget", &["--budget", "20%", "--jitter", "20%"]);
    assert!(
        json["variants"][1]["lost"].as_f64().unwrap() > 0.7,
        "{json}"
    );
}

#[test]
fn a_picture_is_drawn_beside_the_output() {
    let folder = Folder::new("picture");
    folder.write(MEMFAULT, common::memfault());
    let arguments = ["--jitter", "10%", "--svg", "fleet.svg"];
    let run = || folder.run(&[&["simulate", MEMFAULT], &OUTAGE[..], &arguments].concat());
    assert_contains(&run().quiet(), "As documented, ");
    let svg = folder.read("fleet.svg");
    assert!(svg.starts_with("<svg "), "{svg}");
    for text in [
        "Memfault: 1,000,000 clients at once",
        "as documented",
        "10% jitter",
    ] {
        assert_contains(&svg, text);
    }
    run().quiet();
    assert_eq!(folder.read("fleet.svg"), svg);

    let nowhere = ["--svg", "nowhere/fleet.svg"];
    let ended = folder.run(&[&["simulate", MEMFAULT], &OUTAGE[..], &nowhere].concat());
    assert_contains(&ended.with(2).err, "cannot write nowhere/fleet.svg: ");
}

#[test]
fn wrong_values_say_what_to_write() {
    for (n, (arguments, message)) in [
        (
            ["--clients", "0", "--outage", "30m", "--capacity", "200/s"],
            "error: clients: expected at least 1, found 0",
        ),
        (
            ["--clients", "10", "--outage", "30m", "--capacity", "0/s"],
            "error: capacity: expected at least 1 per second, found 0",
        ),
        (
            ["--clients", "10", "--outage", "30", "--capacity", "200/s"],
            "missing unit after `30`: write `30m`, for example",
        ),
        (
            ["--clients", "10", "--outage", "30m", "--capacity", "many"],
            "expected a number of requests per second: write `200/s`, for example",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let ended = simulate(&format!("wrong-{n}"), &arguments).with(2);
        assert_contains(&ended.err, message);
    }
    for (n, (option, value, message)) in [
        (
            "--jitter",
            "most",
            "expected `none`, `full`, `equal`, a percentage",
        ),
        ("--arrive", "later", "expected `at-once` or `over:1h`"),
        (
            "--budget",
            "20",
            "expected a percentage: write `20%`, for example",
        ),
        ("--answer", "42", "42"),
        (
            "--retry-after",
            "Fri, 31 Dec 2027 23:59:59 GMT",
            "a date is another wait each time",
        ),
        ("--svg", MEMFAULT, "is not a file of its own"),
        ("--svg", "-", "is not a file of its own"),
    ]
    .into_iter()
    .enumerate()
    {
        let ended = simulate(
            &format!("option-{n}"),
            &[&OUTAGE[..], &[option, value]].concat(),
        );
        assert_contains(&ended.with(2).err, message);
    }
}

/// It never comes back within the retries, and the schedule has no end.
#[test]
fn a_server_that_stays_down_ends_clearly() {
    let folder = Folder::new("endless");
    folder.write("endless.yaml", ENDLESS);
    let outage = [
        "--clients",
        "1000000",
        "--outage",
        "365d",
        "--capacity",
        "200/s",
    ];
    let out = folder
        .run(&[&["simulate", "endless.yaml"], &outage[..]].concat())
        .quiet();
    assert_contains(
        &out,
        "As documented, nobody is served (100.00% still wait when the simulation ends).",
    );
}
