//! What a change of a table means to a client of the crate generated from it.

use std::cmp::Reverse;
use std::fmt;

use crate::duration::human;
use crate::model::{Behavior, Class, ClassRow, Model, Row, Schedule, WaitHeader};

/// How much a client notices, from nothing to code that stops compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Names, descriptions, documentation.
    Text,
    /// The crate decides otherwise, or offers more.
    Behavior,
    /// Code that uses the crate may stop compiling.
    Breaking,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How much a client notices.
    pub impact: Impact,
    /// Where: a row, a schedule, or a key.
    pub place: String,
    /// What changed, and what follows from it.
    pub change: String,
}

/// Returns every change from one table to the next, those that clients notice most first.
#[must_use]
pub fn diff(old: &Model, new: &Model) -> Vec<Difference> {
    let mut diff = Diff {
        old,
        new,
        found: Vec::new(),
    };
    diff.keys();
    diff.rows();
    diff.classes();
    diff.schedules();
    diff.found
        .sort_by_key(|difference| Reverse(difference.impact));
    diff.found
}

struct Diff<'a> {
    old: &'a Model,
    new: &'a Model,
    found: Vec<Difference>,
}

impl Diff<'_> {
    fn keys(&mut self) {
        let (old, new) = (self.old, self.new);
        self.crate_name();
        self.text("api", "the name in messages", &old.api, &new.api);
        if old.license != new.license {
            let show = |license: &Option<String>| match license {
                Some(license) => format!("`{license}`"),
                None => "none".to_owned(),
            };
            let change = format!("{} is now {}", show(&old.license), show(&new.license));
            self.push(Impact::Text, "license", change);
        }
        self.sources();
        self.max_retries();
        if old.max_elapsed != new.max_elapsed {
            let show = |model: &Model| match model.max_elapsed {
                Some(elapsed) => human(elapsed),
                None => "no limit".to_owned(),
            };
            let change = format!("{} is now {}", show(old), show(new));
            self.push(Impact::Behavior, "max_elapsed", change);
        }
        self.behavior("unlisted", &old.unlisted, &new.unlisted);
        if old.connect == old.transport && new.connect == new.transport {
            self.behavior("transport", &old.transport, &new.transport);
        } else {
            self.behavior("transport.connect", &old.connect, &new.connect);
            self.behavior("transport.other", &old.transport, &new.transport);
        }
        self.headers();
        if old.assumed != new.assumed || old.all_assumed() != new.all_assumed() {
            self.push(Impact::Text, "assumed", "the assumptions are others");
        }
    }

    fn sources(&mut self) {
        let (old, new) = (&self.old.sources, &self.new.sources);
        let place = |n: usize| match old.len().max(new.len()) {
            1 => "source".to_owned(),
            _ => format!("source {n}"),
        };
        for (n, (was, is)) in (1..).zip(old.iter().zip(new)) {
            self.text(&place(n), "title", &was.title, &is.title);
            self.text(&place(n), "url", &was.url, &is.url);
            self.text(&place(n), "read", &was.read, &is.read);
        }
        for (n, source) in (1..).zip(old).skip(new.len()) {
            let change = format!("`{}` is gone", source.title);
            self.push(Impact::Text, place(n), change);
        }
        for (n, source) in (1..).zip(new).skip(old.len()) {
            let change = format!("`{}` is new", source.title);
            self.push(Impact::Text, place(n), change);
        }
    }

    /// What a response says beside its status.
    fn headers(&mut self) {
        let (old, new) = (self.old, self.new);
        let headers = |model: &Model| {
            let headers: Vec<String> = model
                .wait_headers
                .iter()
                .map(WaitHeader::to_string)
                .collect();
            format!("`{}`", headers.join(", else "))
        };
        self.changed("retry_after", &headers(old), &headers(new));
        let longest = |model: &Model| match model.max_retry_after {
            Some(longest) => human(longest),
            None => "1 d".to_owned(),
        };
        self.changed("max_retry_after", &longest(old), &longest(new));
        let jitter = |model: &Model| format!("{}%", model.retry_after_jitter.unwrap_or(0));
        self.changed("retry_after_jitter", &jitter(old), &jitter(new));
        let should_retry = |model: &Model| match &model.should_retry {
            Some(should_retry) => format!("`{should_retry}`"),
            None => "no header".to_owned(),
        };
        self.changed("should_retry", &should_retry(old), &should_retry(new));
    }

    fn changed(&mut self, place: &str, old: &str, new: &str) {
        if old != new {
            self.push(Impact::Behavior, place, format!("{old} is now {new}"));
        }
    }

    fn errors(&mut self, place: &str, old: &[(String, Behavior)], new: &[(String, Behavior)]) {
        let find = |errors: &[(String, Behavior)], code: &str| {
            let found = errors.iter().find(|(known, _)| known == code);
            found.map(|(_, retry)| retry.to_string())
        };
        let mut codes: Vec<&String> = old.iter().chain(new).map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            let change = match (find(old, code), find(new, code)) {
                (Some(was), Some(is)) if was == is => continue,
                (Some(was), Some(is)) => format!("the error `{code}`: {was} is now {is}"),
                (Some(was), None) => {
                    format!("the error `{code}` has no decision of its own, which was {was}")
                }
                (None, Some(is)) => format!("the error `{code}` is now {is}"),
                (None, None) => continue,
            };
            self.push(Impact::Behavior, place, change);
        }
    }

    fn crate_name(&mut self) {
        let (impact, change) = match (&self.old.crate_name, &self.new.crate_name) {
            (Some(old), Some(new)) if old != new => (
                Impact::Breaking,
                format!("`{old}` is now `{new}`: another crate"),
            ),
            (Some(old), None) => (Impact::Breaking, format!("`{old}` is no longer generated")),
            (None, Some(new)) => (Impact::Text, format!("`{new}` is generated")),
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.push(impact, "crate", change);
    }

    fn max_retries(&mut self) {
        let (impact, change) = match (self.old.max_retries, self.new.max_retries) {
            (Some(old), Some(new)) if old != new => {
                (Impact::Behavior, format!("{old} retries are now {new}"))
            }
            (Some(old), None) => (
                Impact::Breaking,
                format!("{old} retries are now without limit: `MAX_RETRIES` is gone"),
            ),
            (None, Some(new)) => (
                Impact::Behavior,
                format!("retries without limit are now {new}"),
            ),
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.push(impact, "max_retries", change);
    }

    fn rows(&mut self) {
        let (old, new) = (self.old, self.new);
        let decision = |code: u16| match (old.decision(code), new.decision(code)) {
            (was, is) if was == is => String::new(),
            (was, is) => format!("; {code}, which was {was}, is now {is}"),
        };
        for row in &old.rows {
            if let Some(now) = new.row(row.code) {
                self.row(row, now);
            } else {
                let (variant, decision) = (&row.variant, decision(row.code));
                let change = format!("the row is gone, and `Status::{variant}` with it{decision}");
                self.push(Impact::Breaking, place(row), change);
                self.errors(&place(row), &row.errors, new.errors(row.code));
            }
        }
        for row in new.rows.iter().filter(|row| old.row(row.code).is_none()) {
            let (variant, decision) = (&row.variant, decision(row.code));
            let change =
                format!("a new row: a `match` on `Status` needs `Status::{variant}`{decision}");
            self.push(Impact::Breaking, place(row), change);
            self.errors(&place(row), old.errors(row.code), &row.errors);
        }
    }

    fn row(&mut self, old: &Row, new: &Row) {
        let place = place(old);
        if old.variant != new.variant {
            let change = format!("`Status::{}` is now `Status::{}`", old.variant, new.variant);
            self.push(Impact::Breaking, &place, change);
        }
        self.text(&place, "name", &old.name, &new.name);
        self.text(&place, "description", &old.description, &new.description);
        self.errors(&place, &old.errors, &new.errors);
        if old.retry.action.schedule().is_some() && new.retry.action.schedule().is_none() {
            let change = format!(
                "the decision: {} is now {}; `Status::backoff_of::<{}>()` stops compiling",
                old.retry, new.retry, old.code
            );
            self.push(Impact::Breaking, place, change);
        } else {
            self.behavior(&place, &old.retry, &new.retry);
        }
    }

    fn classes(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut classes: Vec<Class> = old
            .classes
            .iter()
            .chain(&new.classes)
            .map(|row| row.class)
            .collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            self.class(class, old.class(class), new.class(class));
        }
    }

    fn class(&mut self, class: Class, old: Option<&ClassRow>, new: Option<&ClassRow>) {
        let place = class.to_string();
        let (was, is) = (&self.old.unlisted, &self.new.unlisted);
        let (impact, change) = match (old, new) {
            (Some(old), Some(new)) => {
                self.text(&place, "name", &old.name, &new.name);
                self.text(&place, "description", &old.description, &new.description);
                self.errors(&place, &old.errors, &new.errors);
                self.behavior(&place, &old.retry, &new.retry);
                return;
            }
            (Some(old), None) if old.retry == *is => (
                Impact::Text,
                "the row is gone, and `unlisted` says the same".to_owned(),
            ),
            (Some(old), None) => (
                Impact::Behavior,
                format!("the row is gone: {} is now as `unlisted`, {is}", old.retry),
            ),
            (None, Some(new)) if new.retry == *was => (
                Impact::Text,
                "a new row that says what `unlisted` said".to_owned(),
            ),
            (None, Some(new)) => (
                Impact::Behavior,
                format!(
                    "a new row: what was as `unlisted`, {was}, is now {}",
                    new.retry
                ),
            ),
            (None, None) => return,
        };
        let of = |row: Option<&ClassRow>| row.map_or_else(Vec::new, |row| row.errors.clone());
        self.errors(&place, &of(old), &of(new));
        self.push(impact, place, change);
    }

    fn schedules(&mut self) {
        let (old, new) = (self.old, self.new);
        for schedule in &old.schedules {
            if let Some(now) = new.schedule(&schedule.name) {
                self.schedule(schedule, now);
            } else {
                let constant = schedule.name.to_uppercase();
                let change = format!("the schedule is gone, and `{constant}` with it");
                self.push(Impact::Breaking, schedule_place(schedule), change);
            }
        }
        for schedule in &new.schedules {
            if old.schedule(&schedule.name).is_none() {
                self.push(Impact::Behavior, schedule_place(schedule), "a new schedule");
            }
        }
    }

    fn schedule(&mut self, old: &Schedule, new: &Schedule) {
        let place = schedule_place(old);
        for (n, (was, now)) in (1..).zip(old.waits.iter().zip(&new.waits)) {
            if was != now {
                let change = format!("wait {n}: {} is now {}", human(*was), human(*now));
                self.push(Impact::Behavior, &place, change);
            }
        }
        if old.waits.len() != new.waits.len() {
            let change = format!(
                "{} waits are now {}: `{}_WAITS` is of another type",
                old.waits.len(),
                new.waits.len(),
                old.name.to_uppercase()
            );
            self.push(Impact::Breaking, &place, change);
        }
        if old.repeat_last != new.repeat_last {
            let change = if new.repeat_last {
                "the last wait now goes on"
            } else {
                "the last wait no longer goes on"
            };
            self.push(Impact::Behavior, &place, change);
        }
        if old.jitter != new.jitter {
            let change = format!("jitter: {} is now {}", old.jitter, new.jitter);
            self.push(Impact::Behavior, &place, change);
        }
        let is_other = (&old.kind, old.max_retries) != (&new.kind, new.max_retries);
        if is_other && old.waits == new.waits && old.repeat_last == new.repeat_last {
            let change = "the same waits are given in another way";
            self.push(Impact::Text, place, change);
        }
    }

    fn text(&mut self, place: &str, what: &str, old: &str, new: &str) {
        if old != new {
            let change = format!("{what}: `{old}` is now `{new}`");
            self.push(Impact::Text, place, change);
        }
    }

    fn behavior(&mut self, place: &str, old: &Behavior, new: &Behavior) {
        if old != new {
            let change = format!("the decision: {old} is now {new}");
            self.push(Impact::Behavior, place, change);
        }
    }

    fn push(&mut self, impact: Impact, place: impl Into<String>, change: impl Into<String>) {
        self.found.push(Difference {
            impact,
            place: place.into(),
            change: change.into(),
        });
    }
}

fn place(row: &Row) -> String {
    format!("{} {}", row.code, row.name)
}

fn schedule_place(schedule: &Schedule) -> String {
    format!("backoff.{}", schedule.name)
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text => "text",
            Self::Behavior => "behavior",
            Self::Breaking => "breaking",
        })
    }
}

/// One line, whose columns fit those of other differences.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            impact,
            place,
            change,
        } = self;
        write!(f, "{impact:8}  {place}: {change}")
    }
}
