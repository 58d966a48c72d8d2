//! The one judge, of peers and of ours.

use std::ops::AddAssign;
use std::time::Duration;

use crate::scenario::{Documented, YEAR};

const TOLERANCE: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The first attempt, or one after the documented wait.
    Right,
    /// Sent again sooner than documented.
    Cut,
    /// Sent again later than documented.
    Invented,
    /// Sent again although the page has no further attempt.
    Forbidden,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// One for each attempt that arrived.
    pub(crate) marks: Vec<Mark>,
    /// How many documented attempts never arrived.
    pub(crate) missing: usize,
}

impl Verdict {
    pub(crate) fn is_right(&self) -> bool {
        self.missing == 0 && self.marks.iter().all(|mark| *mark == Mark::Right)
    }

    pub(crate) fn count(&self, mark: Mark) -> usize {
        self.marks.iter().filter(|other| **other == mark).count()
    }
}

/// Waits count from the attempt before, so that one wrong wait does not make the next ones wrong.
pub(crate) fn judge(documented: &Documented, attempts: &[Duration]) -> Verdict {
    let retries = attempts.windows(2).enumerate().map(|(n, pair)| {
        let waited = pair[1].saturating_sub(pair[0]);
        match documented.waits.get(n) {
            None => Mark::Forbidden,
            Some(wait) if waited.min(YEAR).abs_diff(*wait.min(&YEAR)) <= TOLERANCE => Mark::Right,
            Some(wait) if waited < *wait => Mark::Cut,
            Some(_) => Mark::Invented,
        }
    });
    let first = attempts.first().map(|_| Mark::Right);
    let due = documented.due();
    Verdict {
        marks: first.into_iter().chain(retries).collect(),
        missing: due.saturating_sub(attempts.len()),
    }
}

/// The sums of many verdicts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) scenarios: Share,
    /// Of these, the ones in which the page has a retry.
    pub(crate) with_retry: Share,
    /// Of the attempts that are due.
    pub(crate) attempts: Share,
    pub(crate) forbidden: usize,
    pub(crate) cut: usize,
    pub(crate) invented: usize,
    pub(crate) missing: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    pub(crate) right: usize,
    pub(crate) all: usize,
}

impl AddAssign<bool> for Share {
    fn add_assign(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.all += 1;
    }
}

impl Tally {
    pub(crate) fn add(&mut self, documented: &Documented, verdict: &Verdict) {
        self.scenarios += verdict.is_right();
        if !documented.waits.is_empty() {
            self.with_retry += verdict.is_right();
        }
        for n in 0..documented.due() {
            self.attempts += verdict.marks.get(n) == Some(&Mark::Right);
        }
        self.forbidden += verdict.count(Mark::Forbidden);
        self.cut += verdict.count(Mark::Cut);
        self.invented += verdict.count(Mark::Invented);
        self.missing += verdict.missing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(waits: &[u64], may_give_up: bool, attempts: &[u64]) -> Verdict {
        let seconds = |list: &[u64]| {
            list.iter()
                .map(|n| Duration::from_secs(*n))
                .collect::<Vec<_>>()
        };
        let waits = seconds(waits);
        judge(&Documented { waits, may_give_up }, &seconds(attempts))
    }

    fn verdict(marks: &[Mark], missing: usize) -> Verdict {
        let marks = marks.to_vec();
        Verdict { marks, missing }
    }

    #[test]
    fn every_fault_is_seen() {
        use Mark::{Cut, Forbidden, Invented, Right};
        let waits = [8, 64];
        assert_eq!(judged(&waits, false, &[0, 8, 72]), verdict(&[Right; 3], 0));
        assert_eq!(judged(&waits, false, &[0, 9, 73]), verdict(&[Right; 3], 0));
        assert_eq!(
            judged(&waits, false, &[0, 6, 70]),
            verdict(&[Right, Cut, Right], 0)
        );
        assert_eq!(
            judged(&waits, false, &[0, 10]),
            verdict(&[Right, Invented], 1)
        );
        assert_eq!(judged(&waits, false, &[]), verdict(&[], 3));
        assert_eq!(judged(&[], false, &[0, 8]), verdict(&[Right, Forbidden], 0));
        assert!(judged(&[], false, &[0]).is_right());
        for wrong in [
            &[0, 6, 70][..],
            &[0, 10, 74],
            &[0, 8],
            &[0, 8, 72, 584],
            &[],
        ] {
            assert!(!judged(&waits, false, wrong).is_right(), "{wrong:?}");
        }
    }

    #[test]
    fn giving_up_is_right_and_cutting_is_not() {
        let waits = [u64::from(u32::MAX)];
        assert!(judged(&waits, true, &[0]).is_right());
        assert!(judged(&waits, true, &[0, waits[0]]).is_right());
        assert!(judged(&waits, true, &[0, YEAR.as_secs() * 2]).is_right());
        assert!(!judged(&waits, true, &[0, 8]).is_right());
        assert!(!judged(&waits, true, &[]).is_right());
    }
}
