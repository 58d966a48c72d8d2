//! What the server does, and what the page says a client does then.

use std::time::Duration;

use retrospec::Reason;
use retrospec_conformance::Reply;
use retrospec_test_support::Facts;

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A `Retry-After`, and what it asks for. The dates are 45 seconds after [`DATE`].
const HEADERS: [Header; 8] = [
    Header::new(None, None),
    Header::new(Some("30"), Some(30)),
    Header::new(Some("172800"), Some(172_800)),
    Header::new(Some("Sun, 06 Nov 1994 08:50:22 GMT"), Some(45)),
    Header::new(Some("Sunday, 06-Nov-94 08:50:22 GMT"), Some(45)),
    Header::new(Some("Sun Nov  6 08:50:22 1994"), Some(45)),
    Header::new(Some("soon"), None),
    Header::new(Some("99999999999"), Some(99_999_999_999)),
];

/// What the page does not list, and clients like to retry.
const UNLISTED: [u16; 2] = [404, 408];

/// How often the server fails before a 202.
const FAILURES: [Option<usize>; 3] = [None, Some(1), Some(3)];

/// A wait that is asked for and as long as this may be cut to it, for tokio's sleep ends after 2.2 years,
/// and need not be waited out at all.
pub(crate) const YEAR: Duration = Duration::from_hours(365 * 24);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) value: Option<&'static str>,
    asks: Option<Duration>,
}

impl Header {
    const fn new(value: Option<&'static str>, seconds: Option<u64>) -> Self {
        let asks = match seconds {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => None,
        };
        Self { value, asks }
    }
}

/// One failure, which repeats a number of times or for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    /// `None` is a connection that is reset once the request has arrived.
    pub(crate) code: Option<u16>,
    pub(crate) header: Header,
    pub(crate) failures: Option<usize>,
}

/// The waits before retry 1, 2, ...
#[derive(Debug)]
pub(crate) struct Documented {
    pub(crate) waits: Vec<Duration>,
    /// Whether not waiting that long, and so not sending again, is right as well.
    pub(crate) may_give_up: bool,
}

impl Documented {
    /// How many attempts have to arrive.
    pub(crate) fn due(&self) -> usize {
        if self.may_give_up {
            1
        } else {
            1 + self.waits.len()
        }
    }

    /// When the attempts are due.
    pub(crate) fn attempts(&self) -> Vec<Duration> {
        let mut due = vec![Duration::ZERO];
        for wait in &self.waits {
            due.push(due[due.len() - 1] + *wait);
        }
        due
    }
}

impl Scenario {
    /// Every listed code and some more × every header × every number of failures, and no response × the last.
    pub(crate) fn all(facts: &Facts) -> Vec<Self> {
        let codes = Self::codes(facts).into_iter().map(Some);
        let mut all = Vec::new();
        for code in codes.chain([None]) {
            for header in HEADERS {
                if code.is_none() && header.value.is_some() {
                    continue;
                }
                all.extend(FAILURES.map(|failures| Self {
                    code,
                    header,
                    failures,
                }));
            }
        }
        all
    }

    pub(crate) fn codes(facts: &Facts) -> Vec<u16> {
        let listed = facts.exact_rows().into_iter().map(|(code, _)| code);
        listed.chain(UNLISTED).collect()
    }

    pub(crate) fn headers() -> usize {
        HEADERS.len()
    }

    pub(crate) fn find(
        all: &[Self],
        code: u16,
        value: Option<&str>,
        failures: Option<usize>,
    ) -> Self {
        let found = all.iter().find(|scenario| {
            (scenario.code, scenario.header.value, scenario.failures)
                == (Some(code), value, failures)
        });
        *found.expect("a scenario of the scoreboard")
    }

    /// The answer to attempt `n`, from 0.
    pub(crate) fn answer(&self, n: usize) -> Reply {
        if self.failures.is_some_and(|failures| n >= failures) {
            return Reply::status(202);
        }
        let Some(code) = self.code else {
            return Reply::reset();
        };
        let answer = Reply::status(code).header("date", DATE);
        match self.header.value {
            Some(value) => answer.header("retry-after", value),
            None => answer,
        }
    }

    pub(crate) fn documented(&self, facts: &Facts) -> Documented {
        let action = self
            .code
            .map_or(facts.transport(), |code| facts.action(code));
        let asked = self.header.asks.ok_or(Reason::NoRetryAfter);
        let waits: Vec<_> = (0..self.failures.unwrap_or(usize::MAX))
            .map_while(|retries| facts.decision(action, asked, retries).ok())
            .collect();
        let may_give_up = waits.iter().any(|wait| *wait >= YEAR);
        Documented { waits, may_give_up }
    }
}
