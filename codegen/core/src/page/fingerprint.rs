//! What is kept of a page beside its spec: a fingerprint of each row, and the waits that it names. No sentence of
//! the page is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::duration::{one_unit, parse};
use crate::model::Model;
use crate::page::Page;
use crate::page::codes::Key;
use crate::page::normal::Normal;
use crate::page::rows::Frame;
use crate::page::verify::Difference;

/// The key of the layout's version.
const VERSION_KEY: &str = "retrospec_page";
const VERSION: u64 = 1;

/// What is kept of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprints {
    pub(super) rows: BTreeMap<Key, Fingerprint>,
    /// `None` if the page's form does not tell it.
    pub(super) frame: Option<Frame>,
    /// The documented waits that were found.
    pub(super) waits: BTreeSet<Duration>,
    /// Those in a column beside them.
    pub(super) further: BTreeSet<Duration>,
}

/// Stands for a row's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    words: u64,
    formulas: Option<u64>,
}

impl Fingerprint {
    pub(super) const EMPTY: Self = Self {
        words: FNV_1A,
        formulas: None,
    };

    pub(super) fn of(text: &Normal) -> Self {
        Self::EMPTY.then(text)
    }

    /// Returns the fingerprint of its text followed by `next`.
    pub(super) fn then(self, next: &Normal) -> Self {
        let formulas = || fnv_1a(self.formulas.unwrap_or(FNV_1A), &next.formulas);
        Self {
            words: fnv_1a(self.words, &next.words),
            formulas: if next.formulas.is_empty() {
                self.formulas
            } else {
                Some(formulas())
            },
        }
    }

    /// Returns whether two texts say the same. A formula that only one of them has is not compared.
    pub(super) fn is_same(self, other: Self) -> bool {
        let formulas = self.formulas.zip(other.formulas);
        self.words == other.words && formulas.is_none_or(|(ours, theirs)| ours == theirs)
    }

    fn text(self) -> String {
        match self.formulas {
            None => format!("{:016x}", self.words),
            Some(formulas) => format!("{:016x}+{formulas:016x}", self.words),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| u64::from_str_radix(text, 16).ok();
        let fingerprint = match text.split_once('+') {
            None => Self {
                words: number(text)?,
                formulas: None,
            },
            Some((words, formulas)) => Self {
                words: number(words)?,
                formulas: Some(number(formulas)?),
            },
        };
        (fingerprint.text() == text).then_some(fingerprint)
    }
}

/// The hash of nothing.
const FNV_1A: u64 = 0xcbf2_9ce4_8422_2325;

/// Returns the 64-bit hash FNV-1a of text that follows what has the hash `before`. It is the same on every machine and
/// in every release.
fn fnv_1a(before: u64, text: &str) -> u64 {
    text.bytes().fold(before, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Fingerprints {
    /// Returns what is to be kept of a page.
    #[must_use]
    pub fn of(page: &Page, model: &Model) -> Self {
        let rows = page.rows.iter();
        let rows = rows.map(|row| (row.key, row.text));
        let waits = model.schedules.iter().flat_map(|schedule| {
            let found = page.waits.find(&schedule.documented);
            let waits = schedule.documented.iter().zip(found);
            waits.filter_map(|(wait, is_found)| is_found.then_some(*wait))
        });
        Self {
            rows: rows.collect(),
            frame: page.frame,
            waits: waits.collect(),
            further: page
                .waits
                .further(&model.schedules)
                .map(|(_, wait)| wait)
                .collect(),
        }
    }

    /// Keeps what is known of rows and waits that are missing, so that they stay missed.
    pub fn keep(&mut self, known: &Self, found: &[Difference]) {
        let missing = || found.iter().filter(|found| !found.ends_with_update());
        for (key, row) in
            missing().filter_map(|found| found.row().and_then(|key| known.rows.get_key_value(&key)))
        {
            self.rows.entry(*key).or_insert(*row);
        }
        let waits = missing().filter_map(Difference::wait);
        self.waits
            .extend(waits.filter(|wait| known.waits.contains(wait)));
    }

    /// Returns them as a file holds them.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows = self.rows.iter();
        let rows: Map<String, Value> = rows
            .map(|(key, row)| (key.to_string(), row.text().into()))
            .collect();
        let waits = |waits: &BTreeSet<Duration>| -> Vec<String> {
            waits.iter().map(|wait| one_unit(*wait)).collect()
        };
        let mut file = json!({ VERSION_KEY: VERSION, "rows": rows, "waits": waits(&self.waits) });
        if let Some(frame) = self.frame {
            file["header"] = frame.header.text().into();
            file["rows_without_code"] = frame.others.text().into();
        }
        if !self.further.is_empty() {
            file["further_waits"] = waits(&self.further).into();
        }
        format!("{file:#}\n")
    }

    /// Reads a file of fingerprints.
    ///
    /// # Errors
    ///
    /// What the file is instead, as in `found invalid JSON`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| {
            format!("expected fingerprints of a page, found invalid JSON: {error}")
        })?;
        let none = || "expected fingerprints of a page, found other JSON".to_owned();
        let version = file.get(VERSION_KEY).ok_or_else(none)?;
        if *version != VERSION {
            return Err(format!(
                "expected fingerprints of version {VERSION}, found {version}"
            ));
        }
        let rows = file
            .get("rows")
            .and_then(Value::as_object)
            .ok_or_else(none)?;
        let rows = rows.iter().map(|(key, row)| {
            let read = row.as_str().and_then(Fingerprint::parse);
            Key::parse(key)
                .zip(read)
                .ok_or_else(|| format!("expected a code and its fingerprint, found `{key}`: {row}"))
        });
        let waits = |waits: &Value| -> Result<BTreeSet<Duration>, String> {
            let waits = waits.as_array().ok_or_else(none)?.iter();
            let waits = waits.map(|wait| {
                let read = wait.as_str().and_then(|wait| parse(wait).ok());
                read.ok_or_else(|| format!("expected a wait, found {wait}"))
            });
            waits.collect()
        };
        let part = |key: &str| {
            let read = |value: &Value| value.as_str().and_then(Fingerprint::parse);
            let value = file.get(key);
            let part = value.map(|value| {
                read(value).ok_or_else(|| format!("expected a fingerprint, found `{key}`: {value}"))
            });
            part.transpose()
        };
        let frame = part("header")?.zip(part("rows_without_code")?);
        Ok(Self {
            rows: rows.collect::<Result<_, _>>()?,
            frame: frame.map(|(header, others)| Frame { header, others }),
            waits: waits(file.get("waits").ok_or_else(none)?)?,
            further: file
                .get("further_waits")
                .map(waits)
                .transpose()?
                .unwrap_or_default(),
        })
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Returns the number of waits.
    #[must_use]
    pub fn waits(&self) -> usize {
        self.waits.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of the algorithm's authors.
    #[test]
    fn the_hash_is_fnv_1a() {
        for (text, hash) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(fnv_1a(FNV_1A, text), hash);
        }
    }

    #[test]
    fn a_fingerprint_is_written_one_way() {
        for text in ["0123456789abcdef", "0123456789abcdef+00000000000000ff"] {
            assert_eq!(
                Fingerprint::parse(text).map(Fingerprint::text).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "123",
            "0123456789ABCDEF",
            "+0123456789abcde",
            "0123456789abcdef+",
        ] {
            assert_eq!(Fingerprint::parse(text), None, "{text}");
        }
    }
}
