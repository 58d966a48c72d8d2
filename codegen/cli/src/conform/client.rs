//! The client under test: a command that runs once for each scenario, against a server of its own.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use retrospec_codegen::internal::terminal::Failure;
use retrospec_conformance::{End, Judgment, Script, Server, Verdict, judge};

use super::Judged;
use super::process::Process;
use super::scenario::Scenario;
use crate::engine::Decider;

/// A client that sends more requests than this in one scenario is in a loop.
const MOST_REQUESTS: usize = 1_000;
/// The bodies of one scenario are kept in memory.
const MOST_BYTES: usize = 256 << 20;
/// How often a run looks whether the command has ended.
const GLANCE: Duration = Duration::from_millis(5);
/// How often it looks whether what the command started has ended, which costs more.
const FAMILY_GLANCE: Duration = Duration::from_millis(50);
/// How long the last request may take from the client's socket to the record.
const GRACE: Duration = Duration::from_millis(20);

/// The command, and how long it may take.
pub(super) struct Client<'a> {
    pub(super) command: &'a [OsString],
    pub(super) patience: Duration,
}

/// How a run ended.
enum Ending {
    Exited(ExitStatus),
    OutOfPatience,
    Flooded,
    Interrupted,
}

impl Client<'_> {
    /// Runs the command in a scenario until all that it started has ended, or patience does.
    ///
    /// # Errors
    ///
    /// If there is no such command. What fails now and then is part of the judgment.
    pub(super) fn run(
        &self,
        scenario: &Scenario,
        decider: &Decider<'_>,
        is_over: &impl Fn() -> bool,
    ) -> Result<Judged, Failure> {
        let not_run = |error: io::Error| Judged::not_run(scenario, decider, &error.to_string());
        let server = match Server::bind(0, Script::replies(&scenario.replies)) {
            Ok(server) => server,
            Err(error) => return Ok(not_run(error)),
        };
        let start = Instant::now();
        let mut process = match Process::start(self.command, &server.url("")) {
            Ok(process) => process,
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => {
                    return Err(self.cannot_run(&error).into());
                }
                _ => return Ok(not_run(error)),
            },
        };
        let ending = self.watch(&mut process, &server, start, is_over)?;
        let now = Instant::now();
        let took = now.duration_since(start);
        let last_line = process.last_line();
        drop(process);
        let (end, is_killed) = match ending {
            Ending::Exited(status) if status.code().is_some() => (End::Ended, false),
            Ending::Exited(_) => (End::Watched(now), true),
            _ => (End::Watched(now), false),
        };
        let exchanges = server.exchanges();
        let mut judgment = judge(&exchanges, &scenario.replies, end, |question| {
            decider.decide(question)
        });
        let is_silent = exchanges.is_empty();
        if is_silent {
            judgment.detail = silence(&server);
        } else if is_killed && judgment.verdict == Verdict::Unseen {
            judgment.detail.clear();
        }
        if let Some(more) = explained(&ending, &judgment, is_silent, took, &last_line) {
            judgment.add(&more);
        }
        Ok(Judged::new(scenario, judgment, exchanges.len(), took))
    }

    fn watch(
        &self,
        process: &mut Process,
        server: &Server,
        start: Instant,
        is_over: &impl Fn() -> bool,
    ) -> io::Result<Ending> {
        loop {
            let status = process.ended()?;
            if let Some(status) = status
                && !process.has_family()
            {
                thread::sleep(GRACE);
                return Ok(Ending::Exited(status));
            }
            if is_over() {
                return Ok(Ending::Interrupted);
            }
            if start.elapsed() >= self.patience {
                return Ok(Ending::OutOfPatience);
            }
            if server.count() > MOST_REQUESTS || server.bytes() > MOST_BYTES {
                return Ok(Ending::Flooded);
            }
            thread::sleep(match status {
                Some(_) => FAMILY_GLANCE,
                None => GLANCE,
            });
        }
    }

    fn cannot_run(&self, error: &io::Error) -> String {
        let program = self.command.first().cloned().unwrap_or_default();
        let program = program.display();
        let text = program.to_string();
        let help = if self.command.len() == 1 && text.contains(' ') {
            ": leave out the quotes around the command, or write `sh -c '...'`"
        } else if text.contains('=') {
            ": write `env NAME=VALUE COMMAND` to set a variable"
        } else {
            ""
        };
        format!("cannot run {program}: {error}{help}")
    }
}

/// Says what came in place of a request.
fn silence(server: &Server) -> String {
    let connections = server.connections();
    let plural = if connections == 1 { "" } else { "s" };
    let what = match (connections, server.malformed()) {
        (0, _) => String::new(),
        (_, 0) => format!(" on {connections} connection{plural}"),
        _ => format!(" on {connections} connection{plural}, but bytes that are not HTTP/1.1"),
    };
    format!("no request came{what}")
}

/// Says how a run ended, if that explains the judgment.
fn explained(
    ending: &Ending,
    judgment: &Judgment,
    is_silent: bool,
    took: Duration,
    last_line: &str,
) -> Option<String> {
    let status = match ending {
        Ending::Exited(status) => status,
        Ending::Flooded => return Some("the command sends without end, and was ended".to_owned()),
        Ending::Interrupted => return Some("interrupted".to_owned()),
        Ending::OutOfPatience => return None,
    };
    let is_killed = status.code().is_none();
    // A client that gave up too soon may have failed for another reason.
    let is_short = judgment.verdict == Verdict::Wrong && judgment.seen.len() < judgment.due.len();
    if !is_silent && !is_killed && (!is_short || status.success()) {
        return None;
    }
    // As in `exit status: 1`.
    let status = status.to_string().replacen(':', "", 1);
    let ended = format!(
        "the command ended after {:.1} s with {status}",
        took.as_secs_f64()
    );
    Some(match last_line {
        "" => ended,
        line => format!("{ended}: {line}"),
    })
}
