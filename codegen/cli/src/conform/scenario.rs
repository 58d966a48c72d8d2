//! What a client goes through: each scenario is derived from the table.

use std::iter::once;
use std::time::Duration;

use retrospec::{Outcome, Policy};
use retrospec_codegen::internal::model::{self, Action, Class, Model, WaitForm, WaitHeader};
use retrospec_codegen::internal::terminal::{Failure, say};
use retrospec_conformance::{Question, Reply, TimeForm};

use crate::engine::{self, Nothing};
use crate::response::Response;
use crate::row::{CONNECT, Row, TRANSPORT, find};

/// A name, and what each attempt is answered with.
pub(super) struct Scenario {
    /// Its place in the report.
    pub(super) index: usize,
    pub(super) name: String,
    /// The last one is repeated.
    pub(super) replies: Vec<Reply>,
}

/// Returns the scenarios of a table in the order of its rows, or of the rows in `only`.
pub(super) fn all(model: &Model, only: &[String]) -> Result<Vec<Scenario>, Failure> {
    let mut derived = Derived {
        model,
        success: success(model),
        scenarios: Vec::new(),
    };
    for subject in subjects(model, only)? {
        match subject {
            Subject::Status(code, asked) => derived.status(code, &asked)?,
            Subject::Transport => derived.transport(),
        }
    }
    Ok(derived.scenarios)
}

/// What a client is confronted with.
#[derive(Clone, PartialEq, Eq)]
enum Subject {
    /// A code, and how it is called.
    Status(u16, String),
    Transport,
}

fn subjects(model: &Model, only: &[String]) -> Result<Vec<Subject>, Failure> {
    if only.is_empty() {
        let rows = model.rows.iter().map(|row| row.code.to_string());
        let classes = model.classes.iter().map(|row| row.class.to_string());
        let asked = rows.chain(classes);
        let mut subjects: Vec<Subject> = asked.filter_map(|asked| listed(model, &asked)).collect();
        subjects.extend(
            [4, 5]
                .into_iter()
                .filter_map(|class| unlisted(model, class)),
        );
        subjects.push(Subject::Transport);
        return Ok(subjects);
    }
    let mut subjects = Vec::new();
    for asked in only.iter().map(|asked| asked.trim()) {
        match asked {
            TRANSPORT => subjects.push(Subject::Transport),
            CONNECT => {
                let message = "no server sees a request that was never sent: leave `connect` out";
                return Err(message.into());
            }
            _ => {
                // What is no code is refused here.
                let row = find(model, asked, &Response::received(&[], true))?;
                subjects.extend(of_rows(model, &row.asked));
            }
        }
    }
    if subjects.is_empty() {
        return Err("--only names nothing that a server can answer with".into());
    }
    let mut known = Vec::new();
    subjects.retain(|subject| {
        let is_new = !known.contains(subject);
        known.push(subject.clone());
        is_new
    });
    Ok(subjects)
}

/// Returns a code, or the rows of a class and a code without one.
fn of_rows(model: &Model, asked: &str) -> Vec<Subject> {
    let of_class = |row: &&model::Row| Class::of(row.code).to_string() == asked;
    let rows = model.rows.iter().filter(of_class);
    let rows = rows.filter_map(|row| listed(model, &row.code.to_string()));
    rows.chain(listed(model, asked)).collect()
}

/// Returns a code, or one of a class, unless it is an interim response: those end no request.
fn listed(model: &Model, asked: &str) -> Option<Subject> {
    let class = asked
        .strip_suffix("XX")
        .and_then(|digit| digit.parse().ok());
    let code = match class {
        Some(class) => of_class(model, class)?,
        None => asked.parse().ok()?,
    };
    if code < 200 {
        say(&format!("note: {asked} is left out: it ends no request\n"));
        return None;
    }
    let name = match class {
        Some(class) if model.class(Class(class)).is_some() => format!("{code} ({asked})"),
        Some(_) => without_row(code),
        None => asked.to_owned(),
    };
    Some(Subject::Status(code, name))
}

/// Returns a code of a class without a row of its own, one to which nobody gave a meaning if possible.
fn of_class(model: &Model, class: u16) -> Option<u16> {
    let (first, last) = (class * 100, class * 100 + 99);
    let mut codes = (first + 90..=last).chain(first..first + 90);
    codes.find(|code| model.row(*code).is_none())
}

/// Returns a code of a class that no row covers, one that servers do send.
fn unlisted(model: &Model, class: u16) -> Option<Subject> {
    const SENT: [u16; 15] = [
        200, 404, 408, 410, 422, 400, 409, 418, 500, 502, 503, 504, 501, 505, 520,
    ];
    let is_free = |code: &u16| {
        let of = Class::of(*code);
        of == Class(class) && model.row(*code).is_none() && model.class(of).is_none()
    };
    let code = SENT.into_iter().find(is_free)?;
    Some(Subject::Status(code, without_row(code)))
}

fn without_row(code: u16) -> String {
    format!("{code} (no row)")
}

/// Returns what a request succeeds with: a code that is not retried and has a body, so that it can be cut.
fn success(model: &Model) -> u16 {
    let rows = model.rows.iter().map(|row| row.code);
    let is_success = |code: &u16| {
        let is_final = model.decision(*code).action == Action::Never;
        (200..300).contains(code) && !matches!(code, 204 | 205) && is_final
    };
    rows.chain(200..300).find(is_success).unwrap_or(200)
}

struct Derived<'a> {
    model: &'a Model,
    success: u16,
    scenarios: Vec<Scenario>,
}

impl Derived<'_> {
    fn push(&mut self, name: String, replies: Vec<Reply>) {
        self.scenarios.push(Scenario {
            index: self.scenarios.len(),
            name,
            replies,
        });
    }

    fn forever(&mut self, name: &str, reply: Reply) {
        self.push(format!("{name}, forever"), vec![reply]);
    }

    fn then_success(&mut self, name: &str, reply: Reply) {
        let success = self.success;
        self.push(
            format!("{name}, then {success}"),
            vec![reply, answer(success)],
        );
    }

    fn status(&mut self, code: u16, name: &str) -> Result<(), Failure> {
        let row = find(
            self.model,
            &code.to_string(),
            &Response::received(&[], true),
        )?;
        let action = &row.behavior.action;
        self.forever(name, answer(code));
        if action.schedule().is_some() {
            self.then_success(name, answer(code));
        }
        let wait = telling_wait(self.model, &row);
        for header in &self.model.wait_headers {
            let reply = with_conditions(answer(code), header);
            let named = |value: &str| format!("{name}, {}: {value}", header.name);
            if !action.asks_server() {
                let mut values = values(header, wait, &reply);
                let (value, reply) = values.swap_remove(0);
                self.then_success(&named(&value), reply);
                continue;
            }
            if let Some(value) = in_units(header, Duration::from_secs(1)) {
                let reply = reply.clone().header(&header.name, value.clone());
                self.forever(&named(&value), reply);
            }
            if !header.only_if.is_empty() {
                // The header does not count without its conditions.
                let (value, reply) = values(header, wait, &answer(code)).swap_remove(0);
                self.then_success(&format!("{} alone", named(&value)), reply);
            }
            for (value, reply) in values(header, wait, &reply) {
                self.then_success(&named(&value), reply);
            }
        }
        if let [first, others @ ..] = &self.model.wait_headers[..]
            && !others.is_empty()
            && action.asks_server()
        {
            self.all_headers(name, answer(code), first, others, wait);
        }
        if let Some(header) = &self.model.should_retry
            && code >= 400
        {
            for (value, _) in &header.cases {
                let reply = answer(code).header(&header.header, value.as_str());
                self.forever(&format!("{name}, {}: {value}", header.header), reply);
            }
        }
        Ok(())
    }

    /// All headers at once. The first asks for the longest wait, so that a client which goes by another is early.
    fn all_headers(
        &mut self,
        name: &str,
        reply: Reply,
        first: &WaitHeader,
        others: &[WaitHeader],
        wait: Duration,
    ) {
        let mut reply = reply;
        let mut names = Vec::new();
        for (header, wait) in
            once((first, wait * 2)).chain(others.iter().map(|other| (other, wait)))
        {
            let (value, with) =
                values(header, wait, &with_conditions(reply, header)).swap_remove(0);
            names.push(format!("{}: {value}", header.name));
            reply = with;
        }
        self.then_success(&format!("{name}, {}", names.join(" and ")), reply);
    }

    fn transport(&mut self) {
        let success = answer(self.success);
        let head = success.head_len();
        self.then_success("reset before the response", Reply::reset_after_request());
        self.then_success(
            "reset within the head",
            success.clone().reset_within(head / 2),
        );
        self.then_success(
            "reset within the body",
            success.clone().reset_within(head + 1),
        );
        self.forever("reset after the response", success.reset_within(usize::MAX));
    }
}

/// A success has a body that clients can parse.
fn answer(code: u16) -> Reply {
    let reply = Reply::status(code);
    match code {
        204 | 205 => reply,
        200..300 => reply.header("Content-Type", "application/json").body("{}"),
        _ => reply,
    }
}

fn with_conditions(reply: Reply, header: &WaitHeader) -> Reply {
    let conditions = header.only_if.iter();
    conditions.fold(reply, |reply, (name, value)| {
        reply.header(name, value.as_str())
    })
}

/// Returns a wait in the units of a header, or `None` if the header gives a time.
fn in_units(header: &WaitHeader, wait: Duration) -> Option<String> {
    match header.form {
        WaitForm::RetryAfter | WaitForm::Seconds => Some(wait.as_secs().to_string()),
        WaitForm::Milliseconds => Some(wait.as_millis().to_string()),
        WaitForm::UnixSeconds => None,
    }
}

/// Returns the values that a header may have, how they are called, and the reply with each.
fn values(header: &WaitHeader, wait: Duration, reply: &Reply) -> Vec<(String, Reply)> {
    let with = |value: &str| reply.clone().header(&header.name, value);
    let time = |called: &str, form| {
        let reply = reply.clone().until(&header.name, form, wait);
        (called.to_owned(), reply)
    };
    let mut values = Vec::new();
    match (header.form, in_units(header, wait)) {
        (_, Some(value)) => {
            let half = format!("{value}.5");
            values.extend([(value.clone(), with(&value)), (half.clone(), with(&half))]);
            // The second is longer by so little that a client which goes by it is late, and not wrong.
            if let Some(second) = in_units(header, wait + Duration::from_secs(1)) {
                let two = with(&value).header(&header.name, second.as_str());
                values.push((format!("{value} and {second} on two lines"), two));
            }
        }
        (_, None) => values.push(time("a time", TimeForm::UnixSeconds)),
    }
    if header.form == WaitForm::RetryAfter {
        values.extend([
            time("a date", TimeForm::ImfFixdate),
            time("a date of RFC 850", TimeForm::Rfc850),
            time("a date of asctime", TimeForm::Asctime),
        ]);
    }
    for value in ["0", "-1", "100000000000000000000", "soon"] {
        values.push((value.to_owned(), with(value)));
    }
    values
}

/// Returns the shortest wait in seconds, from 2, that nobody takes for the first of the row's schedule.
fn telling_wait(model: &Model, row: &Row) -> Duration {
    let first = |random| {
        let question = Question {
            reply: &Reply::close(),
            status: None,
            retries: 0,
            elapsed: Duration::ZERO,
            unix_seconds: 0,
            random: Some(random),
            is_idempotent: true,
        };
        let policy: Policy<Nothing> = engine::policy(model, &row.behavior.action);
        question.ask(policy, Outcome::no_response()).ok()
    };
    let (Some(shortest), Some(longest)) = (first(0), first(u32::MAX)) else {
        return Duration::from_secs(2);
    };
    let is_telling = |wait: &Duration| *wait >= longest * 5 / 4 || shortest >= *wait * 2;
    let mut waits = (2..=60).map(Duration::from_secs);
    waits.find(is_telling).unwrap_or(Duration::from_secs(2))
}
