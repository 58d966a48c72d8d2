//! The verdicts, for people, programs and CI.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use retrospec_codegen::internal::human;
use retrospec_codegen::internal::terminal::Failure;
use retrospec_conformance::Verdict;
use serde_json::{Value, json};

use super::Judged;

pub(super) fn text(api: &str, patience: Duration, judged: &[Judged]) -> String {
    let is_colored =
        io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let mut text = format!("{api}, {} of patience\n\n", human(patience));
    for Judged { name, judgment, .. } in judged {
        let word = format!("{:6}", word(judgment.verdict));
        let word = if is_colored {
            colored(judgment.verdict, &word)
        } else {
            word
        };
        let detail = match judgment.detail.as_str() {
            "" => String::new(),
            detail => format!(": {detail}"),
        };
        let _ = writeln!(text, "{word}  {name}{detail}");
    }
    let [ok, wrong, unseen] = counts(judged);
    let late = judged
        .iter()
        .filter(|each| each.judgment.verdict == Verdict::Ok && !each.judgment.detail.is_empty());
    let late = match late.count() {
        0 => String::new(),
        late => format!(" ({late} late)"),
    };
    let _ = writeln!(
        text,
        "\n{} scenarios: {ok} ok{late}, {wrong} wrong, {unseen} unseen",
        judged.len()
    );
    text
}

pub(super) fn json(judged: &[Judged]) -> Value {
    let seconds = |waits: &[Duration]| waits.iter().map(Duration::as_secs_f64).collect::<Vec<_>>();
    let scenario = |Judged { name, judgment, .. }: &Judged| {
        json!({
            "name": name,
            "verdict": word(judgment.verdict),
            "due_seconds": seconds(&judgment.due),
            "seen_seconds": seconds(&judgment.seen),
            "detail": judgment.detail,
        })
    };
    let [ok, wrong, unseen] = counts(judged);
    json!({
        "scenarios": judged.iter().map(scenario).collect::<Vec<_>>(),
        "ok": ok,
        "wrong": wrong,
        "unseen": unseen,
    })
}

/// Returns a failure for each scenario that is wrong, and calls those skipped that are unseen.
pub(super) fn junit(api: &str, judged: &[Judged]) -> Result<String, Failure> {
    let mut suite = TestSuite::new(api);
    for each in judged {
        let Judged { name, judgment, .. } = each;
        let mut status = match judgment.verdict {
            Verdict::Ok => TestCaseStatus::success(),
            Verdict::Wrong => TestCaseStatus::non_success(NonSuccessKind::Failure),
            Verdict::Unseen => TestCaseStatus::skipped(),
        };
        if judgment.verdict != Verdict::Ok {
            status.set_message(judgment.detail.as_str());
        }
        let mut case = TestCase::new(name.as_str(), status);
        case.set_classname(api).set_time(each.took);
        if judgment.verdict == Verdict::Ok && !judgment.detail.is_empty() {
            case.set_system_out(judgment.detail.as_str());
        }
        suite.add_test_case(case);
    }
    let mut report = Report::new("retrospec conform");
    report.add_test_suite(suite);
    Ok(report.to_string()? + "\n")
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Unseen => "unseen",
        Verdict::Wrong => "wrong",
    }
}

fn colored(verdict: Verdict, word: &str) -> String {
    let color = match verdict {
        Verdict::Ok => 32,
        Verdict::Unseen => 33,
        Verdict::Wrong => 31,
    };
    format!("\u{1b}[{color}m{word}\u{1b}[0m")
}

fn counts(judged: &[Judged]) -> [usize; 3] {
    [Verdict::Ok, Verdict::Wrong, Verdict::Unseen].map(|verdict| {
        let of = judged
            .iter()
            .filter(|each| each.judgment.verdict == verdict);
        of.count()
    })
}
