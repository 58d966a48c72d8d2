//! What the document decides, and the comments that say by what. A retry is decided only if every operation says so:
//! a wrong one sends a request twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::import::collect::{Collected, Connections, Evidence, Marks, Verdict, Voice};
use crate::import::status::Status;
use crate::import::tally::{Counted, Tally};

/// What a draft says about a status, or about what has no row.
pub(super) struct Decision {
    pub(super) retry: Choice,
    /// Lines about the places, the evidence and the conflicts.
    pub(super) comments: Vec<String>,
    pub(super) conflicts: usize,
}

/// What a draft says about requests without a response.
pub(super) struct Transport {
    /// About those that were never sent.
    pub(super) connect: Decision,
    /// About the others.
    pub(super) other: Choice,
}

/// A value of `retry`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Never,
    RetryAfter,
    /// As the server asks, if it `asks`; else by the schedule.
    Backoff {
        schedule: String,
        asks: bool,
    },
    Undecided,
}

impl Choice {
    /// Returns the words of a retry, in order.
    pub(super) fn words(&self) -> Vec<&str> {
        match self {
            Self::Never => vec!["never"],
            Self::RetryAfter => vec!["retry-after"],
            Self::Backoff { schedule, asks } => {
                let header = asks.then_some("retry-after");
                header.into_iter().chain([schedule.as_str()]).collect()
            }
            Self::Undecided => vec!["undecided"],
        }
    }
}

/// Returns the decision about a row.
pub(super) fn decide(status: Status, evidence: &Evidence, collected: &Collected) -> Decision {
    let operations = collected.operations.len();
    let mut decision = Decision {
        retry: retry(status, evidence),
        comments: place(evidence),
        conflicts: 0,
    };
    decision.add_header(status, evidence);
    if !status.is_no_failure() || evidence.is_named {
        decision.add_extensions(evidence, operations);
    }
    if !is_refused_for_now(status, evidence) {
        decision.check_idempotence(&collected.idempotence, operations);
    }
    let is_evidence = |comment: &String| comment.starts_with("evidence: ");
    if decision.retry == Choice::Undecided && !decision.comments.iter().any(is_evidence) {
        decision.note("none; the document does not say whether it is retried");
    }
    decision.add_conflicts(evidence);
    decision
}

/// Returns what all voices together say.
fn retry(status: Status, evidence: &Evidence) -> Choice {
    if status.is_no_failure() {
        // Whoever lists such a code means to ask again for a result, which is no retry of a table.
        return if evidence.is_named {
            Choice::Undecided
        } else {
            Choice::Never
        };
    }
    let voices = || evidence.voices.keys();
    // Those that have the code, or all if an extension alone names it.
    let with_code = || voices().filter(|voice| voice.has_response || evidence.responses == 0);
    let all_are = |verdict: &Verdict| voices().all(|voice| voice.extension == *verdict);
    let asks = voices().any(|voice| voice.asks);
    if let Some(Verdict::Retry(schedule)) = voices().map(|voice| &voice.extension).next()
        && all_are(&Verdict::Retry(schedule.clone()))
    {
        let schedule = schedule.clone();
        return Choice::Backoff { schedule, asks };
    }
    let is_quiet = |voice: &Voice| matches!(voice.extension, Verdict::Never | Verdict::Nothing);
    let refuses = |voice: &Voice| voice.extension == Verdict::Never;
    if voices().all(is_quiet) && with_code().all(refuses) && !asks {
        return Choice::Never;
    }
    // RFC 9110, section 10.2.3, and RFC 6585, section 4, say what the header means with these.
    let has_meaning = matches!(status, Status::Code(429 | 503));
    let all_ask = with_code().all(|voice| voice.asks);
    if has_meaning && all_ask && all_are(&Verdict::Nothing) {
        return Choice::RetryAfter;
    }
    Choice::Undecided
}

/// Returns whether the server refuses the request and says until when, so that nothing is carried out twice.
/// That holds for 429 alone: a 503 may come after half of the work.
fn is_refused_for_now(status: Status, evidence: &Evidence) -> bool {
    let asking = evidence.retry_after.total();
    status == Status::Code(429) && asking > 0 && asking == evidence.responses
}

impl Decision {
    fn undecided(comments: Vec<String>) -> Self {
        Self {
            retry: Choice::Undecided,
            comments,
            conflicts: 0,
        }
    }

    fn add_header(&mut self, status: Status, evidence: &Evidence) {
        let asking = evidence.retry_after.total();
        let of = share(asking, evidence.responses, "response");
        if status.is_no_failure() {
            if asking > 0 {
                self.comments.push(format!(
                    "`Retry-After` in {of} asks to poll, not to send the request again"
                ));
            }
            return;
        }
        if asking > 0 {
            let said = evidence.retry_after.by_count();
            let said = said.first().filter(|said| !said.text.is_empty());
            let said = said.map_or_else(String::new, |said| format!(": \"{}\"", said.text));
            self.note(&format!("`Retry-After` is declared in {of}{said}"));
        }
        let of_wait = |header: &&&Counted| {
            let name = header.text.replace(['-', '_'], "");
            let is_wait = name.contains("retryafter") || name.contains("ratelimitreset");
            is_wait && header.text != "retry-after"
        };
        for header in evidence.headers.by_count().iter().filter(of_wait) {
            let of = share(header.count, evidence.responses, "response");
            self.note(&format!(
                "`{}` is declared in {of}; `retry_after:` can name it",
                header.text
            ));
        }
    }

    fn add_extensions(&mut self, evidence: &Evidence, operations: usize) {
        let of = |counted: &Counted| share(counted.count, operations, "operation");
        for listed in evidence.listed.by_count() {
            self.note(&format!("{} of {} retries it", listed.text, of(listed)));
        }
        for left_out in evidence.left_out.by_count() {
            let (text, of) = (&left_out.text, of(left_out));
            self.note(&format!("{text} of {of} does not retry it"));
        }
        self.add_unclear(&evidence.unclear, operations);
    }

    fn add_unclear(&mut self, unclear: &Tally, operations: usize) {
        let unclear = shown(&unclear.by_count(), |unclear| {
            let of = share(unclear.count, operations, "operation");
            format!("{} (in {of}, {})", unclear.text, unclear.pointer)
        });
        for unclear in unclear {
            self.note(&unclear);
        }
    }

    /// Leaves a retry open if it may carry out a request twice.
    fn check_idempotence(&mut self, marks: &Marks, operations: usize) {
        if matches!(self.retry, Choice::Never | Choice::Undecided) {
            return;
        }
        let are = |count: usize| {
            let verb = if count == 1 { "is" } else { "are" };
            format!("{} {verb}", share(count, operations, "operation"))
        };
        let mut found = Vec::new();
        if marks.unmarked > 0 {
            let are = are(marks.unmarked);
            found.push(format!("{are} POST or PATCH, and not marked idempotent"));
        }
        if marks.refused > 0 {
            let (are, pointer) = (are(marks.refused), &marks.refused_pointer);
            found.push(format!("{are} marked as not idempotent ({pointer})"));
        }
        let Some(last) = found.last_mut() else { return };
        let words = self.retry.words().join(", ");
        let _ = write!(last, "; consider `[if-idempotent, {words}]`");
        self.retry = Choice::Undecided;
        for found in found {
            self.note(&found);
        }
    }

    fn add_conflicts(&mut self, evidence: &Evidence) {
        let responses = evidence.responses;
        if let [first, others @ ..] = &evidence.descriptions.by_count()[..]
            && !others.is_empty()
        {
            let also = shown(others, |other| {
                format!("\"{}\" ({})", other.text, other.pointer)
            });
            let of = share(first.count, responses, "response");
            let also = also.join(", ");
            self.conflict(&format!("the description is that of {of}; also {also}"));
        }
        let mut partial = evidence.headers.by_count();
        partial.retain(|header| header.count < responses);
        if !partial.is_empty() {
            let headers = shown(&partial, |header| {
                let of = share(header.count, responses, "response");
                format!("{} in {of}", header.text)
            });
            self.conflict(&format!("headers: {}", headers.join(", ")));
        }
        if self.retry == Choice::Undecided {
            self.add_conflict_of_extensions(&evidence.voices);
        }
    }

    fn add_conflict_of_extensions(&mut self, voices: &BTreeMap<Voice, usize>) {
        const KINDS: [&str; 5] = ["retried", "not retried", "not said", "unclear", "both"];

        let mut counts = [0; KINDS.len()];
        let mut schedules = BTreeSet::new();
        for (voice, count) in voices {
            if let Verdict::Retry(schedule) = &voice.extension {
                schedules.insert(schedule);
            }
            let kind = match (&voice.extension, voice.asks) {
                (Verdict::Retry(_), _) => 0,
                (Verdict::Never, false) => 1,
                (Verdict::Nothing, _) => 2,
                (Verdict::Unclear, _) => 3,
                (Verdict::Never, true) | (Verdict::Mixed, _) => 4,
            };
            counts[kind] += count;
        }
        let [retried, refused, _, _, both] = counts;
        let total: usize = counts.iter().sum();
        // There is no conflict if all say the same, or no extension says a thing.
        let is_one = counts.contains(&total) && both == 0 && schedules.len() < 2;
        if retried + refused + both == 0 || is_one {
            return;
        }
        let said = KINDS.iter().zip(counts).filter(|(_, count)| *count > 0);
        let said: Vec<String> = said
            .map(|(kind, count)| format!("{kind} in {count}"))
            .collect();
        let said = said.join(", ");
        let schedules = if schedules.len() > 1 {
            "; by different schedules"
        } else {
            ""
        };
        let of = counted(total, "operation");
        self.conflict(&format!("of {of}, by extensions: {said}{schedules}"));
    }

    fn note(&mut self, evidence: &str) {
        self.comments.push(format!("evidence: {evidence}"));
    }

    fn conflict(&mut self, what: &str) {
        self.conflicts += 1;
        self.comments.push(format!("conflict: {what}"));
    }
}

/// How many of a kind a comment shows.
const SHOWN: usize = 2;

/// Returns the first of them, and how many more there are.
fn shown(all: &[&Counted], show: impl Fn(&Counted) -> String) -> Vec<String> {
    let first = all.iter().take(SHOWN);
    let mut shown: Vec<String> = first.map(|counted| show(counted)).collect();
    if let Some(more @ 1..) = all.len().checked_sub(SHOWN) {
        shown.push(format!("{more} more"));
    }
    shown
}

/// Returns its place in the document, if it has one.
fn place(evidence: &Evidence) -> Vec<String> {
    let first = evidence.pointer;
    match evidence.responses {
        0 if first.is_empty() => Vec::new(),
        0 | 1 => vec![first.to_owned()],
        more => vec![format!("{first} and {} more", more - 1)],
    }
}

/// Returns as in `2 of 3 operations`.
pub(super) fn share(count: usize, total: usize, what: &str) -> String {
    match (count, total) {
        (1, 1) => counted(1, what),
        (count, total) => format!("{count} of {}", counted(total, what)),
    }
}

/// Returns as in `1 operation` or `3 operations`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Returns the decision about codes without a row.
pub(super) fn decide_unlisted(collected: &Collected) -> Decision {
    const COVERS: &str = "`unlisted` holds for each code without a row, 2xx and 3xx too";

    let operations = collected.operations.len();
    let evidence = collected.evidence(Status::Default);
    let mut decision = Decision::undecided(place(&evidence));
    decision.comments.push(COVERS.to_owned());
    let refuses = |voice: &Voice| voice.extension == Verdict::Never && !voice.asks;
    if evidence.voices.keys().all(refuses) {
        decision.retry = Choice::Never;
    }
    if evidence.responses == 0 {
        decision.note("no operation has `default`");
    } else {
        let of = share(evidence.responses, operations, "operation");
        let said = evidence.descriptions.by_count();
        let said = said
            .first()
            .map_or_else(String::new, |said| format!(": \"{}\"", said.text));
        decision.note(&format!("`default` in {of}{said}"));
    }
    decision.add_header(Status::Default, &evidence);
    decision.add_extensions(&evidence, operations);
    decision.add_conflicts(&evidence);
    decision
}

/// Returns the decisions about requests without a response. One that was never sent is not carried out twice.
pub(super) fn decide_transport(collected: &Collected) -> Transport {
    let operations = collected.operations.len();
    let Connections {
        retried,
        refused,
        unclear,
        voices,
    } = &collected.connections();
    let mut connect = Decision::undecided(Vec::new());
    for (tally, verb) in [(retried, "retries"), (refused, "does not retry")] {
        for said in tally.by_count() {
            let of = share(said.count, operations, "operation");
            let (text, pointer) = (&said.text, &said.pointer);
            connect.note(&format!(
                "{text} of {of} {verb} connection errors ({pointer})"
            ));
        }
    }
    connect.add_unclear(unclear, operations);
    if connect.comments.is_empty() {
        connect.note("none; the document says nothing of requests without a response");
    }
    let mut other = Choice::Undecided;
    let verdicts: Vec<&Verdict> = voices.keys().collect();
    match verdicts[..] {
        [Verdict::Retry(schedule)] => {
            let schedule = schedule.clone();
            let asks = false;
            connect.retry = Choice::Backoff { schedule, asks };
        }
        [Verdict::Never] => {
            connect.retry = Choice::Never;
            other = Choice::Never;
        }
        _ => {}
    }
    let says = |is_it: fn(&Verdict) -> bool| {
        let found = voices.iter().filter(|(verdict, _)| is_it(verdict));
        found.map(|(_, count)| count).sum::<usize>()
    };
    let yes = says(|verdict| matches!(verdict, Verdict::Retry(_) | Verdict::Mixed));
    let no = says(|verdict| matches!(verdict, Verdict::Never | Verdict::Mixed));
    if yes > 0 && no > 0 {
        let [yes, no] = [yes, no].map(|count| share(count, operations, "operation"));
        connect.conflict(&format!("retried in {yes}, not in {no}"));
    }
    Transport { connect, other }
}
