//! What a client goes through: the engine itself is asked, attempt by attempt.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{Backoff, Jitter, Next, Outcome, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_codegen::model::{self, Behavior, Model};

use crate::explain::row::Row;

/// Retries that are gone through where nothing bounds them sooner.
const GONE_THROUGH: usize = 100_000;

/// The waits of a request that gets the same answer every time.
pub(crate) struct Timeline {
    pub(crate) retries: Vec<Retry>,
    /// All waits together.
    pub(crate) total: Duration,
    /// How the schedule is spread; the waits are shown without.
    pub(crate) jitter: Option<String>,
    /// Why it ends; `None` where it goes on.
    pub(crate) end: Option<Reason>,
    /// Whether it ends some time.
    pub(crate) bounded: bool,
}

pub(crate) struct Retry {
    pub(crate) wait: Duration,
    /// Since the first attempt.
    pub(crate) at: Duration,
}

/// No table at all: the policy is told what holds, as if no response had come, and the engine reads the
/// header all the same.
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

pub(crate) fn timeline(model: &Model, row: &Row, retry_after: Option<&str>) -> Timeline {
    let behavior = engine_behavior(model, &row.behavior);
    let mut policy = Policy::<Nothing>::new().transport(behavior);
    if let Some(retries) = model.max_retries {
        policy = policy.max_retries(retries);
    }
    if let Some(elapsed) = model.max_elapsed {
        policy = policy.max_elapsed(elapsed);
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut timeline = Timeline {
        retries: Vec::new(),
        total: Duration::ZERO,
        jitter: spread(model, row),
        end: None,
        bounded: model.max_elapsed.is_some(),
    };
    let mut attempt = policy.first_attempt();
    while timeline.retries.len() < GONE_THROUGH {
        let outcome = Outcome::no_response()
            .retry_after(retry_after.map(str::as_bytes))
            .now(now.saturating_add(timeline.total).as_secs());
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                timeline.total = timeline.total.saturating_add(wait.duration());
                timeline.retries.push(Retry {
                    wait: wait.duration(),
                    at: timeline.total,
                });
                attempt = wait.into_attempt();
            }
            Next::Stop(stop) => {
                timeline.end = Some(stop.reason);
                break;
            }
        }
    }
    timeline
}

/// What jitter does to the waits, where there is any.
fn spread(model: &Model, row: &Row) -> Option<String> {
    let schedule = model.schedule(row.behavior.schedule()?)?;
    (schedule.jitter != model::Jitter::None).then(|| schedule.jitter.to_string())
}

/// The schedule's waits live as long as the process: there is one.
fn engine_behavior(model: &Model, behavior: &Behavior) -> RetryBehavior {
    let schedule = || {
        let schedule = behavior.schedule().and_then(|name| model.schedule(name))?;
        let mut backoff = Backoff::new(Box::leak(schedule.waits.clone().into_boxed_slice()));
        if schedule.repeat_last {
            backoff = backoff.repeat_last();
        }
        let backoff = backoff.jitter(match schedule.jitter {
            model::Jitter::None => Jitter::None,
            model::Jitter::Full => Jitter::Full,
            model::Jitter::Equal => Jitter::Equal,
            model::Jitter::Percent(percent) => Jitter::Percent(percent),
        });
        Some(&*Box::leak(Box::new(backoff)))
    };
    match (behavior, schedule()) {
        (Behavior::Backoff(_), Some(schedule)) => RetryBehavior::Backoff(schedule),
        (Behavior::RetryAfterOrBackoff(_), Some(schedule)) => {
            RetryBehavior::RetryAfterOrBackoff(schedule)
        }
        (Behavior::RetryAfter, _) => RetryBehavior::RetryAfter,
        _ => RetryBehavior::DoNotRetry,
    }
}
