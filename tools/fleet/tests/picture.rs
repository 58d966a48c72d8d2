//! Pictures are well-formed, say what they show, and take any input.

use std::time::Duration;

use retrospec::{Jitter, Outcome};
use retrospec_fleet::picture::{Retry, arrivals, waits};
use retrospec_fleet::{Arrival, Bin, Report, Scenario, simulate};

/// Returns the texts of a picture that is well-formed and has only numbers.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let mut texts = Vec::new();
    for node in document.descendants() {
        for attribute in node.attributes() {
            for word in ["NaN", "inf", "2147483647", "2147483648"] {
                assert!(!attribute.value().contains(word), "{attribute:?}");
            }
        }
        if node.has_tag_name("text") || node.has_tag_name("title") {
            texts.push(node.text().unwrap_or_default().trim().to_owned());
        }
    }
    texts
}

#[track_caller]
fn assert_has(texts: &[String], expected: &[&str]) {
    for text in expected {
        assert!(
            texts.iter().any(|found| found == text),
            "`{text}` is not in {texts:?}"
        );
    }
}

fn report(series: Vec<Bin>) -> Report {
    Report {
        step: Duration::from_secs(1),
        clients: 1_000,
        served: 1_000,
        lost: 0,
        waiting: 0,
        requests: 1_000,
        peak: None,
        last_served: None,
        simulated: Duration::from_hours(1),
        series,
    }
}

fn bin(start: Duration, peak_per_second: u64) -> Bin {
    Bin {
        start,
        length: Duration::from_secs(1),
        arrivals: peak_per_second,
        served: peak_per_second,
        peak_per_second,
    }
}

/// Memfault's table after half an hour, as documented and spread.
fn memfault() -> [Report; 2] {
    let scenario = Scenario {
        clients: 1_000_000,
        arrival: Arrival::AtOnce,
        outage: Duration::from_mins(30),
        capacity: 200,
        budget: None,
        seed: 1,
    };
    [Jitter::None, Jitter::Percent(10)].map(|jitter| {
        let policy = memfault_status::policy().jitter(jitter);
        simulate(policy, Outcome::status(503), &scenario).unwrap()
    })
}

#[test]
fn arrivals_say_what_they_show() {
    let [documented, spread] = memfault();
    let variants = [("as documented", &documented), ("10% jitter", &spread)];
    let draw = || arrivals("A million devices", &variants, Duration::from_mins(30), 200);
    let svg = draw();
    let texts = texts(&svg);
    assert_has(
        &texts,
        &[
            "A million devices",
            "outage: 30 min",
            "capacity: 200/s",
            "as documented",
            "99.96% lost",
            "10% jitter",
            "none lost",
        ],
    );
    assert_has(&texts, &["0 s", "10 s", "1 min", "10 min", "1 h", "10 h"]);
    assert_has(&texts, &["0", "100", "10,000", "1 million"]);
    assert!(svg.len() < 30_000, "{}", svg.len());
    assert_eq!(svg, draw());
}

/// Each color has one for dark pages, so that none is left out there.
#[test]
fn every_color_has_a_dark_one() {
    let [documented, spread] = memfault();
    let variants = [("as documented", &documented), ("10% jitter", &spread)];
    let svg = arrivals("A", &variants, Duration::from_mins(30), 200);
    let (style, body) = svg.split_once("</style>").unwrap();
    assert!(style.contains("@media (prefers-color-scheme: dark)"));
    let colors: Vec<&str> = body.split("=\"#").skip(1).map(|rest| &rest[..6]).collect();
    assert!(colors.len() > 20);
    for color in colors {
        assert!(style.contains(&format!("[fill=\"#{color}\"]")), "{color}");
        assert!(style.contains(&format!("[stroke=\"#{color}\"]")), "{color}");
    }
}

#[test]
fn odd_fleets_are_drawn() {
    let empty = report(Vec::new());
    let one = report(vec![bin(Duration::ZERO, 1)]);
    let late = report(vec![bin(Duration::from_hours(24 * 365), 7)]);
    let billion = report(vec![
        bin(Duration::ZERO, 1_000_000_000),
        bin(Duration::from_secs(9), 1),
    ]);
    let most = report(vec![bin(Duration::MAX, u64::MAX)]);
    let nobody = Report {
        clients: 0,
        ..empty.clone()
    };
    for report in [&empty, &one, &late, &billion, &most, &nobody] {
        for outage in [
            Duration::ZERO,
            Duration::from_millis(30),
            Duration::from_mins(30),
            Duration::MAX,
        ] {
            for capacity in [0, 1, 200, u64::MAX] {
                let texts = texts(&arrivals("odd", &[("one", report)], outage, capacity));
                assert_has(&texts, &["odd", "one", "none lost"]);
                let has_none = texts.iter().any(|text| text == "no outage");
                assert_eq!(has_none, outage.is_zero());
            }
        }
    }
    assert_has(&texts(&arrivals("none", &[], Duration::ZERO, 1)), &["none"]);
}

#[test]
fn the_rest_of_the_clients_is_named() {
    let stuck = Report {
        served: 0,
        lost: 240,
        waiting: 760,
        ..report(Vec::new())
    };
    let lost = Report {
        served: 0,
        lost: 1_000,
        ..report(Vec::new())
    };
    let variants = [("stuck", &stuck), ("lost", &lost)];
    let texts = texts(&arrivals("rest", &variants, Duration::from_secs(1), 1));
    assert_has(&texts, &["24% lost, 76% still waiting", "all lost"]);
}

#[test]
fn twelve_variants_each_have_a_band() {
    let one = report(vec![bin(Duration::from_secs(2), 5)]);
    let names: Vec<String> = (1..=12).map(|n| format!("variant {n}")).collect();
    let variants: Vec<(&str, &Report)> = names.iter().map(|name| (name.as_str(), &one)).collect();
    let texts = texts(&arrivals("twelve", &variants, Duration::from_secs(1), 3));
    for name in &names {
        assert_has(&texts, &[name]);
    }
}

#[test]
fn names_stay_text() {
    let one = report(vec![bin(Duration::ZERO, 5)]);
    let odd = "<&> \"a\" 'b' ]]>";
    let variants = [(odd, &one), ("a\u{0}b\u{ffff}c", &one), ("", &one)];
    let found = texts(&arrivals(odd, &variants, Duration::from_secs(1), 3));
    assert_eq!(found.iter().filter(|text| *text == odd).count(), 3);
    assert_has(&found, &["a b c"]);
    let found = texts(&waits(odd, &[], odd));
    assert_eq!(found.iter().filter(|text| *text == odd).count(), 3);
}

/// Retries after waits in milliseconds, each spread by a percentage of it.
fn retries(waits: &[u64], percent: u64) -> Vec<Retry> {
    let mut at = 0;
    let times = waits.iter().map(|wait| {
        at += wait;
        Retry {
            at: Duration::from_millis(at),
            earliest: Duration::from_millis(at * (100 - percent) / 100),
            latest: Duration::from_millis(at * (100 + percent) / 100),
        }
    });
    times.collect()
}

#[test]
fn waits_say_what_they_show() {
    let waits = |percent| {
        let retries = retries(&[8_000, 64_000, 512_000, 4_096_000, 32_768_000], percent);
        waits("503 Service Unavailable", &retries, "Gives up after 10 h.")
    };
    let svg = waits(0);
    let found = texts(&svg);
    assert_has(
        &found,
        &[
            "503 Service Unavailable",
            "first attempt",
            "retry 5",
            "Gives up after 10 h.",
        ],
    );
    assert_has(
        &found,
        &[
            "8 s",
            "1 min 12 s",
            "9 min 44 s",
            "1 h 18 min",
            "10 h 24 min",
        ],
    );
    assert_has(&found, &["0 s", "10 s", "1 min", "10 min", "1 h", "10 h"]);
    assert_eq!(svg, waits(0));
    assert_eq!(svg.matches("<circle").count(), 6);
    // The paper, and the ranges of jitter.
    assert_eq!(svg.matches("<rect").count(), 1);
    assert_eq!(waits(10).matches("<rect").count(), 1 + 5);
}

#[test]
fn odd_waits_are_drawn() {
    let far = Retry {
        at: Duration::MAX,
        earliest: Duration::ZERO,
        latest: Duration::MAX,
    };
    let short = Retry {
        at: Duration::from_nanos(1),
        earliest: Duration::ZERO,
        latest: Duration::from_nanos(2),
    };
    for retries in [
        retries(&[], 0),
        retries(&[0, 0, 0], 0),
        retries(&[30, 60, 120], 100),
        retries(&[1; 200], 50),
        vec![far],
        vec![short, far],
        vec![short],
    ] {
        let svg = waits("odd", &retries, "");
        let texts = texts(&svg);
        assert_has(&texts, &["odd", "first attempt", "0 s"]);
        assert_eq!(svg.matches("<circle").count(), retries.len() + 1);
    }
}
