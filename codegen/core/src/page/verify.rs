//! A spec and a page, compared.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::duration::one_unit;
use crate::model::Model;
use crate::page::Page;
use crate::page::codes::Key;
use crate::page::fingerprint::Fingerprints;

/// Something that a spec and a page do not have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    place: String,
    what: What,
    ends_with_update: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The page has a row, and the spec none.
    Unlisted { is_class: bool },
    /// The page has a row that it did not have, and the spec has one for its class.
    New { class: Key },
    /// The spec and the page have a row whose text was not kept.
    NotKept,
    /// The spec has a row, and the page none.
    Gone { key: Key, was_there: bool },
    /// The row says something else than it did.
    Changed { now: String },
    /// What names the columns has changed.
    Header,
    /// What stands between the rows has changed.
    WithoutCode,
    /// The page does not name the wait.
    Wait { wait: Duration, was_there: bool },
    /// The column of the schedule has a wait that the spec does not have.
    FurtherWait { wait: Duration },
}

impl Difference {
    /// Returns whether new fingerprints end it, so that the spec may be right as it is.
    #[must_use]
    pub fn ends_with_update(&self) -> bool {
        self.ends_with_update
    }

    /// Returns the row that the page lacks.
    pub(super) fn row(&self) -> Option<Key> {
        match self.what {
            What::Gone { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Returns the wait that the page lacks.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self.what {
            What::Wait { wait, .. } => Some(wait),
            _ => None,
        }
    }
}

/// One line.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match &self.what {
            What::Unlisted { is_class: false } => f.write_str("no row has this code"),
            What::Unlisted { is_class: true } => f.write_str("no row is for this class"),
            What::New { class } => write!(f, "new on the page; the row {class} covers it"),
            What::NotKept => f.write_str("its text on the page has no fingerprint yet"),
            What::Gone { was_there, .. } => {
                let no_longer = no_longer(*was_there);
                write!(f, "{no_longer} on the page")
            }
            What::Changed { now } => {
                write!(f, "its text on the page has changed; it is now: {now}")
            }
            What::Header => f.write_str("its header has changed"),
            What::WithoutCode => f.write_str("a row without a code has changed"),
            What::Wait { wait, was_there } => {
                let (wait, no_longer) = (one_unit(*wait), no_longer(*was_there));
                write!(f, "the wait {wait} is {no_longer} on the page")
            }
            What::FurtherWait { wait } => {
                let wait = one_unit(*wait);
                write!(f, "the wait {wait} is on the page, and not in the spec")
            }
        }
    }
}

fn no_longer(was_there: bool) -> &'static str {
    if was_there { "no longer" } else { "not" }
}

/// Returns what to ask if a page differs that much from what was kept of it that it may be the wrong file.
#[must_use]
pub fn doubt(found: &[Difference], known: &Fingerprints) -> Option<&'static str> {
    // Two rows may well change at once.
    const FEW: usize = 3;

    let count = |is: fn(&What) -> bool| found.iter().filter(|found| is(&found.what)).count();
    let gone = count(|what| {
        matches!(
            what,
            What::Gone {
                was_there: true,
                ..
            }
        )
    });
    let changed = count(|what| matches!(what, What::Changed { .. }));
    let rows = known.rows();
    if gone >= FEW && gone * 2 >= rows {
        Some("half of the rows are gone: is the copy complete?")
    } else if changed >= FEW && changed + gone == rows {
        Some("every row has changed: is the copy in another language or layout?")
    } else {
        None
    }
}

/// Compares a spec with a page, and with what was kept of the page when it was read last.
///
/// If the spec has several sources, the page need not have all of its rows and waits: only what it had is missed.
#[must_use]
pub fn verify(model: &Model, page: &Page, known: Option<&Fingerprints>) -> Vec<Difference> {
    let comparison = Comparison { model, page, known };
    let mut found: Vec<Difference> = comparison
        .keys()
        .into_iter()
        .filter_map(|key| comparison.row(key))
        .collect();
    found.extend(comparison.frame());
    found.extend(comparison.waits());
    found.extend(comparison.further_waits());
    found
}

struct Comparison<'a> {
    model: &'a Model,
    page: &'a Page,
    known: Option<&'a Fingerprints>,
}

impl Comparison<'_> {
    /// Returns every code and class that the page has, had, or should have.
    fn keys(&self) -> BTreeSet<Key> {
        let model = self.model;
        let codes = model.rows.iter().map(|row| Key::Code(row.code));
        let classes = model.classes.iter().map(|row| Key::Class(row.class));
        let page = self.page.rows.iter().map(|row| row.key);
        let known = self
            .known
            .into_iter()
            .flat_map(|known| known.rows.keys().copied());
        codes.chain(classes).chain(page).chain(known).collect()
    }

    fn row(&self, key: Key) -> Option<Difference> {
        let known = self.known.and_then(|known| known.rows.get(&key));
        let is_listed = self.name(key).is_some();
        let Some(row) = self.page.row(key) else {
            let was_there = known.is_some();
            let is_missed = is_listed && !self.is_covered(key);
            return (was_there || (is_missed && self.has_one_source())).then(|| Difference {
                place: self.place(key),
                what: What::Gone { key, was_there },
                ends_with_update: !is_missed,
            });
        };
        let what = match (known, self.class_of(key)) {
            (_, None) if !is_listed => What::Unlisted {
                is_class: matches!(key, Key::Class(_)),
            },
            (Some(known), _) if row.is(*known) => return None,
            (Some(_), _) => What::Changed {
                now: row.shown.clone(),
            },
            (None, _) if self.known.is_none() => return None,
            (None, Some(class)) if !is_listed => What::New { class },
            (None, _) => What::NotKept,
        };
        Some(Difference {
            place: self.place(key),
            ends_with_update: !matches!(what, What::Unlisted { .. }),
            what,
        })
    }

    /// Returns what has changed of the tables beside their rows.
    fn frame(&self) -> Vec<Difference> {
        let known = self.known.and_then(|known| known.frame);
        let Some((known, frame)) = known.zip(self.page.frame) else {
            return Vec::new();
        };
        let changes = [
            (known.header != frame.header, What::Header),
            (known.others != frame.others, What::WithoutCode),
        ];
        let changes = changes.into_iter().filter(|(has_changed, _)| *has_changed);
        let changes = changes.map(|(_, what)| Difference {
            place: "table".to_owned(),
            what,
            ends_with_update: true,
        });
        changes.collect()
    }

    /// Returns the name of the spec's row, or `None` if it has none.
    fn name(&self, key: Key) -> Option<&str> {
        match key {
            Key::Code(code) => self.model.row(code).map(|row| &*row.name),
            Key::Class(class) => self.model.class(class).map(|row| &*row.name),
        }
    }

    /// Returns the class of a code if the spec has a row for it.
    fn class_of(&self, key: Key) -> Option<Key> {
        let class = key.class();
        let is_listed = matches!(key, Key::Code(_)) && self.model.class(class).is_some();
        is_listed.then_some(Key::Class(class))
    }

    /// Returns whether the page speaks of a row's codes elsewhere. It may do so in a sentence, or have a row for the class
    /// of a code, or rows for codes of a class.
    fn is_covered(&self, key: Key) -> bool {
        let class = Key::Class(key.class());
        self.page.mentioned.contains(&key)
            || match key {
                Key::Code(_) => self.page.row(class).is_some(),
                Key::Class(_) => {
                    let mut rows = self.page.rows.iter();
                    rows.any(|row| row.key.class() == key.class() && self.name(row.key).is_none())
                }
            }
    }

    fn has_one_source(&self) -> bool {
        self.model.sources.len() == 1
    }

    fn place(&self, key: Key) -> String {
        let on_page = || self.page.row(key).map(|row| row.name.as_str());
        let name = self.name(key).or_else(on_page).unwrap_or_default();
        format!("{key} {name}").trim_end().to_owned()
    }

    fn waits(&self) -> Vec<Difference> {
        let schedules = self.model.schedules.iter();
        let missing = schedules.flat_map(|schedule| {
            let found = self.page.waits.find(&schedule.documented);
            let waits = schedule.documented.iter().zip(found);
            waits.filter_map(|(wait, is_found)| {
                let was_there = self.known.is_some_and(|known| known.waits.contains(wait));
                let is_missing = !is_found && (was_there || self.has_one_source());
                is_missing.then(|| Difference {
                    place: format!("backoff.{}", schedule.name),
                    what: What::Wait {
                        wait: *wait,
                        was_there,
                    },
                    ends_with_update: false,
                })
            })
        });
        missing.collect()
    }

    fn further_waits(&self) -> Vec<Difference> {
        let waits = self.page.waits.further(&self.model.schedules);
        let is_known =
            |wait: &Duration| self.known.is_some_and(|known| known.further.contains(wait));
        let waits = waits.filter(|(_, wait)| !is_known(wait));
        let further = waits.map(|(schedule, wait)| Difference {
            place: format!("backoff.{schedule}"),
            what: What::FurtherWait { wait },
            ends_with_update: true,
        });
        further.collect()
    }
}
