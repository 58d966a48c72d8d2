//! A command, what it starts, and what it says on stderr.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

/// The variable that has the server's address. By it, whatever inherits it is known.
const URL: &str = "RETROSPEC_URL";
/// How many bytes of stderr are kept.
const KEPT: usize = 4 << 10;
/// How long a command may take to end when it is asked to.
const FAREWELL: Duration = Duration::from_millis(500);

/// A running command and all that it started. Dropping it ends them.
pub(super) struct Process {
    child: Box<dyn ChildWrapper>,
    family: Family,
    said: Arc<Mutex<VecDeque<u8>>>,
}

impl Process {
    pub(super) fn start(command: &[OsString], url: &str) -> io::Result<Self> {
        let mut words = command.iter().map(|word| with_url(word, url));
        let program = words.next().unwrap_or_default();
        let mut wrapped = CommandWrap::with_new(program, |command| {
            command
                .args(words)
                .env(URL, url)
                .envs(["NO_PROXY", "no_proxy"].map(|name| (name, without_proxy(name))))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
        });
        #[cfg(unix)]
        wrapped.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::std::JobObject);
        let mut process = Self {
            child: wrapped.spawn()?,
            family: Family::new(url),
            said: Arc::default(),
        };
        if let Some(stderr) = process.child.stderr().take() {
            let said = Arc::clone(&process.said);
            // It ends with the last process that has the pipe.
            thread::Builder::new().spawn(move || keep_end(stderr, &said))?;
        }
        Ok(process)
    }

    /// Returns how the command ended. What it started may go on.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Returns whether anything that it started goes on.
    pub(super) fn has_family(&self) -> bool {
        self.family.is_alive()
    }

    /// Returns the last line that was written to stderr.
    pub(super) fn last_line(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = said.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        text.trim_end()
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()
    }

    /// Asks the command and all that it started to end, and ends them if they do not.
    fn end(&mut self) {
        let is_running = |child: &mut dyn ChildWrapper| matches!(child.try_wait(), Ok(None));
        if is_running(&mut *self.child) || self.family.is_alive() {
            #[cfg(unix)]
            let _ = self.child.signal(nix::sys::signal::Signal::SIGTERM as i32);
            self.family.ask();
            let asked = Instant::now();
            while asked.elapsed() < FAREWELL
                && (is_running(&mut *self.child) || self.family.is_alive())
            {
                thread::sleep(Duration::from_millis(10));
            }
        }
        // An error says that nothing is left.
        let _ = self.child.start_kill();
        let _ = self.child.wait();
        self.family.kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Returns the variable with loopback among the hosts to which no proxy leads.
fn without_proxy(name: &str) -> OsString {
    let mut hosts = std::env::var_os(name).unwrap_or_default();
    if !hosts.is_empty() {
        hosts.push(",");
    }
    hosts.push("127.0.0.1");
    hosts
}

fn with_url(word: &OsStr, url: &str) -> OsString {
    match word.to_str() {
        Some(text) => text.replace("{url}", url).into(),
        None => word.to_owned(),
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

/// The processes that inherited the server's address, also those that left the command's process group.
#[cfg(target_os = "linux")]
struct Family {
    /// The variable as the system has it.
    mark: Vec<u8>,
}

#[cfg(target_os = "linux")]
impl Family {
    fn new(url: &str) -> Self {
        Self {
            mark: format!("{URL}={url}").into_bytes(),
        }
    }

    /// Those that have ended and are not reaped have no environment any more.
    fn members(&self) -> Vec<nix::unistd::Pid> {
        let has_mark = |pid: &i32| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == self.mark)
        };
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let members = pids.filter(has_mark);
        members.map(nix::unistd::Pid::from_raw).collect()
    }

    fn is_alive(&self) -> bool {
        !self.members().is_empty()
    }

    fn ask(&self) {
        self.signal(nix::sys::signal::Signal::SIGTERM);
    }

    /// Ends all, also those that are started meanwhile.
    fn kill(&self) {
        for _ in 0..100 {
            if !self.is_alive() {
                break;
            }
            self.signal(nix::sys::signal::Signal::SIGKILL);
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn signal(&self, signal: nix::sys::signal::Signal) {
        for member in self.members() {
            // An error says that it is gone, or another user's.
            let _ = nix::sys::signal::kill(member, signal);
        }
    }
}

/// On other systems, the process group or the job object is all that is known.
#[cfg(not(target_os = "linux"))]
struct Family;

#[cfg(not(target_os = "linux"))]
impl Family {
    fn new(_: &str) -> Self {
        Self
    }

    fn is_alive(&self) -> bool {
        false
    }

    fn ask(&self) {}

    fn kill(&self) {}
}
