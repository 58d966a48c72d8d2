//! The engine, asked about a table that is only known at run time.

use std::collections::HashMap;
use std::time::Duration;

use retrospec::{Backoff, Jitter, Outcome, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_codegen::internal::model::{self, Action, Model};
use retrospec_conformance::Question;

use crate::response::Response;
use crate::row::{TRANSPORT, find};

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

/// A table that answers questions by the hundred.
pub(crate) struct Decider<'a> {
    model: &'a Model,
    policies: HashMap<&'a Action, Policy<Nothing>>,
}

impl<'a> Decider<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        let mut policies = HashMap::new();
        for behavior in model.behaviors() {
            let action = &behavior.action;
            policies.entry(action).or_insert_with(|| {
                let policy = policy(model, action);
                match model.max_elapsed {
                    Some(elapsed) => policy.max_elapsed(elapsed),
                    None => policy,
                }
            });
        }
        Self { model, policies }
    }

    /// Returns how long to wait before a retry, or why there is none.
    pub(crate) fn decide(&self, question: &Question<'_>) -> Result<Duration, Reason> {
        let is_idempotent = question.is_idempotent;
        let response = Response::received(question.reply.headers(), is_idempotent);
        let asked = match question.status {
            Some(status) => status.to_string(),
            None => TRANSPORT.to_owned(),
        };
        let Ok(row) = find(self.model, &asked, &response) else {
            return Err(Reason::NotRetried);
        };
        if row.behavior.if_idempotent && !is_idempotent {
            return Err(Reason::NotIdempotent);
        }
        let Some(policy) = self.policies.get(&row.behavior.action) else {
            return Err(Reason::NotRetried);
        };
        let now = Duration::from_secs(question.unix_seconds);
        let asked = retry_after(response.wait(self.model, now));
        let outcome = Outcome::no_response().retry_after(asked.as_deref().map(str::as_bytes));
        question.ask(*policy, outcome)
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
