//! What all operations say about each status, put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::import::extension::{Extension, Says, Waits};
use crate::import::idempotence::Idempotence;
use crate::import::operations::{Extensions, Found, Operation, Response};
use crate::import::status::Status;
use crate::import::tally::Tally;

/// What a table can be drafted from.
pub(super) struct Collected {
    pub(super) operations: Vec<Operation>,
    /// The codes of the table.
    pub(super) statuses: BTreeSet<Status>,
    pub(super) idempotence: Marks,
    /// The schedules, by name.
    pub(super) schedules: BTreeMap<String, Schedules>,
    /// The number of operations that have a schedule.
    pub(super) scheduled: usize,
}

/// What is said about one status.
#[derive(Default)]
pub(super) struct Evidence<'a> {
    /// The pointer to its first response, else to the first extension that names it.
    pub(super) pointer: &'a str,
    /// The number of its responses.
    pub(super) responses: usize,
    /// The descriptions of its responses.
    pub(super) descriptions: Tally<'a>,
    /// The names of its headers.
    pub(super) headers: Tally<'a>,
    pub(super) component: Option<&'a str>,
    /// What is said of its `Retry-After`.
    pub(super) retry_after: Tally<'a>,
    /// Whether an extension names it, or says in its response to retry.
    pub(super) is_named: bool,
    /// The extensions that list it, that leave it out, and that say neither.
    pub(super) listed: Tally<'a>,
    pub(super) left_out: Tally<'a>,
    pub(super) unclear: Tally<'a>,
    /// What each operation says, and how many say so.
    pub(super) voices: BTreeMap<Voice, usize>,
}

/// What one operation says about a status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Voice {
    pub(super) extension: Verdict,
    /// Whether the operation has a response for it.
    pub(super) has_response: bool,
    /// Whether the response has `Retry-After`.
    pub(super) asks: bool,
}

/// What the extensions of one operation say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Nothing,
    Never,
    /// To retry by the schedule of this name.
    Retry(String),
    /// Something that is not understood.
    Unclear,
    /// One says otherwise than another.
    Mixed,
}

/// What is said about requests without a response.
#[derive(Default)]
pub(super) struct Connections<'a> {
    /// The extensions that retry them, that do not, and that are not understood.
    pub(super) retried: Tally<'a>,
    pub(super) refused: Tally<'a>,
    pub(super) unclear: Tally<'a>,
    /// What each operation says, and how many say so.
    pub(super) voices: BTreeMap<Verdict, usize>,
}

/// The operations whose requests must not be sent twice without care.
#[derive(Default)]
pub(super) struct Marks {
    /// The number of those with POST or PATCH that have no mark.
    pub(super) unmarked: usize,
    /// The number of those that are marked as not idempotent, and the pointer to the first one.
    pub(super) refused: usize,
    pub(super) refused_pointer: String,
}

/// The forms of one schedule.
#[derive(Default)]
pub(super) struct Schedules {
    pub(super) forms: Vec<Form>,
    index: HashMap<Waits, usize>,
}

/// Equal numbers of several operations.
pub(super) struct Form {
    pub(super) waits: Waits,
    pub(super) operations: usize,
    /// The first extension that has them.
    pub(super) extension: Rc<Extension>,
    pub(super) pointer: Rc<str>,
}

/// Puts together what the operations say.
pub(super) fn collect(operations: Vec<Operation>) -> Collected {
    let mut statuses = BTreeSet::new();
    let mut lists: BTreeSet<*const Vec<Found>> = BTreeSet::new();
    let mut collected = Collected {
        operations: Vec::new(),
        statuses: BTreeSet::new(),
        idempotence: Marks::default(),
        schedules: BTreeMap::new(),
        scheduled: 0,
    };
    for operation in &operations {
        statuses.extend(operation.responses.keys());
        // Many operations may share one list.
        if lists.insert(Rc::as_ptr(&operation.extensions)) {
            let codes = operation.extensions.iter();
            statuses.extend(codes.flat_map(|found| found.extension.codes()));
        }
        collected.mark(operation);
        collected.schedule(operation);
    }
    statuses.remove(&Status::Default);
    Collected {
        operations,
        statuses,
        ..collected
    }
}

impl Collected {
    fn mark(&mut self, operation: &Operation) {
        match operation.idempotence {
            Idempotence::Yes => {}
            Idempotence::Unmarked => self.idempotence.unmarked += 1,
            Idempotence::No => {
                if self.idempotence.refused == 0 {
                    self.idempotence
                        .refused_pointer
                        .clone_from(&operation.pointer);
                }
                self.idempotence.refused += 1;
            }
        }
    }

    fn schedule(&mut self, operation: &Operation) {
        let mut counted = BTreeSet::new();
        for Found {
            extension, pointer, ..
        } in operation.all_extensions()
        {
            if !extension.has_schedule() {
                continue;
            }
            let schedules = self
                .schedules
                .entry(extension.schedule.clone())
                .or_default();
            let next = schedules.forms.len();
            let at = *schedules
                .index
                .entry(extension.waits.clone())
                .or_insert(next);
            if at == next {
                schedules.forms.push(Form {
                    waits: extension.waits.clone(),
                    operations: 0,
                    extension: Rc::clone(extension),
                    pointer: Rc::clone(pointer),
                });
            }
            if counted.insert((&extension.schedule, at)) {
                schedules.forms[at].operations += 1;
            }
        }
        self.scheduled += usize::from(!counted.is_empty());
    }

    /// Returns what all operations say about requests without a response.
    pub(super) fn connections(&self) -> Connections<'_> {
        let mut connections = Connections::default();
        for operation in &self.operations {
            let mut verdict = Verdict::Nothing;
            for found in operation.extensions.iter() {
                let (extension, pointer) = (&found.extension, &found.pointer);
                let says = extension.says_of_connections();
                match says {
                    Says::Retry => connections.retried.add(&extension.key, pointer, 1),
                    Says::Never => connections.refused.add(&extension.key, pointer, 1),
                    Says::Unclear => connections.unclear.add(&extension.quoted, pointer, 1),
                    Says::Nothing => {}
                }
                verdict = verdict.and(Verdict::of(says, extension));
            }
            *connections.voices.entry(verdict).or_default() += 1;
        }
        connections
    }

    /// Returns what all operations say about a status.
    pub(super) fn evidence(&self, status: Status) -> Evidence<'_> {
        let mut evidence = Evidence::default();
        // Many operations may have one list, which is looked into once.
        let mut others: Vec<(&Extensions, usize)> = Vec::new();
        let mut index: HashMap<*const Vec<Found>, usize> = HashMap::new();
        for operation in &self.operations {
            let extensions = operation.extensions_for(status);
            if let Some(response) = operation.responses.get(&status) {
                evidence.response(status, response);
                continue;
            }
            let at = *index.entry(Rc::as_ptr(extensions)).or_insert(others.len());
            if at == others.len() {
                others.push((extensions, 0));
            }
            others[at].1 += 1;
        }
        for (extensions, operations) in others {
            evidence.without_response(status, extensions, operations);
        }
        evidence
    }
}

impl<'a> Evidence<'a> {
    fn response(&mut self, status: Status, response: &'a Response) {
        if self.responses == 0 {
            self.pointer = &response.pointer;
        }
        self.responses += 1;
        if !response.description.is_empty() {
            self.descriptions
                .add(&response.description, &response.pointer, 1);
        }
        for header in &response.headers {
            self.headers.add(header, &response.pointer, 1);
        }
        if let Some(said) = &response.retry_after {
            self.retry_after.add(said, &response.pointer, 1);
        }
        if self.component.is_none() {
            self.component = response.component.as_deref();
        }
        let mut extension = Verdict::Nothing;
        for found in response.extensions.iter() {
            let says = if found.is_in_response {
                found.extension.says_in_response(status)
            } else {
                found.extension.says(status)
            };
            self.is_named |= says == Says::Retry;
            extension = extension.and(self.note(status, found, says, 1));
        }
        let voice = Voice {
            extension,
            has_response: true,
            asks: response.retry_after.is_some(),
        };
        *self.voices.entry(voice).or_default() += 1;
    }

    /// Records the extensions that hold for a status for which some operations have no response.
    fn without_response(&mut self, status: Status, extensions: &'a Extensions, operations: usize) {
        let mut extension = Verdict::Nothing;
        for found in extensions.iter() {
            let says = found.extension.says(status);
            extension = extension.and(self.note(status, found, says, operations));
        }
        let voice = Voice {
            extension,
            has_response: false,
            asks: false,
        };
        *self.voices.entry(voice).or_default() += operations;
    }

    /// Records what an extension says, and returns it as a verdict.
    fn note(&mut self, status: Status, found: &'a Found, says: Says, operations: usize) -> Verdict {
        let Found {
            extension, pointer, ..
        } = found;
        if status.is_in(extension.codes()) {
            self.is_named = true;
            if self.pointer.is_empty() {
                self.pointer = pointer;
            }
        }
        match says {
            Says::Retry => self.listed.add(&extension.key, pointer, operations),
            Says::Never => self.left_out.add(&extension.key, pointer, operations),
            Says::Unclear | Says::Nothing => {
                self.unclear.add(&extension.quoted, pointer, operations);
            }
        }
        Verdict::of(says, extension)
    }
}

impl Verdict {
    fn of(says: Says, extension: &Extension) -> Self {
        match says {
            Says::Retry => Self::Retry(extension.schedule.clone()),
            Says::Never => Self::Never,
            Says::Unclear => Self::Unclear,
            Says::Nothing => Self::Nothing,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, verdict) | (verdict, Self::Nothing) => verdict,
            (one, other) if one == other => one,
            (Self::Unclear, _) | (_, Self::Unclear) => Self::Unclear,
            _ => Self::Mixed,
        }
    }
}
