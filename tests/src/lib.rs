//! What vendors' pages say, read by hand into `tests/facts` and apart from the generator.

/// The facts of one page.
#[derive(Debug)]
pub struct Facts {
    /// Its rows.
    pub rows: Vec<Row>,
    /// The waits it lists, in seconds.
    pub waits: Vec<u64>,
}

/// A row of a page.
#[derive(Debug)]
pub struct Row {
    /// The status code.
    pub code: u16,
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

    /// # Panics
    ///
    /// Where a line is not of the form that the file explains.
    fn parse(text: &'static str) -> Self {
        let mut facts = Self {
            rows: Vec::new(),
            waits: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split(" | ").collect::<Vec<_>>()[..] {
                [code, name, action] => facts.rows.push(Row {
                    code: code.parse().expect("a status code"),
                    name,
                    action,
                }),
                [retry, seconds] => {
                    facts.waits.push(seconds.parse().expect("seconds"));
                    assert_eq!(retry, format!("wait {}", facts.waits.len()));
                }
                _ => panic!("{line}"),
            }
        }
        facts
    }

    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: u16) -> Option<&Row> {
        self.rows.iter().find(|row| row.code == code)
    }
}
