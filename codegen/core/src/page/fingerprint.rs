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
use crate::page::rows::Row;

/// The key of the layout's version.
const VERSION_KEY: &str = "retrospec_page";
const VERSION: u64 = 1;

/// What is kept of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprints {
    pub(super) rows: BTreeMap<Key, Fingerprint>,
    /// The documented waits that were found.
    pub(super) waits: BTreeSet<Duration>,
}

/// Stands for a row's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    words: u64,
    formulas: Option<u64>,
}

impl Fingerprint {
    pub(super) fn of(text: &Normal) -> Self {
        let formulas = &text.formulas;
        Self {
            words: fnv_1a(&text.words),
            formulas: (!formulas.is_empty()).then(|| fnv_1a(formulas)),
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

impl Row {
    /// Returns whether a fingerprint is of this row.
    pub(super) fn is(&self, known: Fingerprint) -> bool {
        let mut texts = [&self.text].into_iter().chain(&self.otherwise);
        texts.any(|text| known.is_same(Fingerprint::of(text)))
    }
}

/// Returns the hash FNV-1a of 64 bits, which is the same on every machine and in every release.
fn fnv_1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Fingerprints {
    /// Returns what is to be kept of a page.
    #[must_use]
    pub fn of(page: &Page, model: &Model) -> Self {
        let rows = page.rows.iter();
        let rows = rows.map(|row| (row.key, Fingerprint::of(&row.text)));
        let waits = model.schedules.iter().flat_map(|schedule| {
            let found = page.waits.find(&schedule.documented);
            let waits = schedule.documented.iter().zip(found);
            waits.filter_map(|(wait, is_found)| is_found.then_some(*wait))
        });
        Self {
            rows: rows.collect(),
            waits: waits.collect(),
        }
    }

    /// Returns them as a file holds them.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows = self.rows.iter();
        let rows: Map<String, Value> = rows
            .map(|(key, row)| (key.to_string(), row.text().into()))
            .collect();
        let waits: Vec<String> = self.waits.iter().map(|wait| one_unit(*wait)).collect();
        let file = json!({ VERSION_KEY: VERSION, "rows": rows, "waits": waits });
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
        let waits = file
            .get("waits")
            .and_then(Value::as_array)
            .ok_or_else(none)?;
        let waits = waits.iter().map(|wait| {
            let read = wait.as_str().and_then(|wait| parse(wait).ok());
            read.ok_or_else(|| format!("expected a wait, found {wait}"))
        });
        Ok(Self {
            rows: rows.collect::<Result<_, _>>()?,
            waits: waits.collect::<Result<_, _>>()?,
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
            assert_eq!(fnv_1a(text), hash);
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
