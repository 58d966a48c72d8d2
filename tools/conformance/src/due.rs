use std::time::{Duration, UNIX_EPOCH};

use retrospec::{Next, Outcome, Policy, Reason, SavedWait, StatusTable};

use crate::Reply;
use crate::range::{CLOCKS, Range};

/// What a table is asked after an attempt: whether to send the request again, and when.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The answer.
    pub reply: &'a Reply,
    /// The status code that the client saw, or `None` if it saw no response.
    pub status: Option<u16>,
    /// How often the request was retried before.
    pub retries: u32,
    /// The time from the first attempt to the answer.
    pub elapsed: Duration,
    /// The time of the answer, in seconds since 1970.
    pub unix_seconds: u64,
    /// The random number that spreads the wait, or `None` for the wait without jitter.
    pub random: Option<u32>,
    /// Whether the request is idempotent, as [`Received::is_idempotent`](crate::Received::is_idempotent) says.
    pub is_idempotent: bool,
}

impl Question<'_> {
    /// Returns what the engine decides by a policy after an outcome.
    ///
    /// # Errors
    ///
    /// Why there is no retry.
    pub fn ask<T: StatusTable>(
        &self,
        policy: Policy<T>,
        outcome: Outcome<'_>,
    ) -> Result<Duration, Reason> {
        let mut outcome = outcome;
        if let Some(random) = self.random {
            outcome = outcome.random(random);
        }
        let attempt = match self.retries {
            0 => {
                outcome = outcome.elapsed(self.elapsed);
                policy.first_attempt()
            }
            retries => {
                let saved = SavedWait {
                    retry: retries,
                    duration: Duration::ZERO,
                    waited: self.elapsed,
                    elapsed: self.elapsed,
                };
                policy.resume(saved, Duration::ZERO).into_attempt()
            }
        };
        match attempt.next(outcome) {
            Next::Retry(wait) => Ok(wait.duration()),
            Next::Stop(stop) => Err(stop.reason),
        }
    }
}

/// Returns what [`judge`](crate::judge()) asks for a generated table.
pub fn of_table<T: StatusTable>(
    policy: Policy<T>,
) -> impl Fn(&Question<'_>) -> Result<Duration, Reason> {
    move |question| {
        let outcome = match question.status {
            Some(status) => Outcome::status(status),
            None => Outcome::no_response(),
        };
        let outcome = outcome
            .headers(&question.reply.headers)
            .now(question.unix_seconds)
            .idempotent(question.is_idempotent);
        question.ask(policy, outcome)
    }
}

/// Returns the waits that are due before retry 1, 2, ..., without jitter, if each attempt is answered as `replies` say.
/// If there is no end to them, it returns 1,000.
///
/// `is_idempotent` says whether the request is; `replies` and `decide` are as for [`judge`](crate::judge()).
pub fn due(
    replies: &[Reply],
    is_idempotent: bool,
    decide: impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Vec<Duration> {
    let Some(reply) = replies.first() else {
        return Vec::new();
    };
    let first = Moment {
        reply: reply.clone(),
        is_head: false,
        retries: 0,
        elapsed: Duration::ZERO,
        unix_seconds: 0,
        is_idempotent,
    };
    ahead(&first, replies, &decide)
}

/// A moment after an answer, at which a client decides.
#[derive(Clone)]
pub(crate) struct Moment {
    pub(crate) reply: Reply,
    pub(crate) is_head: bool,
    pub(crate) retries: usize,
    pub(crate) elapsed: Duration,
    pub(crate) unix_seconds: u64,
    pub(crate) is_idempotent: bool,
}

impl Moment {
    fn question<'a>(&self, reply: &'a Reply, status: Option<u16>) -> Question<'a> {
        Question {
            reply,
            status,
            retries: u32::try_from(self.retries).unwrap_or(u32::MAX),
            elapsed: self.elapsed,
            unix_seconds: self.unix_seconds,
            random: None,
            is_idempotent: self.is_idempotent,
        }
    }
}

/// What may follow an answer.
pub(crate) struct Due {
    /// When to retry, if that is allowed.
    pub(crate) retry: Option<Range>,
    /// Why not to retry, if that is allowed.
    pub(crate) stop: Option<Reason>,
    /// The wait without jitter.
    pub(crate) nominal: Option<Duration>,
}

impl Due {
    pub(crate) fn new(
        moment: &Moment,
        decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
    ) -> Self {
        let mut found = Self {
            retry: None,
            stop: None,
            nominal: None,
        };
        let elapsed = [
            moment.elapsed.saturating_sub(CLOCKS),
            moment.elapsed.saturating_add(CLOCKS),
        ];
        for (reply, status) in &moment.reply.readings(moment.is_head) {
            for random in [None, Some(0), Some(u32::MAX)] {
                for elapsed in elapsed {
                    let question = Question {
                        elapsed,
                        random,
                        ..moment.question(reply, *status)
                    };
                    match decide(&question) {
                        Ok(wait) => {
                            let range = found.retry.unwrap_or(Range::exactly(wait));
                            found.retry = Some(range.with(wait));
                            found.nominal = found.nominal.or(Some(wait));
                        }
                        Err(reason) => found.stop = found.stop.or(Some(reason)),
                    }
                }
            }
        }
        found
    }
}

/// How many waits are looked ahead. No table bounds its retries by more, unless it does not bound them.
pub(crate) const AHEAD: usize = 1_000;

/// Returns the waits that are due from a moment on, if each attempt is answered as it should be.
pub(crate) fn ahead(
    moment: &Moment,
    replies: &[Reply],
    decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Vec<Duration> {
    let mut waits = Vec::new();
    let mut now = moment.clone();
    while waits.len() < AHEAD {
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(now.unix_seconds));
        now.reply = now.reply.written(time.unwrap_or(UNIX_EPOCH));
        let readings = now.reply.readings(now.is_head);
        let mut decisions = readings
            .iter()
            .map(|(reply, status)| decide(&now.question(reply, *status)));
        let Some(wait) = decisions.find_map(Result::ok) else {
            break;
        };
        waits.push(wait);
        now.retries += 1;
        now.elapsed = now.elapsed.saturating_add(wait);
        now.unix_seconds = now.unix_seconds.saturating_add(wait.as_secs());
        if let Some(next) = replies.get(now.retries).or(replies.last()) {
            now.reply = next.clone();
        }
    }
    waits
}
