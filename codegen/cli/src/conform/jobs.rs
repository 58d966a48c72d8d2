//! Runs side by side.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;
use retrospec_codegen::internal::terminal::Failure;
use retrospec_conformance::due;

use super::client::Client;
use super::scenario::Scenario;
use super::{Judged, total};
use crate::engine::Decider;

static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What the runs so far have come to.
#[derive(Default)]
struct Progress {
    has_failed: AtomicBool,
    requests: AtomicUsize,
    /// Runs in which no request came until patience ended.
    silent: AtomicUsize,
}

impl Progress {
    fn is_over(&self) -> bool {
        IS_INTERRUPTED.load(Ordering::Relaxed) || self.has_failed.load(Ordering::Relaxed)
    }

    /// Returns whether a whole round of runs was silent. Nobody waits for such a command again and again.
    fn is_silent(&self, jobs: usize) -> bool {
        self.requests.load(Ordering::Relaxed) == 0 && self.silent.load(Ordering::Relaxed) >= jobs
    }

    fn note(&self, result: &Result<Judged, Failure>, patience: Duration) {
        match result {
            Ok(judged) => {
                self.requests.fetch_add(judged.requests, Ordering::Relaxed);
                let is_silent = judged.requests == 0 && judged.took >= patience;
                self.silent.fetch_add(is_silent.into(), Ordering::Relaxed);
            }
            Err(_) => self.has_failed.store(true, Ordering::Relaxed),
        }
    }
}

/// Runs the client once for each scenario, the longest first, and returns the judgments in the scenarios' order, and
/// whether Ctrl-C ended it before all were done.
pub(super) fn judge_all(
    scenarios: &[Scenario],
    client: &Client<'_>,
    decider: &Decider<'_>,
    jobs: u16,
) -> Result<(Vec<Judged>, bool), Failure> {
    ctrlc::set_handler(|| IS_INTERRUPTED.store(true, Ordering::Relaxed))?;
    let mut order: Vec<&Scenario> = scenarios.iter().collect();
    let takes = |scenario: &&Scenario| {
        let waits = due(&scenario.replies, true, |question| decider.decide(question));
        total(&waits).min(client.patience)
    };
    order.sort_by_cached_key(|scenario| Reverse(takes(scenario)));

    let jobs = usize::from(jobs).min(order.len());
    let (next, progress) = (AtomicUsize::new(0), Progress::default());
    let bar = ProgressBar::new(order.len() as u64);
    let judged = Mutex::new(Vec::new());
    let work = || {
        while let Some(scenario) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = if progress.is_over() {
                Ok(Judged::not_run(scenario, decider, "interrupted"))
            } else if progress.is_silent(jobs) {
                let why = "no request came in others";
                Ok(Judged::not_run(scenario, decider, why))
            } else {
                client.run(scenario, decider, &|| progress.is_over())
            };
            progress.note(&result, client.patience);
            let mut judged = judged.lock().unwrap_or_else(PoisonError::into_inner);
            judged.push((scenario.index, result));
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let mut judged = judged.into_inner().unwrap_or_else(PoisonError::into_inner);
    judged.sort_by_key(|(index, _)| *index);
    let judged = judged.into_iter().map(|(_, result)| result);
    let judged = judged.collect::<Result<Vec<_>, _>>()?;
    Ok((judged, IS_INTERRUPTED.load(Ordering::Relaxed)))
}
