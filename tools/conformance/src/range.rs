use std::fmt;
use std::time::Duration;

/// How far two clocks may differ.
pub(crate) const CLOCKS: Duration = Duration::from_millis(50);
/// A wait that is this much longer than the longest is noted.
const LATE: Duration = Duration::from_millis(250);

/// The shortest and the longest wait that are due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) shortest: Duration,
    pub(crate) longest: Duration,
}

impl Range {
    pub(crate) fn exactly(wait: Duration) -> Self {
        Self {
            shortest: wait,
            longest: wait,
        }
    }

    pub(crate) fn with(self, wait: Duration) -> Self {
        Self {
            shortest: self.shortest.min(wait),
            longest: self.longest.max(wait),
        }
    }

    fn is_early(self, wait: Duration) -> bool {
        let tolerance = (self.shortest / 20).clamp(Duration::from_millis(5), CLOCKS);
        wait.saturating_add(tolerance) < self.shortest
    }

    fn is_late(self, wait: Duration) -> bool {
        wait > self.longest.saturating_add(LATE)
    }

    fn is_another(self, wait: Duration) -> bool {
        self.is_late(wait) && !self.longest.is_zero() && wait >= self.longest.saturating_mul(2)
    }

    /// Returns a note, which is empty if the wait was as due.
    ///
    /// # Errors
    ///
    /// What is said of a wait that is wrong.
    pub(crate) fn compare(self, retry: usize, wait: Duration) -> Result<String, String> {
        let said = || format!("retry {retry} after {}; {self} due", self.near(wait));
        if self.is_early(wait) || self.is_another(wait) {
            return Err(said());
        }
        Ok(if self.is_late(wait) {
            said() + " (late)"
        } else {
            String::new()
        })
    }

    /// Returns what is said of a retry that did not come while it was watched for.
    ///
    /// # Errors
    ///
    /// The same, if it was due long ago.
    pub(crate) fn missing(
        self,
        retry: usize,
        watched: Duration,
        is_due: bool,
    ) -> Result<String, String> {
        let said = format!("no retry {retry} in {}; {self} due", self.near(watched));
        if is_due && self.is_another(watched) {
            return Err(said);
        }
        Ok(said)
    }

    /// Returns a wait with the decimals that tell it from this range.
    fn near(self, wait: Duration) -> String {
        let gap = wait
            .abs_diff(self.shortest)
            .min(wait.abs_diff(self.longest));
        let is_close = gap < Duration::from_millis(100);
        let decimals = if wait < Duration::from_secs(1) || is_close {
            3
        } else {
            1
        };
        format!("{:.decimals$} s", wait.as_secs_f64())
    }
}

/// As in `8 s were` and `0.5 to 1.5 s were`.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [shortest, longest] = [self.shortest, self.longest].map(|wait| wait.as_secs_f64());
        if self.shortest != self.longest {
            return write!(f, "{shortest} to {longest} s were");
        }
        let is_one = self.longest == Duration::from_secs(1);
        let verb = if is_one { "was" } else { "were" };
        write!(f, "{longest} s {verb}")
    }
}
