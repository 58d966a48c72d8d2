//! What all operations say about each status, put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::import::extension::{Extension, Says, Waits};
use crate::import::operations::{Found, Operation, Response};
use crate::import::status::Status;
use crate::import::tally::Tally;

/// What a table can be drafted from.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) operations: usize,
    pub(super) statuses: BTreeMap<Status, Evidence>,
    pub(super) connections: Connections,
    /// The schedules, by name.
    pub(super) schedules: BTreeMap<String, Schedules>,
    /// The pointers to responses under keys that are no status codes.
    pub(super) unknown: Vec<String>,
}

/// What is said about one status.
#[derive(Default)]
pub(super) struct Evidence {
    /// Where it stands.
    pub(super) places: Tally,
    /// The descriptions of its responses.
    pub(super) descriptions: Tally,
    /// The names of its headers.
    pub(super) headers: Tally,
    /// The number of its responses.
    pub(super) responses: usize,
    pub(super) component: Option<String>,
    /// What is said of its `Retry-After`.
    pub(super) retry_after: Tally,
    /// The extensions that list it, that leave it out, and that say neither.
    pub(super) listed: Tally,
    pub(super) left_out: Tally,
    pub(super) unclear: Tally,
    /// What each operation says, and how many say so.
    pub(super) voices: BTreeMap<Voice, usize>,
}

/// What one operation says about a status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Voice {
    pub(super) extension: Verdict,
    /// Whether the response has `Retry-After`.
    pub(super) asks: bool,
}

/// What the extensions of one operation say about a status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Nothing,
    Never,
    /// To retry by the schedule of this name.
    Retry(String),
    /// One says otherwise than another.
    Mixed,
}

/// What is said about requests without a response.
#[derive(Default)]
pub(super) struct Connections {
    /// The extensions that retry them, and those that do not.
    pub(super) retried: Tally,
    pub(super) refused: Tally,
    /// The names of the schedules by which they are retried.
    pub(super) schedules: BTreeSet<String>,
}

/// The forms of one schedule.
#[derive(Default)]
pub(super) struct Schedules {
    pub(super) forms: Vec<Form>,
}

/// Equal numbers of several operations.
pub(super) struct Form {
    pub(super) waits: Waits,
    pub(super) count: usize,
    /// The first extension that has them.
    pub(super) key: String,
    pub(super) text: String,
    pub(super) pointer: String,
}

/// Puts together what the operations say.
pub(super) fn collect(operations: &[Operation]) -> Collected {
    let mut collected = Collected {
        operations: operations.len(),
        ..Collected::default()
    };
    let statuses = operations.iter().flat_map(|operation| &operation.responses);
    let mut known: BTreeSet<Status> = statuses.map(|response| response.status).collect();
    let extensions = || {
        operations
            .iter()
            .flat_map(|operation| &operation.extensions)
    };
    known.extend(extensions().flat_map(|(extension, _)| extension.codes.iter().flatten()));
    // Many operations may share one.
    let mut listed: HashMap<*const Extension, Vec<Status>> = HashMap::new();
    for (extension, _) in extensions() {
        let lists = |status: &&Status| extension.says(**status) == Says::Retry;
        let statuses = || known.iter().filter(lists).copied().collect();
        listed.entry(Rc::as_ptr(extension)).or_insert_with(statuses);
    }
    for operation in operations {
        collected.unknown.extend(operation.unknown.iter().cloned());
        for response in &operation.responses {
            collected.response(response, operation);
        }
        let has = |status: Status| operation.responses.iter().any(|own| own.status == status);
        let statuses = |(extension, _): &Found| listed[&Rc::as_ptr(extension)].clone();
        let named: BTreeSet<Status> = operation.extensions.iter().flat_map(statuses).collect();
        for status in named.into_iter().filter(|status| !has(*status)) {
            collected.without_response(status, operation);
        }
        collected.extensions(operation);
    }
    collected
}

impl Collected {
    fn extensions(&mut self, operation: &Operation) {
        for (extension, pointer) in &operation.extensions {
            match extension.connection {
                Some(true) => {
                    self.connections.retried.add(&extension.key, pointer);
                    let name = extension.schedule.clone();
                    self.connections.schedules.insert(name);
                }
                Some(false) => self.connections.refused.add(&extension.key, pointer),
                None => {}
            }
        }
        let responses = operation.responses.iter();
        let of_responses = responses.flat_map(|response| &response.extensions);
        for found in operation.extensions.iter().chain(of_responses) {
            self.schedule(found);
        }
    }

    fn response(&mut self, response: &Response, operation: &Operation) {
        let evidence = self.statuses.entry(response.status).or_default();
        evidence.responses += 1;
        evidence.places.add(&response.pointer, &response.pointer);
        if !response.description.is_empty() {
            evidence
                .descriptions
                .add(&response.description, &response.pointer);
        }
        for header in &response.headers {
            evidence.headers.add(header, &response.pointer);
        }
        if let Some(said) = &response.retry_after {
            evidence.retry_after.add(said, &response.pointer);
        }
        if evidence.component.is_none() {
            evidence.component.clone_from(&response.component);
        }
        let mut extension = Verdict::Nothing;
        for found in &response.extensions {
            // It stands in the response, so it need not list the code.
            let (own, _) = found;
            let says = match own.says(response.status) {
                Says::Nothing if own.codes.is_none() && own.has_waits() => Says::Retry,
                says => says,
            };
            extension = extension.and(evidence.note(found, says));
        }
        for found in &operation.extensions {
            let says = found.0.says(response.status);
            extension = extension.and(evidence.note(found, says));
        }
        let asks = response.retry_after.is_some();
        *evidence
            .voices
            .entry(Voice { extension, asks })
            .or_default() += 1;
    }

    /// Records the extensions of an operation that list a status for which it has no response.
    fn without_response(&mut self, status: Status, operation: &Operation) {
        let evidence = self.statuses.entry(status).or_default();
        let mut extension = Verdict::Nothing;
        for found in &operation.extensions {
            if found.0.says(status) == Says::Retry {
                evidence.places.add(&found.1, &found.1);
                extension = extension.and(evidence.note(found, Says::Retry));
            }
        }
        let asks = false;
        let voice = Voice { extension, asks };
        *evidence.voices.entry(voice).or_default() += 1;
    }

    fn schedule(&mut self, (extension, pointer): &Found) {
        let is_about_retries = extension.codes.is_some()
            || extension.has_waits()
            || extension.connection == Some(true);
        if extension.is_off || !is_about_retries {
            return;
        }
        let forms = &mut self
            .schedules
            .entry(extension.schedule.clone())
            .or_default()
            .forms;
        match forms.iter_mut().find(|form| form.waits == extension.waits) {
            Some(form) => form.count += 1,
            None => forms.push(Form {
                waits: extension.waits.clone(),
                count: 1,
                key: extension.key.clone(),
                text: extension.text.clone(),
                pointer: pointer.to_string(),
            }),
        }
    }
}

impl Evidence {
    /// Records what an extension says, and returns it as a verdict.
    fn note(&mut self, (extension, pointer): &Found, says: Says) -> Verdict {
        match says {
            Says::Retry => {
                self.listed.add(&extension.key, pointer);
                Verdict::Retry(extension.schedule.clone())
            }
            Says::Never => {
                self.left_out.add(&extension.key, pointer);
                Verdict::Never
            }
            Says::Nothing => {
                let said = format!("{}: {}", extension.key, extension.text);
                self.unclear.add(&said, pointer);
                Verdict::Nothing
            }
        }
    }
}

impl Verdict {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, verdict) | (verdict, Self::Nothing) => verdict,
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
    }
}
