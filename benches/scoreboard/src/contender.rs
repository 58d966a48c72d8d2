use std::pin::Pin;
use std::time::Duration;

/// A way to send a request again, as it is configured here.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) is_ours: bool,
    /// The crates whose versions matter.
    pub(crate) crates: &'static [&'static str],
    /// The file that configures it. What stands between two lines `// configuration` is printed.
    pub(crate) file: &'static str,
    /// What its API has no way to be told.
    pub(crate) not_told: &'static [&'static str],
    pub(crate) send: Send,
}

pub(crate) type Sleep = Box<dyn Fn(Duration)>;

pub(crate) enum Send {
    Async(fn(String) -> Pin<Box<dyn Future<Output = ()>>>),
    Blocking(fn(&str, Sleep)),
}

/// The lines between two lines `// configuration`, without what they are indented by.
pub(crate) fn configuration(file: &str) -> Vec<&str> {
    let is_marker = |line: &&str| line.trim() == "// configuration";
    let lines: Vec<_> = file
        .lines()
        .skip_while(|line| !is_marker(line))
        .skip(1)
        .take_while(|line| !is_marker(line))
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert!(!lines.is_empty(), "a file without a configuration");
    let indent = lines
        .iter()
        .map(|line| line.len() - line.trim_start().len())
        .min();
    lines
        .iter()
        .map(|line| &line[indent.unwrap_or(0)..])
        .collect()
}
