use std::fmt;
use std::time::{Duration, Instant, UNIX_EPOCH};

use retrospec::{Next, Outcome, Policy, Reason, SavedWait, StatusTable};

use crate::reply::Reading;
use crate::{Exchange, Reply};

/// Whether a client follows its table, as far as was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// All that was due was seen, and nothing else.
    Ok,
    /// Nothing wrong was seen, but not all of what was due either.
    Unseen,
    /// A retry was too early or not due, or one that was due did not come.
    Wrong,
}

/// Why no more requests were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client has ended.
    Ended,
    /// Nobody looked after this instant. The client may have gone on.
    Watched(Instant),
}

/// A verdict, and what it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    /// Whether the client follows the table.
    pub verdict: Verdict,
    /// The waits that were due before retry 1, 2, ..., without jitter. If there is no end to them, they end 20 after
    /// those that were seen.
    pub due: Vec<Duration>,
    /// The waits that were seen.
    pub seen: Vec<Duration>,
    /// What was wrong, late or not seen, on one line, as in `retry 1 after 1.0 s; 8 s were due`; or nothing.
    pub detail: String,
}

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
        let outcome = match self.random {
            Some(random) => outcome.random(random),
            None => outcome,
        };
        let attempt = match self.retries {
            0 => policy.first_attempt(),
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
        let outcome = match self.retries {
            0 => outcome.elapsed(self.elapsed),
            _ => outcome,
        };
        match attempt.next(outcome) {
            Next::Retry(wait) => Ok(wait.duration()),
            Next::Stop(stop) => Err(stop.reason),
        }
    }
}

/// Returns what [`judge`] asks for a generated table.
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

/// Returns whether the requests that a server saw, with their times, are those that were due.
///
/// `replies` are the answers to the attempts of one request, as of [`Script::replies`](crate::Script::replies).
/// `decide` says what is due after an answer: [`of_table`] is that of a generated table.
///
/// A client may send several requests. Each is judged by itself, and the worst judgment returned. Without any
/// request, the verdict is [`Wrong`](Verdict::Wrong) if the client has ended, else [`Unseen`](Verdict::Unseen).
pub fn judge(
    exchanges: &[Exchange],
    replies: &[Reply],
    end: End,
    decide: impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Judgment {
    let requests = by_request(exchanges);
    let mut judgments = requests.iter().map(|attempts| {
        let mut judgment = judge_one(attempts, replies, end, &decide);
        if requests.len() > 1 && !judgment.detail.is_empty() {
            let request = &attempts[0].request;
            let (method, target) = (&request.method, &request.target);
            let bodies = requests.iter().filter(|others| {
                let other = &others[0].request;
                (&other.method, &other.target) == (method, target)
            });
            let bodies = match bodies.count() {
                1 => String::new(),
                count => format!("; {method} {target} came with {count} bodies"),
            };
            judgment.detail = format!("{method} {target}: {}{bodies}", judgment.detail);
        }
        judgment
    });
    let Some(mut worst) = judgments.next() else {
        return nothing(end, due(replies, true, &decide));
    };
    for judgment in judgments {
        let rank = |judgment: &Judgment| (judgment.verdict, !judgment.detail.is_empty());
        if rank(&judgment) > rank(&worst) {
            worst = judgment;
        }
    }
    worst
}

/// Returns the waits that are due before retry 1, 2, ..., without jitter, if each attempt is answered as `replies` say.
/// If there is no end to them, it returns 1,000.
///
/// `is_idempotent` says whether the request is; `replies` and `decide` are as for [`judge`].
pub fn due(
    replies: &[Reply],
    is_idempotent: bool,
    decide: impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Vec<Duration> {
    let Some(reply) = replies.first() else {
        return Vec::new();
    };
    let first = Moment {
        reply,
        retries: 0,
        elapsed: Duration::ZERO,
        unix_seconds: 0,
        is_idempotent,
    };
    ahead(&first, replies, &decide)
}

fn nothing(end: End, due: Vec<Duration>) -> Judgment {
    Judgment {
        verdict: match end {
            End::Ended => Verdict::Wrong,
            End::Watched(_) => Verdict::Unseen,
        },
        due: shortened(due, 0),
        seen: Vec::new(),
        detail: "no request came".to_owned(),
    }
}

/// Returns the attempts of each request, in the order of the first ones.
fn by_request(exchanges: &[Exchange]) -> Vec<Vec<&Exchange>> {
    let mut requests: Vec<Vec<&Exchange>> = Vec::new();
    for exchange in exchanges {
        let same = requests
            .iter_mut()
            .find(|attempts| attempts[0].request.repeats(&exchange.request));
        match same {
            Some(attempts) => attempts.push(exchange),
            None => requests.push(vec![exchange]),
        }
    }
    requests
}

/// How many waits are looked ahead. No table bounds its retries by more, unless it does not bound them.
const AHEAD: usize = 1_000;
/// How many of them are kept if there is no end to them.
const KEPT: usize = 20;

fn judge_one(
    attempts: &[&Exchange],
    replies: &[Reply],
    end: End,
    decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Judgment {
    let mut due = Vec::new();
    let mut seen = Vec::new();
    let mut note = String::new();
    let mut last = None;
    for (n, attempt) in attempts.iter().enumerate() {
        let Some(answered) = attempt.answered else {
            let detail = "it ended before its answer".to_owned();
            return Judgment {
                verdict: Verdict::Unseen,
                due,
                seen,
                detail,
            };
        };
        let elapsed = answered.saturating_duration_since(attempts[0].request.at);
        let moment = Moment {
            reply: &attempt.reply,
            retries: n,
            elapsed,
            unix_seconds: attempt.unix_seconds,
            is_idempotent: is_idempotent(attempt, attempts.get(n + 1).copied()),
        };
        let allowed = Due::new(&moment, decide);
        let Some(next) = attempts.get(n + 1) else {
            last = Some((answered, moment, allowed));
            break;
        };
        let wait = next.request.at.saturating_duration_since(answered);
        due.extend(allowed.nominal);
        seen.push(wait);
        let found = match allowed.retry {
            None => Err(not_due(attempts, n, allowed.stop)),
            Some(range) => range.compare(n + 1, wait),
        };
        match found {
            Ok(late) if note.is_empty() => note = late,
            Ok(_) => {}
            Err(detail) => {
                seen.extend(waits(&attempts[n + 1..]));
                due.extend(ahead(&moment, replies, decide).into_iter().skip(1));
                return Judgment {
                    verdict: Verdict::Wrong,
                    due: shortened(due, seen.len()),
                    seen,
                    detail,
                };
            }
        }
    }
    let Some((answered, moment, allowed)) = last else {
        return nothing(end, due);
    };
    due.extend(ahead(&moment, replies, decide));
    let (verdict, detail) = match (end, allowed.retry) {
        (End::Ended, Some(_)) if allowed.stop.is_none() => {
            (Verdict::Wrong, stopped(seen.len(), due.len()))
        }
        (End::Ended, _) => (Verdict::Ok, note),
        (End::Watched(_), None) => {
            let detail = "it had not ended, and may send again".to_owned();
            (Verdict::Unseen, detail)
        }
        (End::Watched(until), Some(range)) => {
            let watched = until.saturating_duration_since(answered);
            range.unseen(seen.len() + 1, watched, allowed.stop.is_none())
        }
    };
    Judgment {
        verdict,
        due: shortened(due, seen.len()),
        seen,
        detail,
    }
}

/// Returns whether a request may be repeated if the rows ask for that. A new `Idempotency-Key` makes it another request.
fn is_idempotent(attempt: &Exchange, next: Option<&Exchange>) -> bool {
    let key = |exchange: &Exchange| {
        exchange
            .request
            .header("idempotency-key")
            .map(<[u8]>::to_vec)
    };
    let keeps_key = next.is_none_or(|next| key(next) == key(attempt));
    attempt.request.has_idempotent_method() || (attempt.request.is_idempotent() && keeps_key)
}

/// A moment after an answer, at which a client decides.
#[derive(Clone, Copy)]
struct Moment<'a> {
    reply: &'a Reply,
    retries: usize,
    elapsed: Duration,
    unix_seconds: u64,
    is_idempotent: bool,
}

impl<'a> Moment<'a> {
    /// Returns what is asked for each of the ways to take the reply.
    fn questions(&self, random: Option<u32>, elapsed: Duration) -> Vec<Question<'a>> {
        let status = Some(self.reply.code());
        let statuses: &[Option<u16>] = match self.reply.reading() {
            Reading::Response => &[status],
            Reading::NoResponse => &[None],
            Reading::Either => &[status, None],
        };
        let question = |status: &Option<u16>| Question {
            reply: self.reply,
            status: *status,
            retries: u32::try_from(self.retries).unwrap_or(u32::MAX),
            elapsed,
            unix_seconds: self.unix_seconds,
            random,
            is_idempotent: self.is_idempotent,
        };
        statuses.iter().map(question).collect()
    }
}

/// What may follow an answer.
struct Due {
    /// When to retry, if that is allowed.
    retry: Option<Range>,
    /// Why not to retry, if that is allowed.
    stop: Option<Reason>,
    /// The wait without jitter.
    nominal: Option<Duration>,
}

/// How far the time since the first attempt may be another for the client.
const CLOCKS: Duration = Duration::from_millis(50);

impl Due {
    fn new(
        moment: &Moment<'_>,
        decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
    ) -> Self {
        let mut found = Self {
            retry: None,
            stop: None,
            nominal: None,
        };
        for random in [None, Some(0), Some(u32::MAX)] {
            for elapsed in [
                moment.elapsed.saturating_sub(CLOCKS),
                moment.elapsed + CLOCKS,
            ] {
                for question in moment.questions(random, elapsed) {
                    match decide(&question) {
                        Ok(wait) => {
                            let range = found.retry.unwrap_or(Range::exactly(wait));
                            found.retry = Some(range.with(wait));
                            found.nominal = found.nominal.or(Some(wait));
                        }
                        Err(reason) => found.stop = Some(reason),
                    }
                }
            }
        }
        found
    }
}

/// The shortest and the longest wait.
#[derive(Clone, Copy)]
struct Range {
    shortest: Duration,
    longest: Duration,
}

/// A wait that is this much longer than the longest is noted.
const LATE: Duration = Duration::from_millis(250);

impl Range {
    fn exactly(wait: Duration) -> Self {
        Self {
            shortest: wait,
            longest: wait,
        }
    }

    fn with(self, wait: Duration) -> Self {
        Self {
            shortest: self.shortest.min(wait),
            longest: self.longest.max(wait),
        }
    }

    fn is_early(self, wait: Duration) -> bool {
        let tolerance = (self.shortest / 20).clamp(Duration::from_millis(5), CLOCKS);
        wait + tolerance < self.shortest
    }

    fn is_late(self, wait: Duration) -> bool {
        wait > self.longest + LATE
    }

    fn is_another(self, wait: Duration) -> bool {
        self.is_late(wait) && !self.longest.is_zero() && wait >= self.longest.saturating_mul(2)
    }

    /// Returns a note, which may be empty, or what is wrong.
    fn compare(self, retry: usize, wait: Duration) -> Result<String, String> {
        let said = || format!("retry {retry} after {}; {self} due", self.near(wait));
        if self.is_early(wait) || self.is_another(wait) {
            return Err(said());
        }
        Ok(if self.is_late(wait) {
            said() + " (late)"
        } else {
            String::new()
        })
    }

    /// Judges a retry that was not seen.
    fn unseen(self, retry: usize, watched: Duration, must_come: bool) -> (Verdict, String) {
        let verdict = if must_come && self.is_another(watched) {
            Verdict::Wrong
        } else {
            Verdict::Unseen
        };
        let watched = self.near(watched);
        (
            verdict,
            format!("no retry {retry} in {watched}; {self} due"),
        )
    }

    /// Returns a wait with the decimals that tell it from this range.
    fn near(self, wait: Duration) -> String {
        let gap = wait
            .abs_diff(self.shortest)
            .min(wait.abs_diff(self.longest));
        let decimals = if wait < Duration::from_secs(1) || gap < Duration::from_millis(100) {
            3
        } else {
            1
        };
        format!("{:.decimals$} s", wait.as_secs_f64())
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [shortest, longest] = [self.shortest, self.longest].map(|wait| wait.as_secs_f64());
        if self.shortest != self.longest {
            return write!(f, "{shortest} to {longest} s were");
        }
        let verb = if self.longest == Duration::from_secs(1) {
            "was"
        } else {
            "were"
        };
        write!(f, "{longest} s {verb}")
    }
}

/// Returns the waits that are due from a moment on, if each attempt is answered as it should be.
fn ahead(
    moment: &Moment<'_>,
    replies: &[Reply],
    decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Vec<Duration> {
    let mut waits = Vec::new();
    let mut now = *moment;
    while waits.len() < AHEAD {
        let scripted = match waits.len() {
            0 => moment.reply,
            _ => replies
                .get(now.retries)
                .or(replies.last())
                .unwrap_or(moment.reply),
        };
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(now.unix_seconds));
        let reply = scripted.written(time.unwrap_or(UNIX_EPOCH));
        let asked = Moment {
            reply: &reply,
            ..now
        };
        let questions = asked.questions(None, now.elapsed);
        let Some(wait) = questions.iter().find_map(|question| decide(question).ok()) else {
            break;
        };
        waits.push(wait);
        now.retries += 1;
        now.elapsed = now.elapsed.saturating_add(wait);
        now.unix_seconds = now.unix_seconds.saturating_add(wait.as_secs());
    }
    waits
}

fn shortened(mut due: Vec<Duration>, seen: usize) -> Vec<Duration> {
    if due.len() >= AHEAD {
        due.truncate(seen + KEPT);
    }
    due
}

fn waits(attempts: &[&Exchange]) -> Vec<Duration> {
    let between = |pair: &[&Exchange]| {
        let answered = pair[0].answered.unwrap_or(pair[0].request.at);
        pair[1].request.at.saturating_duration_since(answered)
    };
    attempts.windows(2).map(between).collect()
}

/// Says that the retry after attempt `n`, from 0, was not due.
fn not_due(attempts: &[&Exchange], n: usize, reason: Option<Reason>) -> String {
    let retries = attempts.len() - 1;
    let again = retries - n;
    let times = if again == 1 { "time" } else { "times" };
    match reason {
        _ if n == 0 => format!("sent again {again} {times}; never was due{}", why(reason)),
        Some(Reason::MaxRetries | Reason::MaxElapsed) => {
            let verb = if n == 1 { "was" } else { "were" };
            format!("{retries} retries; {n} {verb} due")
        }
        _ => {
            let code = attempts[n].reply.code();
            format!(
                "sent again {again} {times} after {code}; never was due{}",
                why(reason)
            )
        }
    }
}

/// Returns a reason that the status code alone does not give.
fn why(reason: Option<Reason>) -> String {
    match reason {
        None | Some(Reason::NotRetried) => String::new(),
        Some(reason) => format!(" ({reason})"),
    }
}

fn stopped(seen: usize, due: usize) -> String {
    let after = match seen {
        0 => "without a retry".to_owned(),
        1 => "after 1 retry".to_owned(),
        _ => format!("after {seen} retries"),
    };
    match due {
        1 => format!("stopped {after}; 1 was due"),
        AHEAD.. => format!("stopped {after}; more were due"),
        _ => format!("stopped {after}; {due} were due"),
    }
}
