use std::time::Duration;

use retrospec::Reason;

/// The facts of one page.
#[derive(Debug)]
pub struct Facts {
    /// The file that holds them.
    pub file: &'static str,
    /// The rows of codes and classes, of `other`, of `not sent` and of `no response`.
    pub rows: Vec<Row>,
    /// The largest number of retries of one request, or `None` if there is no limit.
    pub retries: Option<u32>,
    /// No retry starts later than this after the first attempt.
    pub elapsed: Option<Duration>,
    /// The waits before retry 1, 2, ...
    pub waits: Vec<Duration>,
    /// Whether the last wait goes on.
    pub last_goes_on: bool,
}

/// A row of a page.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// A status code, a class such as `4XX`, `other`, `not sent`, or `no response`.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What to do.
    pub action: Action,
}

/// What a page says to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The request is not sent again.
    Never,
    /// It is sent again after the wait that the server asks for.
    Header,
    /// It is sent again by the schedule.
    Backoff,
    /// It is sent again after the wait that the server asks for, or by the schedule if it asks for none.
    HeaderOrBackoff,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 4] = [
        Self::Never,
        Self::Header,
        Self::Backoff,
        Self::HeaderOrBackoff,
    ];

    /// Returns the word that a file of facts has for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Header => "header",
            Self::Backoff => "backoff",
            Self::HeaderOrBackoff => "header-or-backoff",
        }
    }
}

impl Facts {
    /// Returns the facts of Memfault's page.
    #[must_use]
    pub fn memfault() -> Self {
        Self::parse(
            "tests/support/facts/memfault.txt",
            include_str!("../facts/memfault.txt"),
        )
    }

    /// Returns the facts of the OTLP specification.
    #[must_use]
    pub fn otlp() -> Self {
        Self::parse(
            "tests/support/facts/otlp.txt",
            include_str!("../facts/otlp.txt"),
        )
    }

    /// Returns the facts of the Remote-Write specification.
    #[must_use]
    pub fn prometheus_remote_write() -> Self {
        Self::parse(
            "tests/support/facts/prometheus-remote-write.txt",
            include_str!("../facts/prometheus-remote-write.txt"),
        )
    }

    /// Returns the facts of the tests' own table.
    #[must_use]
    pub fn example() -> Self {
        Self::parse(
            "tests/support/facts/example.txt",
            include_str!("../facts/example.txt"),
        )
    }

    fn parse(file: &'static str, text: &'static str) -> Self {
        let mut facts = Self {
            file,
            rows: Vec::new(),
            retries: None,
            elapsed: None,
            waits: Vec::new(),
            last_goes_on: false,
        };
        for (number, line) in (1..).zip(text.lines()) {
            if line.starts_with('#') {
                continue;
            }
            match line.split(" | ").collect::<Vec<_>>()[..] {
                [key, name, word] => {
                    let action = Action::ALL.into_iter().find(|action| action.word() == word);
                    let Some(action) = action else {
                        let words = Action::ALL.map(Action::word).join(", ");
                        panic!("{file}:{number}: expected one of {words}, found `{word}`");
                    };
                    facts.rows.push(Row { key, name, action });
                }
                ["retries", "unlimited"] => facts.retries = None,
                ["retries", retries] => facts.retries = Some(retries.parse().expect("a number")),
                ["elapsed", secs] => facts.elapsed = Some(seconds(secs)),
                [key, secs] => {
                    facts.waits.push(seconds(secs));
                    let plain = format!("wait {}", facts.waits.len());
                    facts.last_goes_on = key == format!("{plain} and on");
                    assert!(
                        facts.last_goes_on || key == plain,
                        "{file}:{number}: expected `{plain}`, found `{key}`"
                    );
                }
                _ => panic!("{file}:{number}: expected `CODE | NAME | ACTION`, found `{line}`"),
            }
        }
        facts
    }

    /// Returns the rows of single codes, as code and name.
    #[must_use]
    pub fn exact_rows(&self) -> Vec<(u16, &'static str)> {
        let code = |row: &Row| Some((row.key.parse().ok()?, row.name));
        self.rows.iter().filter_map(code).collect()
    }

    /// Returns what to do by the row of the code, else of its class, else of all others.
    ///
    /// # Panics
    ///
    /// Panics if the file has no row for all others.
    #[must_use]
    pub fn action(&self, code: u16) -> Action {
        let class = format!("{}XX", code / 100);
        let keys = [&code.to_string(), &class, "other"];
        let row = keys.into_iter().find_map(|key| self.row(key));
        row.expect("a row for all others").action
    }

    /// Returns the name of the row of the code, else of its class.
    #[must_use]
    pub fn name(&self, code: u16) -> Option<&'static str> {
        let class = format!("{}XX", code / 100);
        let row = [&code.to_string(), &class]
            .into_iter()
            .find_map(|key| self.row(key));
        row.map(|row| row.name)
    }

    /// Returns what to do with a request that was never sent: what its own row says, or that of no response.
    #[must_use]
    pub fn connect(&self) -> Action {
        self.row("not sent")
            .map_or_else(|| self.transport(), |row| row.action)
    }

    /// Returns what to do without a response.
    ///
    /// # Panics
    ///
    /// Panics if the file does not say.
    #[must_use]
    pub fn transport(&self) -> Action {
        self.row("no response")
            .expect("a row for no response")
            .action
    }

    fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    /// Returns the wait before retry `n`.
    #[must_use]
    pub fn wait(&self, n: usize) -> Option<Duration> {
        let last = self.waits.last().filter(|_| self.last_goes_on);
        self.waits.get(n - 1).or(last).copied()
    }

    /// Returns the wait after `retries` retries, or why there is none, if the server asks for `asked`.
    ///
    /// # Errors
    ///
    /// The reason to stop.
    pub fn decision(
        &self,
        action: Action,
        asked: Result<Duration, Reason>,
        retries: usize,
    ) -> Result<Duration, Reason> {
        let is_last = self.retries.is_some_and(|max| retries >= max as usize);
        let by_header = match asked {
            Ok(_) | Err(Reason::RetryAfterTooLong(_)) if is_last => Err(Reason::MaxRetries),
            asked => asked,
        };
        let by_schedule = match self.wait(retries + 1) {
            Some(wait) if !is_last => Ok(wait),
            _ => Err(Reason::MaxRetries),
        };
        match (action, asked) {
            (Action::Never, _) => Err(Reason::NotRetried),
            (Action::Header, _) | (Action::HeaderOrBackoff, Err(Reason::RetryAfterTooLong(_))) => {
                by_header
            }
            (Action::HeaderOrBackoff, Ok(asked)) if !asked.is_zero() => by_header,
            (Action::HeaderOrBackoff | Action::Backoff, _) => by_schedule,
        }
    }
}

fn seconds(text: &str) -> Duration {
    Duration::from_secs_f64(text.parse().expect("seconds"))
}
