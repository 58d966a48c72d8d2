//! What the document decides, and the comments that say by what.

use std::collections::BTreeSet;

use crate::import::collect::{Collected, Connections, Evidence, Verdict, Voice};
use crate::import::status::Status;
use crate::import::tally::{Counted, Tally};

/// What a draft says about a status, or about what has no row.
pub(super) struct Decision {
    pub(super) retry: Choice,
    /// Lines about the places, the evidence and the conflicts.
    pub(super) comments: Vec<String>,
    pub(super) conflicts: usize,
}

/// A value of `retry`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Never,
    /// `is_assumed` if some operations do not say so.
    RetryAfter {
        is_assumed: bool,
    },
    /// As the server asks, if it `asks`; else by the schedule.
    Backoff {
        schedule: String,
        asks: bool,
    },
    Undecided,
}

/// Returns the decision about a status that has responses, or that an extension lists.
pub(super) fn decide(status: Status, evidence: &Evidence) -> Decision {
    let mut decision = Decision {
        retry: retry(status, &evidence.voices.keys().collect()),
        comments: vec![places(&evidence.places)],
        conflicts: 0,
    };
    decision.add_evidence(status, evidence);
    decision.add_conflicts(evidence);
    decision
}

/// Returns what all voices together say: a decision if none disagrees or leaves it open.
fn retry(status: Status, voices: &BTreeSet<&Voice>) -> Choice {
    let is_silent = |voice: &&&Voice| voice.extension == Verdict::Nothing && !voice.asks;
    let speaking: BTreeSet<&Voice> = voices
        .iter()
        .filter(|voice| !is_silent(voice))
        .copied()
        .collect();
    let all_speak = speaking.len() == voices.len();
    let asks = speaking.iter().any(|voice| voice.asks);
    let verdicts: BTreeSet<&Verdict> = speaking.iter().map(|voice| &voice.extension).collect();
    let verdicts: Vec<&Verdict> = verdicts.into_iter().collect();
    let says_never = |verdict: &&Verdict| matches!(verdict, Verdict::Never | Verdict::Nothing);
    match verdicts[..] {
        [Verdict::Retry(schedule)] if all_speak => Choice::Backoff {
            schedule: schedule.clone(),
            asks,
        },
        _ if status.is_no_failure() && verdicts.iter().all(says_never) => Choice::Never,
        [Verdict::Never] if all_speak && !asks => Choice::Never,
        [Verdict::Nothing] => Choice::RetryAfter {
            is_assumed: !all_speak,
        },
        _ => Choice::Undecided,
    }
}

impl Decision {
    fn add_evidence(&mut self, status: Status, evidence: &Evidence) {
        let responses = evidence.responses;
        let voices: usize = evidence.voices.values().sum();
        let asking = evidence.retry_after.total();
        if asking > 0 && status.is_no_failure() {
            let of = share(asking, responses);
            self.note(format!(
                "`Retry-After` in {of} asks to poll, not to send the request again"
            ));
        } else if asking > 0 {
            let of = share(asking, responses);
            let said = evidence.retry_after.by_count();
            let said = said.first().filter(|said| !said.text.is_empty());
            let said = said.map_or_else(String::new, |said| format!(": \"{}\"", said.text));
            self.note(format!("evidence: `Retry-After` is declared by {of}{said}"));
        }
        for listed in evidence.listed.by_count() {
            let of = share(listed.count, voices);
            self.note(format!("evidence: {} of {of} lists it", listed.text));
        }
        if status.is_no_failure() && evidence.listed.total() == 0 {
            return;
        }
        for left_out in evidence.left_out.by_count() {
            let of = share(left_out.count, voices);
            self.note(format!("evidence: {} of {of} leaves it out", left_out.text));
        }
        let unclear = shown(
            &evidence.unclear.by_count(),
            "other extensions",
            |unclear| {
                let (text, pointer) = (&unclear.text, &unclear.pointer);
                format!("{text} (in {}, {pointer})", share(unclear.count, voices))
            },
        );
        for unclear in unclear {
            self.note(format!("evidence: {unclear}"));
        }
        if status == Status::Default {
            let of = share(responses, responses);
            let said = evidence.descriptions.by_count();
            let said = said
                .first()
                .map_or_else(String::new, |said| format!(": \"{}\"", said.text));
            self.note(format!("evidence: `default` in {of}{said}"));
        } else if self.comments.len() == 1 && self.retry == Choice::Undecided {
            self.note("evidence: none; the document does not say whether it is retried".to_owned());
        }
    }

    fn add_conflicts(&mut self, evidence: &Evidence) {
        let responses = evidence.responses;
        if let [first, others @ ..] = &evidence.descriptions.by_count()[..]
            && !others.is_empty()
        {
            let also = shown(others, "others", |other| {
                format!("\"{}\" ({})", other.text, other.pointer)
            });
            let (of, also) = (share(first.count, responses), also.join(", "));
            self.conflict(&format!("the description is that of {of}; also {also}"));
        }
        let mut partial = evidence.headers.by_count();
        partial.retain(|header| header.count < responses);
        if !partial.is_empty() {
            let headers = shown(&partial, "others", |header| {
                format!("{} in {}", header.text, share(header.count, responses))
            });
            self.conflict(&format!("headers: {}", headers.join(", ")));
        }
        if self.retry == Choice::Undecided {
            self.add_conflict_of_extensions(evidence);
        }
    }

    fn add_conflict_of_extensions(&mut self, evidence: &Evidence) {
        const KINDS: [&str; 4] = ["retried", "not retried", "not said", "both"];

        let mut counts = [0; KINDS.len()];
        let mut schedules = BTreeSet::new();
        for (voice, count) in &evidence.voices {
            if let Verdict::Retry(schedule) = &voice.extension {
                schedules.insert(schedule);
            }
            let kind = match (&voice.extension, voice.asks) {
                (Verdict::Retry(_), _) => 0,
                (Verdict::Never, false) => 1,
                (Verdict::Nothing, _) => 2,
                (Verdict::Never, true) | (Verdict::Mixed, _) => 3,
            };
            counts[kind] += count;
        }
        let [retried, refused, _, both] = counts;
        let total: usize = counts.iter().sum();
        // That nobody says anything, or all the same, is no conflict.
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
        self.conflict(&format!(
            "of {total} operations, by extensions: {said}{schedules}"
        ));
    }

    fn note(&mut self, comment: String) {
        self.comments.push(comment);
    }

    fn conflict(&mut self, what: &str) {
        self.conflicts += 1;
        self.comments.push(format!("conflict: {what}"));
    }
}

/// How many of a kind a comment shows.
const SHOWN: usize = 2;

/// Returns the first of them, and how many more there are.
fn shown(all: &[&Counted], what: &str, show: impl Fn(&Counted) -> String) -> Vec<String> {
    let first = all.iter().take(SHOWN);
    let mut shown: Vec<String> = first.map(|counted| show(counted)).collect();
    if let Some(more @ 1..) = all.len().checked_sub(SHOWN) {
        shown.push(format!("{more} {what}"));
    }
    shown
}

fn places(places: &Tally) -> String {
    let all = places.by_count();
    let first = all.first().map_or("", |first| first.pointer.as_str());
    match all.len() {
        0 | 1 => first.to_owned(),
        more => format!("{first} and {} more", more - 1),
    }
}

/// Returns as in `2 of 3 operations`.
pub(super) fn share(count: usize, total: usize) -> String {
    match (count, total) {
        (1, 1) => "1 operation".to_owned(),
        (count, total) => format!("{count} of {total} operations"),
    }
}

/// Returns the decision about codes without a row.
pub(super) fn decide_unlisted(collected: &Collected) -> Decision {
    if let Some(evidence) = collected.statuses.get(&Status::Default) {
        return decide(Status::Default, evidence);
    }
    let mut comments = vec!["evidence: none; no operation has `default`".to_owned()];
    let forms = collected
        .schedules
        .values()
        .flat_map(|schedules| &schedules.forms);
    if let Some(form) = forms.max_by_key(|form| form.count) {
        let (key, text, pointer) = (&form.key, &form.text, &form.pointer);
        comments[0] = format!("evidence: no operation has `default`; {key} at {pointer}: {text}");
    }
    Decision {
        retry: Choice::Undecided,
        comments,
        conflicts: 0,
    }
}

/// Returns the decisions about requests that were never sent, and about others without a response.
pub(super) fn decide_transport(collected: &Collected) -> (Decision, Choice) {
    let Connections {
        retried,
        refused,
        schedules,
    } = &collected.connections;
    let operations = collected.operations;
    let mut comments = Vec::new();
    for (tally, value) in [(retried, true), (refused, false)] {
        for said in tally.by_count() {
            let Counted {
                text,
                count,
                pointer,
            } = said;
            let of = share(*count, operations);
            comments.push(format!(
                "evidence: {text} of {of} says that connection errors are retried: {value} ({pointer})"
            ));
        }
    }
    if comments.is_empty() {
        comments.push(
            "evidence: none; the document says nothing of requests without a response".to_owned(),
        );
    }
    let [yes, no] = [retried, refused].map(Tally::total);
    let mut schedules = schedules.iter();
    let (connect, other) = match (schedules.next(), schedules.next()) {
        (Some(schedule), None) if yes == operations && no == 0 => {
            let schedule = schedule.clone();
            (
                Choice::Backoff {
                    schedule,
                    asks: false,
                },
                Choice::Undecided,
            )
        }
        _ if no == operations && yes == 0 => (Choice::Never, Choice::Never),
        _ => (Choice::Undecided, Choice::Undecided),
    };
    let mut decision = Decision {
        retry: connect,
        comments,
        conflicts: 0,
    };
    if yes > 0 && no > 0 {
        decision.conflict(&format!(
            "retried in {}, not in {}",
            share(yes, operations),
            share(no, operations)
        ));
    }
    (decision, other)
}
