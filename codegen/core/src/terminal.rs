//! How a command speaks: data on stdout, everything else on stderr, and an exit status.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, is_control};

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The content of a spec or of a file is refused. The command has said why.
    Refused,
    /// Something cannot be read or written, or the command line is wrong. The command has said what.
    Reported,
    /// The same, and nobody has said it yet.
    Message(String),
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Message(error.into().to_string())
    }
}

/// Returns the exit status of a command, and says what it has not said yet.
#[must_use]
pub fn exit(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Refused) => ExitCode::from(1),
        Err(Failure::Reported) => ExitCode::from(2),
        Err(Failure::Message(message)) => {
            say(&format!("error: {message}\n"));
            ExitCode::from(2)
        }
    }
}

/// Writes data to stdout. A closed pipe, as `head` leaves it, is not an error.
///
/// # Errors
///
/// [`Failure::Message`] if it cannot be written.
pub fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to stdout: {error}").into())
        }
        _ => Ok(()),
    }
}

/// How many characters of a line from elsewhere are shown.
const LINE: usize = 300;

/// Returns text from elsewhere as one line, without what a terminal or a file of XML would take for more than text.
#[must_use]
pub fn printable(text: &str) -> String {
    let is_shown =
        |c: &char| !is_control(*c) && !matches!(c, '\n' | '\r' | '\t' | '\u{fffe}' | '\u{ffff}');
    let mut chars = text.chars().filter(is_shown);
    let mut line: String = chars.by_ref().take(LINE).collect();
    if chars.next().is_some() {
        line.push_str("...");
    }
    line
}

/// Writes a message to stderr. If nobody listens there, there is nobody to tell.
pub fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Nobody reads more diagnostics at once, and each costs a walk through the source.
const SHOWN: usize = 100;

/// Writes diagnostics to stderr, in color on a terminal unless `NO_COLOR` is set.
pub fn report(diagnostics: &[Diagnostic], source: &Source) {
    let color =
        io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    for diagnostic in diagnostics.iter().take(SHOWN) {
        say(&format!("{}\n\n", diagnostic.render(source, color)));
    }
    if let Some(more @ 1..) = diagnostics.len().checked_sub(SHOWN) {
        say(&format!("and {more} more like these\n\n"));
    }
}
