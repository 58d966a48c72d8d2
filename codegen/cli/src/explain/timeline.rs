//! What a client goes through: the engine itself is asked, attempt by attempt.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use retrospec::{Next, Outcome, Policy, Reason};
use retrospec_codegen::internal::human;
use retrospec_codegen::internal::model::{self, Action, Model};

use crate::engine::{self, Nothing};
use crate::response::Response;
use crate::row::Row;

/// How many retries are gone through if nothing bounds them sooner.
const GONE_THROUGH: usize = 100_000;
/// Retries that are shown before the rest is summed up.
pub(crate) const SHOWN: usize = 12;

/// The waits of a request that gets the same answer every time.
pub(crate) struct Timeline {
    pub(crate) retries: Vec<Retry>,
    /// All waits together.
    pub(crate) total: Duration,
    /// How the schedule is spread; the waits are shown without.
    pub(crate) jitter: Option<String>,
    /// Why the server's wait does not count, if one is given and does not.
    pub(crate) ignored_header: Option<String>,
    /// Why it ends, or `None` if it goes on.
    pub(crate) end: Option<Reason>,
    /// Whether the server asks for a wait by `Retry-After` alone.
    has_only_retry_after: bool,
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

pub(crate) fn timeline(model: &Model, row: &Row, response: &Response) -> Timeline {
    let action = &row.behavior.action;
    let mut policy = engine::policy(model, action);
    // The range of a wait does not hang on whether the waits before it were long.
    let untimed = policy;
    if let Some(elapsed) = model.max_elapsed {
        policy = policy.max_elapsed(elapsed);
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let asked = |now| response.wait(model, now);
    let (waits, end) = if row.behavior.if_idempotent && !response.is_idempotent {
        (Vec::new(), Some(Reason::NotIdempotent))
    } else {
        walk(policy, &asked, now, None)
    };
    let is_asked = action.asks_server() && asked(now).is_ok_and(|wait| !wait.is_zero());
    let jitter = match (is_asked, model.retry_after_jitter) {
        (true, Some(percent)) => Some(format!("+{percent}%")),
        (true, None) => None,
        (false, _) => spread(model, action),
    };
    let ends = jitter.is_some().then(|| {
        let at = |random| walk(untimed, &asked, now, Some(random)).0;
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
        ignored_header: response
            .has_wait(model)
            .then(|| ignored(model, action, response.wait(model, now)))
            .flatten(),
        end,
        has_only_retry_after: model.has_only_retry_after(),
        bounded: model.max_elapsed.is_some(),
    }
}

/// Returns the waits of a request that gets the same answer every time, and why they end, if they do. What the
/// server asks for is handed to the engine in seconds.
fn walk(
    policy: Policy<Nothing>,
    asked: &impl Fn(Duration) -> Result<Duration, Reason>,
    now: Duration,
    random: Option<u32>,
) -> (Vec<Duration>, Option<Reason>) {
    let (mut waits, mut total) = (Vec::new(), Duration::ZERO);
    let mut attempt = policy.first_attempt();
    while waits.len() < GONE_THROUGH {
        let retry_after = engine::retry_after(asked(now.saturating_add(total)));
        let mut outcome =
            Outcome::no_response().retry_after(retry_after.as_deref().map(str::as_bytes));
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

impl Timeline {
    /// Returns the last retry and its number, if there is one and it is not among those shown.
    pub(crate) fn last_hidden(&self) -> Option<(usize, &Retry)> {
        let count = self.retries.len();
        let last = self.retries.last().filter(|_| self.end.is_some());
        last.filter(|_| count > SHOWN).map(|last| (count, last))
    }

    /// Returns how it ends, in words.
    pub(crate) fn ending(&self) -> String {
        let count = self.retries.len();
        match self.end {
            None if self.bounded => format!("and so on, for more than {count} retries"),
            None => "and so on, without end".to_owned(),
            Some(Reason::NotRetried) => "is not retried".to_owned(),
            Some(_) if count == 0 => format!("gives up at once: {}", self.reason()),
            Some(_) => format!("gives up after {}: {}", human(self.total), self.reason()),
        }
    }

    /// Returns why it ends, or nothing if it goes on.
    pub(crate) fn reason(&self) -> String {
        let reason = self
            .end
            .map(|reason| said(reason, self.has_only_retry_after));
        reason.unwrap_or_default()
    }
}

/// Returns words as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}

/// Returns a reason in words that fit the headers of the table: the engine's name `Retry-After`.
fn said(reason: Reason, has_only_retry_after: bool) -> String {
    match reason {
        _ if has_only_retry_after => reason.to_string(),
        Reason::NoRetryAfter => "no header asks for a wait".to_owned(),
        Reason::InvalidRetryAfter => "the header that asks for a wait is invalid".to_owned(),
        Reason::RetryAfterTooLong(wait) => {
            format!("the server asks for {}, which is too long", human(wait))
        }
        reason => reason.to_string(),
    }
}

/// Returns why the server's wait does not count for a row, or `None` if it does.
fn ignored(model: &Model, action: &Action, asked: Result<Duration, Reason>) -> Option<String> {
    let header = if model.has_only_retry_after() {
        "Retry-After"
    } else {
        "the server's wait"
    };
    match (action, asked) {
        (Action::Backoff(_), _) => Some(format!("this row does not read {header}")),
        (Action::RetryAfterOrBackoff(name), Err(reason)) => {
            let reason = said(reason, model.has_only_retry_after());
            Some(format!("{reason}, so `{name}` holds"))
        }
        (Action::RetryAfterOrBackoff(name), Ok(wait)) if wait.is_zero() => {
            Some(format!("{header} asks for no wait, so `{name}` holds"))
        }
        (Action::Never | Action::RetryAfter | Action::Undecided, _)
        | (Action::RetryAfterOrBackoff(_), Ok(_)) => None,
    }
}

/// Returns the jitter of the row's schedule, or `None` if it has none.
fn spread(model: &Model, action: &Action) -> Option<String> {
    let schedule = model.schedule(action.schedule()?)?;
    (schedule.jitter != model::Jitter::None).then(|| schedule.jitter.to_string())
}
