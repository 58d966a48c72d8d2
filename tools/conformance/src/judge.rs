use std::time::{Duration, Instant};

use retrospec::Reason;

use crate::due::{AHEAD, Due, Moment, ahead, due};
use crate::range::Range;
use crate::{Exchange, Question, Received, Reply};

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
    /// The shortest and the longest wait that may follow the last answer, or `None` if no retry may.
    pub next: Option<(Duration, Duration)>,
    /// What was wrong, late or not seen, on one line, as in `retry 1 after 1.0 s; 8 s were due`; or nothing.
    pub detail: String,
}

/// Returns whether the requests that a server saw, with their times, are those that were due.
///
/// `replies` are the answers to the attempts of one request, as of [`Script::replies`](crate::Script::replies).
/// `decide` says what is due after an answer: [`of_table`](crate::of_table) is that of a generated table.
///
/// A client may send several requests. Each is judged by itself, and the worst judgment returned. If two of them differ
/// in nothing but the body or the query, one may be a retry of the other, and the verdict is at best
/// [`Unseen`](Verdict::Unseen). Without any request, it is [`Wrong`](Verdict::Wrong) if the client has ended.
pub fn judge(
    exchanges: &[Exchange],
    replies: &[Reply],
    end: End,
    decide: impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Judgment {
    let requests = by_request(exchanges);
    let judgments = requests.iter().map(|attempts| {
        let mut judgment = judge_one(attempts, replies, end, &decide);
        let alike = alike(&attempts[0].request, &requests);
        if alike > 1 {
            judgment.verdict = judgment.verdict.max(Verdict::Unseen);
            judgment.add(&format!(
                "{alike} requests differ in their body or query, and may be retries"
            ));
        }
        if requests.len() > 1 && !judgment.detail.is_empty() {
            let Received { method, target, .. } = &attempts[0].request;
            judgment.detail = format!("{method} {target}: {}", judgment.detail);
        }
        judgment
    });
    let rank = |judgment: &Judgment| (judgment.verdict, !judgment.detail.is_empty());
    let worst = judgments.reduce(|worst, judgment| {
        if rank(&judgment) > rank(&worst) {
            judgment
        } else {
            worst
        }
    });
    worst.unwrap_or_else(|| nothing(end, due(replies, true, &decide)))
}

fn nothing(end: End, due: Vec<Duration>) -> Judgment {
    Judgment {
        verdict: match end {
            End::Ended => Verdict::Wrong,
            End::Watched(_) => Verdict::Unseen,
        },
        due: shortened(due, 0),
        seen: Vec::new(),
        next: None,
        detail: "no request came".to_owned(),
    }
}

impl Judgment {
    /// Adds to the detail.
    pub fn add(&mut self, more: &str) {
        if !self.detail.is_empty() {
            self.detail.push_str("; ");
        }
        self.detail.push_str(more);
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

/// Returns how many requests have the method and the path of this one, which is among them.
fn alike(request: &Received, requests: &[Vec<&Exchange>]) -> usize {
    let address = |request: &Received| {
        let path = request.target.split('?').next().map(str::to_owned);
        (request.method.clone(), path)
    };
    let same = requests
        .iter()
        .filter(|attempts| address(&attempts[0].request) == address(request));
    same.count()
}

fn judge_one(
    attempts: &[&Exchange],
    replies: &[Reply],
    end: End,
    decide: &impl Fn(&Question<'_>) -> Result<Duration, Reason>,
) -> Judgment {
    let (mut due, mut seen) = (Vec::new(), Vec::new());
    let (mut wrong, mut late) = (None, String::new());
    let (mut last, mut next_wait) = ((Verdict::Unseen, String::new()), None);
    for (n, attempt) in attempts.iter().enumerate() {
        let next = attempts.get(n + 1).copied();
        let answered = attempt.answered.unwrap_or(attempt.request.at);
        let moment = Moment {
            reply: attempt.reply.clone(),
            is_head: attempt.request.method == "HEAD",
            retries: n,
            elapsed: answered.saturating_duration_since(attempts[0].request.at),
            unix_seconds: attempt.unix_seconds,
            is_idempotent: is_idempotent(attempt, next),
        };
        let allowed = Due::new(&moment, decide);
        let Some(next) = next else {
            due.extend(ahead(&moment, replies, decide));
            next_wait = allowed.retry.map(|range| (range.shortest, range.longest));
            last = if attempt.answered.is_none() {
                let detail = match end {
                    End::Ended => "it ended before its answer",
                    End::Watched(_) => "its answer was not written yet",
                };
                (Verdict::Unseen, detail.to_owned())
            } else {
                after_last(&allowed, answered, end, seen.len(), due.len())
            };
            break;
        };
        let wait = next.request.at.saturating_duration_since(answered);
        due.extend(allowed.nominal);
        seen.push(wait);
        match compare(&allowed, attempts, n, wait) {
            Ok(note) if late.is_empty() => late = note,
            Ok(_) => {}
            Err(detail) => wrong = wrong.or(Some(detail)),
        }
    }
    let (verdict, detail) = match (wrong, last) {
        (Some(detail), _) => (Verdict::Wrong, detail),
        (None, (Verdict::Ok, _)) => (Verdict::Ok, late),
        (None, last) => last,
    };
    Judgment {
        verdict,
        due: shortened(due, seen.len()),
        seen,
        next: next_wait,
        detail,
    }
}

/// Compares the wait after attempt `n`, from 0, with what was due.
fn compare(
    allowed: &Due,
    attempts: &[&Exchange],
    n: usize,
    wait: Duration,
) -> Result<String, String> {
    let not_due = || not_due(attempts, n, allowed.stop);
    allowed
        .retry
        .map_or_else(|| Err(not_due()), |range: Range| range.compare(n + 1, wait))
}

/// Judges that no attempt followed the last one.
fn after_last(
    allowed: &Due,
    answered: Instant,
    end: End,
    seen: usize,
    due: usize,
) -> (Verdict, String) {
    let is_due = allowed.stop.is_none();
    match (end, allowed.retry) {
        (End::Ended, Some(_)) if is_due => (Verdict::Wrong, stopped(seen, due)),
        (End::Ended, _) => (Verdict::Ok, String::new()),
        (End::Watched(_), None) => {
            let detail = "it had not ended, and may send again".to_owned();
            (Verdict::Unseen, detail)
        }
        (End::Watched(until), Some(range)) => {
            let watched = until.saturating_duration_since(answered);
            match range.missing(seen + 1, watched, is_due) {
                Ok(detail) => (Verdict::Unseen, detail),
                Err(detail) => (Verdict::Wrong, detail),
            }
        }
    }
}

/// Returns whether a request may be repeated if the rows ask for that. A new `Idempotency-Key` makes it another request.
fn is_idempotent(attempt: &Exchange, next: Option<&Exchange>) -> bool {
    let request = &attempt.request;
    let key = request.header("idempotency-key");
    let keeps_key = next.is_none_or(|next| next.request.header("idempotency-key") == key);
    request.has_idempotent_method() || (request.is_idempotent() && keeps_key)
}

/// How many of the waits ahead are kept if there is no end to them.
const KEPT: usize = 20;

fn shortened(mut due: Vec<Duration>, seen: usize) -> Vec<Duration> {
    if due.len() >= AHEAD {
        due.truncate(seen + KEPT);
    }
    due
}

/// Says that the retry after attempt `n`, from 0, was not due.
fn not_due(attempts: &[&Exchange], n: usize, reason: Option<Reason>) -> String {
    let retries = attempts.len() - 1;
    let again = retries - n;
    let times = if again == 1 { "time" } else { "times" };
    let why = why(reason);
    match reason {
        _ if n == 0 => format!("sent again {again} {times}; never was due{why}"),
        Some(Reason::MaxRetries | Reason::MaxElapsed) => {
            let verb = if n == 1 { "was" } else { "were" };
            format!("{retries} retries; {n} {verb} due")
        }
        _ => {
            let code = attempts[n].reply.code();
            format!("sent again {again} {times} after {code}; never was due{why}")
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
