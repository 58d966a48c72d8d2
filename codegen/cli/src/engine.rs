//! The engine, asked about a table that is only known at run time.

use std::time::Duration;

use retrospec::{Backoff, Jitter, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_codegen::internal::model::{self, Action, Model};

/// No table at all: the policy is told what holds, as if no response had come, and the engine reads the
/// header all the same.
pub(crate) struct Nothing;

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

/// Returns the table's policy for a row, but for [`Policy::max_elapsed`].
pub(crate) fn policy(model: &Model, action: &Action) -> Policy<Nothing> {
    let mut policy = Policy::<Nothing>::new().transport(behavior(model, action));
    if let Some(retries) = model.max_retries {
        policy = policy.max_retries(retries);
    }
    if let Some(longest) = model.max_retry_after {
        policy = policy.max_retry_after(longest);
    }
    if let Some(percent) = model.retry_after_jitter {
        policy = policy.retry_after_jitter(percent);
    }
    policy
}

fn behavior(model: &Model, action: &Action) -> RetryBehavior {
    match action {
        Action::Never | Action::Undecided => RetryBehavior::DoNotRetry,
        Action::RetryAfter => RetryBehavior::RetryAfter,
        Action::Backoff(name) => RetryBehavior::Backoff(schedule(model, name)),
        Action::RetryAfterOrBackoff(name) => {
            RetryBehavior::RetryAfterOrBackoff(schedule(model, name))
        }
    }
}

/// Leaks the waits: the process asks about a few rows.
fn schedule(model: &Model, name: &str) -> &'static Backoff {
    let schedule = model
        .schedule(name)
        .expect("a model has the schedules that it names");
    let mut backoff = Backoff::new(Box::leak(schedule.waits.clone().into_boxed_slice()));
    if schedule.repeat_last {
        backoff = backoff.repeat_last();
    }
    Box::leak(Box::new(match schedule.jitter {
        model::Jitter::None => backoff,
        model::Jitter::Full => backoff.jitter(Jitter::Full),
        model::Jitter::Equal => backoff.jitter(Jitter::Equal),
        model::Jitter::Percent(percent) => backoff.jitter(Jitter::Percent(percent)),
        model::Jitter::Down(percent) => backoff.jitter(Jitter::Down(percent)),
        model::Jitter::Up(percent) => backoff.jitter(Jitter::Up(percent)),
        model::Jitter::Added(millis) => backoff.added_jitter(millis),
    }))
}

/// Returns what the server asks for as the engine reads it: a `Retry-After` in seconds.
pub(crate) fn retry_after(asked: Result<Duration, Reason>) -> Option<String> {
    match asked {
        Ok(wait) => Some(format!("{}.{:09}", wait.as_secs(), wait.subsec_nanos())),
        Err(Reason::NoRetryAfter) => None,
        Err(_) => Some("invalid".to_owned()),
    }
}
