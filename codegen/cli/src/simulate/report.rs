//! What is printed: a table, and a sentence to forward.

use std::fmt::Write as _;
use std::time::Duration;

use retrospec_codegen::internal::human;
use retrospec_fleet::picture::{arrivals, grouped};
use retrospec_fleet::{Arrival, Report};
use serde_json::{Value, json};

use super::{Asked, Simulated};

/// Returns what the table's own jitter is called.
fn own(asked: &Asked<'_>) -> &'static str {
    let row = asked.row;
    let schedule = row.behavior.action.schedule();
    let assumed = asked.model.all_assumed();
    let is_assumed = assumed.iter().any(|value| {
        let mut parts = value.key.split('.');
        match (parts.next(), parts.next()) {
            (Some("max_retries" | "max_elapsed"), None) => true,
            (Some("backoff"), Some(name)) => schedule.is_some_and(|schedule| schedule == name),
            _ => false,
        }
    });
    if row.is_assumed || is_assumed {
        "as assumed"
    } else {
        "as documented"
    }
}

pub(super) fn text(asked: &Asked<'_>, simulated: &[Simulated]) -> String {
    let mut text = title(asked);
    let mut lines = vec![
        [
            "jitter",
            "served",
            "lost",
            "requests per client",
            "peak per second",
            "last served",
        ]
        .map(str::to_owned),
    ];
    lines.extend(simulated.iter().map(|each| line(asked, each)));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: [usize; 6] = std::array::from_fn(|column| width(column).unwrap_or(0));
    for line in &lines {
        let mut row = format!("{:<1$}", line[0], widths[0]);
        for (cell, width) in line[1..].iter().zip(&widths[1..]) {
            let _ = write!(row, "  {cell:>width$}");
        }
        text.push_str(&row);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&sentence(asked, simulated));
    text.push('\n');
    for each in simulated {
        if each.report.step > Duration::from_secs(1) {
            let step = human(each.report.step);
            let _ = writeln!(
                text,
                "({}: steps of {step}, so all figures are approximate)",
                name(asked, each)
            );
        }
    }
    for each in simulated.iter().filter(|each| each.report.waiting > 0) {
        let simulated = human(whole_seconds(each.report.simulated));
        let _ = writeln!(text, "({}: {simulated} were simulated)", name(asked, each));
    }
    text
}

pub(super) fn picture(asked: &Asked<'_>, simulated: &[Simulated]) -> String {
    let Asked {
        model, scenario, ..
    } = asked;
    let title = format!(
        "{}: {} clients {}, {} of outage",
        model.api,
        grouped(scenario.clients),
        arrival(scenario.arrival),
        human(scenario.outage)
    );
    let named: Vec<(String, &Report)> = simulated
        .iter()
        .map(|each| {
            let name = match each.jitter.as_deref() {
                None => name(asked, each),
                Some("none") => "without jitter".to_owned(),
                Some(jitter) => format!("{jitter} jitter"),
            };
            (name, &each.report)
        })
        .collect();
    let variants: Vec<(&str, &Report)> = named
        .iter()
        .map(|(name, report)| (name.as_str(), *report))
        .collect();
    arrivals(&title, &variants, scenario.outage, scenario.capacity)
}

fn title(asked: &Asked<'_>) -> String {
    let Asked {
        model,
        row,
        scenario,
    } = asked;
    let arrival = arrival(scenario.arrival);
    let budget = match scenario.budget {
        Some(budget) => format!(
            ", a budget of {}% and {} retries per second",
            budget.percent, budget.retries_per_second
        ),
        None => String::new(),
    };
    format!(
        "{}, {}: {}\n{} clients {arrival}, {} of outage, then {} requests per second{budget}\n\n",
        model.api,
        format!("{} {}", row.asked, row.name).trim_end(),
        row.behavior,
        grouped(scenario.clients),
        human(scenario.outage),
        grouped(scenario.capacity),
    )
}

fn arrival(arrival: Arrival) -> String {
    match arrival {
        Arrival::AtOnce => "at once".to_owned(),
        Arrival::Over(duration) => format!("over {}", human(duration)),
    }
}

fn line(asked: &Asked<'_>, simulated: &Simulated) -> [String; 6] {
    let report = &simulated.report;
    let peak = report.peak.map_or_else(
        || "none".to_owned(),
        |peak| format!("{} at {}", grouped(peak.per_second), human(peak.at)),
    );
    let last = report.last_served;
    [
        name(asked, simulated),
        share(report.served, report.clients),
        share(report.lost, report.clients),
        format!("{:.2}", report.requests_per_client()),
        peak,
        last.map_or_else(|| "never".to_owned(), |last| human(whole_seconds(last))),
    ]
}

fn name(asked: &Asked<'_>, simulated: &Simulated) -> String {
    let jitter = simulated.jitter.clone();
    jitter.unwrap_or_else(|| own(asked).to_owned())
}

/// As in `As documented, 99.96% of the requests are lost; with 10% jitter, none.`
fn sentence(asked: &Asked<'_>, simulated: &[Simulated]) -> String {
    let mut sentence = String::new();
    let own = own(asked).replacen('a', "A", 1);
    for each in simulated {
        let Report {
            lost,
            waiting,
            clients,
            ..
        } = each.report;
        let lost = match lost {
            0 => "none".to_owned(),
            _ if lost == clients => "all".to_owned(),
            _ => share(lost, clients),
        };
        let _ = match (&each.jitter, lost.as_str()) {
            (None, "none") if waiting == clients => {
                write!(sentence, "{own}, nobody is served")
            }
            (None, "none") => write!(sentence, "{own}, no request is lost"),
            (None, "all") => write!(sentence, "{own}, all requests are lost"),
            (None, lost) => write!(sentence, "{own}, {lost} of requests are lost"),
            (Some(jitter), lost) if jitter == "none" => {
                write!(sentence, "; without jitter, {lost}")
            }
            (Some(jitter), lost) => write!(sentence, "; with {jitter} jitter, {lost}"),
        };
        if waiting > 0 {
            let waiting = share(waiting, clients);
            let _ = write!(sentence, " ({waiting} still wait when the simulation ends)");
        }
    }
    sentence + "."
}

/// Returns a share in percent, which is never rounded to none or all.
fn share(part: u64, whole: u64) -> String {
    // In hundredths of a percent.
    let exact = u128::from(part) * 10_000;
    let whole = u128::from(whole.max(1));
    let nearest = (exact + whole / 2) / whole;
    match nearest {
        0 if part > 0 => "under 0.01%".to_owned(),
        10_000 if exact < 10_000 * whole => "over 99.99%".to_owned(),
        _ => format!("{}.{:02}%", nearest / 100, nearest % 100),
    }
}

fn whole_seconds(duration: Duration) -> Duration {
    if duration < Duration::from_secs(10) {
        Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    } else {
        Duration::from_secs(duration.as_secs())
    }
}

pub(super) fn json(asked: &Asked<'_>, simulated: &[Simulated]) -> Value {
    let variants: Vec<Value> = simulated
        .iter()
        .map(|each| {
            let report = &each.report;
            json!({
                "jitter": name(asked, each),
                "served": report.served_share(),
                "lost": report.lost_share(),
                "waiting": 1.0 - report.served_share() - report.lost_share(),
                "requests_per_client": report.requests_per_client(),
                "peak_per_second": report.peak.map_or(0, |peak| peak.per_second),
                "peak_at_seconds": report.peak.map(|peak| peak.at.as_secs_f64()),
                "last_served_at_seconds": report.last_served.map(|last| last.as_secs_f64()),
            })
        })
        .collect();
    json!({
        "clients": asked.scenario.clients,
        "capacity_per_second": asked.scenario.capacity,
        "outage_seconds": asked.scenario.outage.as_secs_f64(),
        "variants": variants,
    })
}
