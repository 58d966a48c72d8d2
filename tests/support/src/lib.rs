//! What vendors' pages say, read by hand into `tests/support/facts` and apart from the generator.

mod dates;

use std::time::Duration;

pub use dates::{DAYS, forms};

/// The facts of one page.
#[derive(Debug, Default)]
pub struct Facts {
    rows: Vec<Row>,
    /// How often a request is sent again; `None` is without limit.
    pub retries: Option<u32>,
    /// No retry starts later after the first attempt.
    pub elapsed: Option<Duration>,
    /// The waits before retry 1, 2, ...
    pub waits: Vec<Duration>,
    /// Whether the last wait goes on.
    pub last_goes_on: bool,
}

/// A row of a page.
#[derive(Debug)]
pub struct Row {
    /// A status code, a class as `4XX`, `other`, or `no response`.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What to do: a word that the file explains.
    pub action: &'static str,
}

impl Facts {
    /// Memfault's page.
    #[must_use]
    pub fn memfault() -> Self {
        Self::parse(include_str!("../facts/memfault.txt"))
    }

    /// The OTLP specification.
    #[must_use]
    pub fn otlp() -> Self {
        Self::parse(include_str!("../facts/otlp.txt"))
    }

    /// The Remote-Write specification.
    #[must_use]
    pub fn prometheus_remote_write() -> Self {
        Self::parse(include_str!("../facts/prometheus-remote-write.txt"))
    }

    fn parse(text: &'static str) -> Self {
        let mut facts = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split(" | ").collect::<Vec<_>>()[..] {
                [key, name, action] => facts.rows.push(Row { key, name, action }),
                ["retries", "unlimited"] => facts.retries = None,
                ["retries", retries] => facts.retries = Some(retries.parse().expect("a number")),
                ["elapsed", secs] => facts.elapsed = Some(seconds(secs)),
                [key, secs] => {
                    facts.waits.push(seconds(secs));
                    let plain = format!("wait {}", facts.waits.len());
                    facts.last_goes_on = key == format!("{plain} and on");
                    assert!(facts.last_goes_on || key == plain, "{line}");
                }
                _ => panic!("{line}"),
            }
        }
        facts
    }

    /// The rows of single codes: code and name.
    #[must_use]
    pub fn exact_rows(&self) -> Vec<(u16, &'static str)> {
        let code = |row: &Row| Some((row.key.parse().ok()?, row.name));
        self.rows.iter().filter_map(code).collect()
    }

    /// What to do: the row of the code, else of its class, else of all others.
    ///
    /// # Panics
    ///
    /// Where the file has no row for all others.
    #[must_use]
    pub fn action(&self, code: u16) -> &'static str {
        [
            code.to_string(),
            format!("{}XX", code / 100),
            "other".to_owned(),
        ]
        .iter()
        .find_map(|key| self.row(key))
        .expect("a row for all others")
    }

    /// What to do without a response.
    ///
    /// # Panics
    ///
    /// Where the file does not say.
    #[must_use]
    pub fn transport(&self) -> &'static str {
        self.row("no response").expect("a row for no response")
    }

    fn row(&self, key: &str) -> Option<&'static str> {
        let row = self.rows.iter().find(|row| row.key == key)?;
        Some(row.action)
    }

    /// The wait before retry `n`.
    #[must_use]
    pub fn wait(&self, n: usize) -> Option<Duration> {
        let last = self.waits.last().filter(|_| self.last_goes_on);
        self.waits.get(n - 1).or(last).copied()
    }
}

fn seconds(text: &str) -> Duration {
    Duration::from_secs_f64(text.parse().expect("seconds"))
}
