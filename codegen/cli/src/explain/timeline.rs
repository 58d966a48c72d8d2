//! What a client goes through: the engine itself is asked, attempt by attempt.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{
    Backoff, Jitter, Next, Outcome, Policy, Reason, RetryBehavior, StatusTable, retry_after,
};
use retrospec_codegen::internal::model::{self, Behavior, Model};

use crate::explain::row::Row;

/// How many retries are gone through if nothing bounds them sooner.
const GONE_THROUGH: usize = 100_000;

/// The waits of a request that gets the same answer every time.
pub(crate) struct Timeline {
    pub(crate) retries: Vec<Retry>,
    /// All waits together.
    pub(crate) total: Duration,
    /// How the schedule is spread; the waits are shown without.
    pub(crate) jitter: Option<String>,
    /// Why `Retry-After` does not count, if one is given and does not.
    pub(crate) ignored_header: Option<String>,
    /// Why it ends, or `None` if it goes on.
    pub(crate) end: Option<Reason>,
    /// Whether it ends some time.
    pub(crate) bounded: bool,
}

pub(crate) struct Retry {
    pub(crate) wait: Duration,
    /// The shortest and the longest wait after jitter, if they differ from it.
    pub(crate) range: Option<(Duration, Duration)>,
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

pub(crate) fn timeline(model: &Model, row: &Row, retry_after: Option<&[u8]>) -> Timeline {
    let behavior = engine_behavior(model, &row.behavior);
    let mut policy = Policy::<Nothing>::new().transport(behavior);
    if let Some(retries) = model.max_retries {
        policy = policy.max_retries(retries);
    }
    // The range of a wait does not hang on whether the waits before it were long.
    let untimed = policy;
    if let Some(elapsed) = model.max_elapsed {
        policy = policy.max_elapsed(elapsed);
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (waits, end) = walk(policy, retry_after, now, None);
    let jitter = spread(model, row);
    let ends = jitter.is_some().then(|| {
        let at = |random| walk(untimed, retry_after, now, Some(random)).0;
        (at(0), at(u32::MAX))
    });
    let mut total = Duration::ZERO;
    let retries = waits.into_iter().enumerate().map(|(n, wait)| {
        total = total.saturating_add(wait);
        let range = ends.as_ref().and_then(|(shortest, longest)| {
            let range = (*shortest.get(n)?, *longest.get(n)?);
            (range != (wait, wait)).then_some(range)
        });
        Retry {
            wait,
            range,
            at: total,
        }
    });
    Timeline {
        retries: retries.collect(),
        total,
        jitter,
        ignored_header: retry_after.and_then(|value| ignored(&row.behavior, value, now)),
        end,
        bounded: model.max_elapsed.is_some(),
    }
}

/// Returns the waits of a request that gets the same answer every time, and why they end, if they do.
fn walk(
    policy: Policy<Nothing>,
    retry_after: Option<&[u8]>,
    now: Duration,
    random: Option<u32>,
) -> (Vec<Duration>, Option<Reason>) {
    let (mut waits, mut total) = (Vec::new(), Duration::ZERO);
    let mut attempt = policy.first_attempt();
    while waits.len() < GONE_THROUGH {
        let mut outcome = Outcome::no_response()
            .retry_after(retry_after)
            .now(now.saturating_add(total).as_secs());
        if let Some(random) = random {
            outcome = outcome.random(random);
        }
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                total = total.saturating_add(wait.duration());
                waits.push(wait.duration());
                attempt = wait.into_attempt();
            }
            Next::Stop(stop) => return (waits, Some(stop.reason)),
        }
    }
    (waits, None)
}

/// Returns why a header does not count for a row, or `None` if it does.
fn ignored(behavior: &Behavior, value: &[u8], now: Duration) -> Option<String> {
    let asked = retry_after(value, None, Some(now.as_secs()));
    match (behavior, asked) {
        (Behavior::Backoff(_), _) => Some("this row does not read Retry-After".to_owned()),
        (Behavior::RetryAfterOrBackoff(name), Err(reason)) => {
            Some(format!("{reason}, so `{name}` holds"))
        }
        (Behavior::RetryAfterOrBackoff(name), Ok(wait)) if wait.is_zero() => {
            Some(format!("Retry-After asks for no wait, so `{name}` holds"))
        }
        (Behavior::Never | Behavior::RetryAfter, _) | (Behavior::RetryAfterOrBackoff(_), Ok(_)) => {
            None
        }
    }
}

/// Returns the jitter of the row's schedule, or `None` if it has none.
fn spread(model: &Model, row: &Row) -> Option<String> {
    let schedule = model.schedule(row.behavior.schedule()?)?;
    (schedule.jitter != model::Jitter::None).then(|| schedule.jitter.to_string())
}

fn engine_behavior(model: &Model, behavior: &Behavior) -> RetryBehavior {
    match behavior {
        Behavior::Never => RetryBehavior::DoNotRetry,
        Behavior::RetryAfter => RetryBehavior::RetryAfter,
        Behavior::Backoff(name) => RetryBehavior::Backoff(engine_schedule(model, name)),
        Behavior::RetryAfterOrBackoff(name) => {
            RetryBehavior::RetryAfterOrBackoff(engine_schedule(model, name))
        }
    }
}

/// Leaks the waits: the process explains one row.
fn engine_schedule(model: &Model, name: &str) -> &'static Backoff {
    let schedule = model
        .schedule(name)
        .expect("a model has the schedules that it names");
    let mut backoff = Backoff::new(Box::leak(schedule.waits.clone().into_boxed_slice()));
    if schedule.repeat_last {
        backoff = backoff.repeat_last();
    }
    Box::leak(Box::new(backoff.jitter(match schedule.jitter {
        model::Jitter::None => Jitter::None,
        model::Jitter::Full => Jitter::Full,
        model::Jitter::Equal => Jitter::Equal,
        model::Jitter::Percent(percent) => Jitter::Percent(percent),
    })))
}
