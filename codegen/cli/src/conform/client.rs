//! The client under test: a command that runs once for each scenario, against a server of its own.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};
use retrospec_codegen::internal::terminal::Failure;
use retrospec_conformance::{End, Script, Server, Verdict, judge};

use super::Judged;
use super::scenario::Scenario;
use crate::engine::Decider;

/// More requests than this in one scenario are not awaited: the client is in a loop.
const REQUESTS: usize = 1_000;
/// How often is looked whether the command has ended.
const GLANCE: Duration = Duration::from_millis(5);
/// How long the last request may take from the client's socket to the record.
const GRACE: Duration = Duration::from_millis(20);
/// How much of stderr is kept.
const KEPT: usize = 4 << 10;

/// The command, and how long it may take.
pub(super) struct Client<'a> {
    pub(super) command: &'a [OsString],
    pub(super) patience: Duration,
}

/// How a run ended.
enum Ending {
    Exited(ExitStatus),
    OutOfPatience,
    TooManyRequests,
    Interrupted,
}

impl Client<'_> {
    /// Runs the command in a scenario until it ends, or patience does. Nothing that it started goes on.
    pub(super) fn run(
        &self,
        scenario: &Scenario,
        decider: &Decider<'_>,
        is_over: &impl Fn() -> bool,
    ) -> Result<Judged, Failure> {
        let server = Server::bind(0, Script::replies(&scenario.replies))
            .map_err(|error| format!("cannot listen on loopback: {error}"))?;
        let start = Instant::now();
        let mut process = Process::start(self.command, &server.url(""))?;
        let ending = loop {
            if let Some(status) = process.ended()? {
                thread::sleep(GRACE);
                break Ending::Exited(status);
            }
            if is_over() {
                break Ending::Interrupted;
            }
            if start.elapsed() >= self.patience {
                break Ending::OutOfPatience;
            }
            if server.count() > REQUESTS {
                break Ending::TooManyRequests;
            }
            thread::sleep(GLANCE);
        };
        let now = Instant::now();
        process.kill();
        let end = match ending {
            Ending::Exited(_) => End::Ended,
            _ => End::Watched(now),
        };
        let exchanges = server.exchanges();
        let mut judgment = judge(&exchanges, &scenario.replies, end, |question| {
            decider.decide(question)
        });
        let took = now.duration_since(start).as_secs_f64();
        if exchanges.is_empty() {
            judgment.detail = silence(&server);
        }
        // A client that gave up too soon may have failed for another reason.
        let is_short =
            judgment.verdict == Verdict::Wrong && judgment.seen.len() < judgment.due.len();
        let more = match ending {
            Ending::Exited(status) if exchanges.is_empty() || (is_short && !status.success()) => {
                // As in `exit status: 1`.
                let status = status.to_string().replacen(':', "", 1);
                let ended = format!("; the command ended after {took:.1} s with {status}");
                match process.last_line() {
                    line if line.is_empty() => ended,
                    line => format!("{ended}: {line}"),
                }
            }
            Ending::TooManyRequests => format!("; ended after {REQUESTS} requests"),
            Ending::Interrupted => "; interrupted".to_owned(),
            Ending::Exited(_) | Ending::OutOfPatience => String::new(),
        };
        judgment.detail.push_str(&more);
        Ok(Judged {
            name: scenario.name.clone(),
            judgment,
            requests: exchanges.len(),
        })
    }
}

/// Says what came in place of a request.
fn silence(server: &Server) -> String {
    let connections = server.connections();
    let plural = if connections == 1 { "" } else { "s" };
    if server.malformed() > 0 {
        format!(
            "no request came, but something else than HTTP/1.1 on {connections} connection{plural}"
        )
    } else if connections > 0 {
        format!("no request came on {connections} connection{plural}")
    } else {
        "no request came".to_owned()
    }
}

/// A running command and all that it started.
struct Process {
    child: Box<dyn ChildWrapper>,
    /// The end of what it wrote to stderr.
    said: Arc<Mutex<VecDeque<u8>>>,
}

impl Process {
    fn start(command: &[OsString], url: &str) -> Result<Self, Failure> {
        let Some((program, arguments)) = command.split_first() else {
            return Err("expected a command after `--`".into());
        };
        let program = with_url(program, url);
        let mut wrapped = CommandWrap::with_new(&program, |command| {
            command
                .args(arguments.iter().map(|argument| with_url(argument, url)))
                .env("RETROSPEC_URL", url)
                .envs([("NO_PROXY", "127.0.0.1"), ("no_proxy", "127.0.0.1")])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
        });
        #[cfg(unix)]
        wrapped.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::std::JobObject);
        let mut child = wrapped
            .spawn()
            .map_err(|error| cannot_run(&program, arguments, &error))?;
        let said = Arc::new(Mutex::new(VecDeque::new()));
        if let Some(stderr) = child.stderr().take() {
            let said = Arc::clone(&said);
            // It ends with the last process that has the pipe, which may be one that nobody can end.
            thread::Builder::new().spawn(move || keep_end(stderr, &said))?;
        }
        Ok(Self { child, said })
    }

    fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Ends it, and what it has started and not awaited.
    fn kill(&mut self) {
        // An error says that nothing is left.
        let _ = self.child.start_kill();
        let _ = self.child.wait();
    }

    /// Returns the last line that it wrote to stderr.
    fn last_line(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = said.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end().lines().last().unwrap_or_default();
        line.chars().filter(|c| !c.is_control()).collect()
    }
}

fn cannot_run(program: &OsStr, arguments: &[OsString], error: &io::Error) -> String {
    let program = program.display();
    let text = program.to_string();
    let help = if arguments.is_empty() && text.contains(' ') {
        ": leave out the quotes around the command, or write `sh -c '...'`"
    } else if text.contains('=') {
        ": write `env NAME=VALUE COMMAND` to set a variable"
    } else {
        ""
    };
    format!("cannot run {program}: {error}{help}")
}

fn with_url(argument: &OsStr, url: &str) -> OsString {
    match argument.to_str() {
        Some(text) => text.replace("{url}", url).into(),
        None => argument.to_owned(),
    }
}

fn keep_end(mut from: impl Read, into: &Mutex<VecDeque<u8>>) {
    let mut buffer = [0; KEPT];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let mut said = into.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend(&buffer[..count]);
        let surplus = said.len().saturating_sub(KEPT);
        said.drain(..surplus);
    }
}
