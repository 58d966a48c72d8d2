//! What was found, in few lines: scenarios with the same finding share one.

use crate::conform::Scenario;
use crate::name::Name;

/// Several scenarios, and what was found in each.
struct Finding<'a> {
    heads: Vec<&'a str>,
    values: Vec<&'a str>,
    ending: &'a str,
    detail: String,
}

/// Returns a line for each finding, in the order of the scenarios.
pub(crate) fn lines<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<String> {
    let mut findings: Vec<Finding> = Vec::new();
    for scenario in scenarios {
        let name = Name::of(&scenario.name);
        let values: Vec<&str> = name.retry_after.into_iter().collect();
        let detail = rounded(&scenario.detail);
        let same = findings.iter_mut().find(|other| {
            other.values == values && other.ending == name.ending && other.detail == detail
        });
        match same {
            Some(finding) => finding.heads.push(name.head),
            None => findings.push(Finding {
                heads: vec![name.head],
                values,
                ending: name.ending,
                detail,
            }),
        }
    }
    let mut joined: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = joined.iter_mut().find(|other| {
            other.heads == finding.heads
                && other.ending == finding.ending
                && other.detail == finding.detail
                && !other.values.is_empty()
                && !finding.values.is_empty()
        });
        match same {
            Some(other) => other.values.extend(finding.values),
            None => joined.push(finding),
        }
    }
    joined.iter().map(line).collect()
}

fn line(finding: &Finding<'_>) -> String {
    let heads = listed(&finding.heads, "and");
    let header = match finding.values[..] {
        [] => String::new(),
        _ => format!(" with `Retry-After` {}", listed(&finding.values, "or")),
    };
    format!("{heads}{header}, {}: {}", finding.ending, finding.detail)
}

/// Returns `a, b and c`.
pub(crate) fn listed(items: &[&str], and: &str) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// Returns a detail with times that another run finds, too: a wait is rounded to half seconds, unless that would hide
/// the mistake.
///
/// How the command ended is left out: most clients call the last answer an error.
fn rounded(detail: &str) -> String {
    let (detail, _) = detail
        .split_once("; the command ended")
        .unwrap_or((detail, ""));
    let Some((said, due)) = detail.split_once(" s; ") else {
        return detail.to_owned();
    };
    if let Some((retry, _)) = said.split_once(" in ") {
        return format!("{retry} in time; {due}");
    }
    let wait = said.split_once(" after ");
    let wait = wait.and_then(|(retry, wait)| Some((retry, wait.parse::<f64>().ok()?)));
    match wait.map(|(retry, wait)| (retry, (wait * 2.0).round() / 2.0)) {
        Some((retry, half)) if !due.starts_with(&format!("{half} s ")) => {
            format!("{retry} after {half} s; {due}")
        }
        _ => detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::Verdict;

    #[test]
    fn times_are_rounded_to_halves() {
        for (detail, expected) in [
            (
                "retry 1 after 0.004 s; 8 s were due",
                "retry 1 after 0 s; 8 s were due",
            ),
            (
                "retry 1 after 2.1 s; 2.5 s were due",
                "retry 1 after 2 s; 2.5 s were due",
            ),
            (
                "retry 1 after 7.944 s; 8 s were due",
                "retry 1 after 7.944 s; 8 s were due",
            ),
            (
                "no retry 3 in 7.9 s; 512 s were due",
                "no retry 3 in time; 512 s were due",
            ),
            (
                "stopped after 2 retries; 5 were due; the command ended after 9.1 s with exit status 8",
                "stopped after 2 retries; 5 were due",
            ),
        ] {
            assert_eq!(rounded(detail), expected);
        }
    }

    #[test]
    fn the_same_finding_has_one_line() {
        let scenarios = [
            ("429, Retry-After: 2, then 200", "stopped"),
            ("429, Retry-After: 0, then 200", "stopped"),
            ("502, forever", "retry 2 after 8.0 s; 64 s were due"),
            ("502, then 200", "stopped"),
            ("503, forever", "retry 2 after 8.001 s; 64 s were due"),
        ];
        let scenarios = scenarios.map(|(name, detail)| Scenario {
            name: name.to_owned(),
            verdict: Verdict::Wrong,
            detail: detail.to_owned(),
        });
        assert_eq!(
            lines(scenarios.iter()),
            [
                "429 with `Retry-After` 2 or 0, then 200: stopped",
                "502 and 503, forever: retry 2 after 8 s; 64 s were due",
                "502, then 200: stopped",
            ]
        );
    }
}
