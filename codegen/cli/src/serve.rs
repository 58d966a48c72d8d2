//! `retrospec serve`: the server of `conform`, by hand.

use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use retrospec_codegen::internal::human;
use retrospec_codegen::internal::terminal::{Failure, print, printable, say};
use retrospec_conformance::{End, Exchange, Judgment, Reply, Script, Server, judge};

use crate::engine::Decider;
use crate::input;
use crate::response::Response;
use crate::row::TRANSPORT;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// The port on loopback; a free one if not said.
    #[arg(long, value_name = "N", default_value = "0")]
    port: u16,
    /// What each request is answered with, attempt by attempt; the last is repeated. `transport` is a reset instead.
    #[arg(
        long,
        value_name = "CODES",
        value_delimiter = ',',
        default_value = "503",
        value_parser = answer
    )]
    answer: Vec<Answer>,
    /// What the `Retry-After` of each answer from 300 on says.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    retry_after: Option<OsString>,
}

#[derive(Clone, Copy)]
enum Answer {
    Status(u16),
    Reset,
}

fn answer(text: &str) -> Result<Answer, String> {
    match text.trim() {
        TRANSPORT => Ok(Answer::Reset),
        code => match code.parse() {
            Ok(code @ 200..=999) => Ok(Answer::Status(code)),
            _ => Err("expected status codes from 200 to 999, as `503,503,202`".to_owned()),
        },
    }
}

/// How often the server is asked for new requests.
const GLANCE: Duration = Duration::from_millis(20);

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (_, model) = input::model(&arguments.spec)?;
    let decider = Decider::new(&model);
    let retry_after = arguments.retry_after.as_ref();
    let replies = arguments.answer.iter();
    let replies: Vec<Reply> = replies.map(|answer| reply(*answer, retry_after)).collect();
    let response = Response::new(retry_after, &[], None, true)?;
    for name in response.unread(&model) {
        say(&format!("note: this table does not read {name}\n"));
    }
    let port = arguments.port;
    let server = Server::bind(port, Script::replies(&replies))
        .map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    print(&format!("{}: listening on {}\n", model.api, server.url("")))?;
    let start = Instant::now();
    let (mut shown, mut malformed) = (0, 0);
    loop {
        thread::sleep(GLANCE);
        if server.malformed() > malformed {
            malformed = server.malformed();
            say(
                "note: a connection was closed because it did not carry HTTP/1.1: is the address `https`?\n",
            );
        }
        if server.count() == shown {
            continue;
        }
        let exchanges = server.exchanges();
        while let Some(exchange) = exchanges.get(shown) {
            if exchange.answered.is_none() {
                break;
            }
            let mut attempts = attempts(&exchanges[..=shown]);
            let judged = |attempts: &[Exchange]| {
                judge(attempts, &replies, End::Ended, |question| {
                    decider.decide(question)
                })
            };
            let judgment = judged(&attempts);
            attempts.pop();
            let before = judged(&attempts).next;
            print(&line(start, exchange, before, &judgment))?;
            shown += 1;
        }
    }
}

/// Returns what came, when it was due, and what is due next. `before` is what was due before it came.
fn line(start: Instant, last: &Exchange, before: Option<Wait>, judgment: &Judgment) -> String {
    let at = last
        .request
        .at
        .saturating_duration_since(start)
        .as_secs_f64();
    let retries = judgment.seen.len();
    let came = match judgment.seen.last() {
        Some(wait) => {
            let wait = wait.as_secs_f64();
            format!("retry {retries} after {wait:.3} s, {}", due(before))
        }
        None => "first attempt".to_owned(),
    };
    let answered = match last.reply.code() {
        0 => "reset".to_owned(),
        code => format!("answered {code}"),
    };
    let request = printable(&format!("{} {}", last.request.method, last.request.target));
    let (next, is_due) = (retries + 1, due(judgment.next));
    format!("{at:>9.3} s  {request}: {came}; {answered}, retry {next} is {is_due}\n")
}

/// The shortest and the longest wait.
type Wait = (Duration, Duration);

fn due(wait: Option<Wait>) -> String {
    match wait {
        None => "not due".to_owned(),
        Some((shortest, longest)) if shortest == longest => format!("due after {}", human(longest)),
        Some((shortest, longest)) => {
            format!("due after {} to {}", human(shortest), human(longest))
        }
    }
}

fn reply(answer: Answer, retry_after: Option<&OsString>) -> Reply {
    match (answer, retry_after) {
        (Answer::Reset, _) => Reply::reset_after_request(),
        (Answer::Status(code @ 300..), Some(value)) => {
            Reply::status(code).header("Retry-After", value.as_encoded_bytes())
        }
        (Answer::Status(code), _) => Reply::status(code),
    }
}

/// Returns the last of the exchanges, after the earlier attempts of its request.
fn attempts(exchanges: &[Exchange]) -> Vec<Exchange> {
    let Some(last) = exchanges.last() else {
        return Vec::new();
    };
    let same = exchanges
        .iter()
        .filter(|each| each.request.repeats(&last.request));
    same.cloned().collect()
}
