//! The judge, given what clients sent in a time that these tests make: right clients by the facts of a page, and the
//! same with one mistake each.

mod common;

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use common::{ask, connect};
use memfault_status::{Status, policy};
use retrospec::{Policy, Reason};
use retrospec_conformance::{
    End, Exchange, Judgment, Question, Reply, Script, Server, Verdict, due, judge, of_table,
};
use retrospec_test_support::Facts;

const MS: Duration = Duration::from_millis(1);

/// Returns one exchange for each reply; a real server made them.
fn exchanges(replies: &[Reply], count: usize) -> Vec<Exchange> {
    let server = Server::start(Script::replies(replies));
    for _ in 0..count {
        ask(&mut connect(&server), b"POST / HTTP/1.1\r\n\r\n");
    }
    server.exchanges()
}

/// Moves the exchanges, so that these waits are between them. An answer takes 10 ms.
fn timed(exchanges: &[Exchange], waits: &[Duration]) -> Vec<Exchange> {
    let mut at = Instant::now();
    let mut exchanges = exchanges.to_vec();
    for (n, exchange) in exchanges.iter_mut().enumerate() {
        at += match n {
            0 => Duration::ZERO,
            _ => waits[n - 1],
        };
        exchange.request.at = at;
        at += 10 * MS;
        exchange.answered = Some(at);
    }
    exchanges
}

/// What a client was answered, and the waits that are right by the page.
struct Cell {
    name: String,
    replies: Vec<Reply>,
    waits: Vec<Duration>,
    exchanges: Vec<Exchange>,
}

/// Every code of Memfault's page, and one that it lacks; the header as seconds, as nonsense, or not at all; forever,
/// or twice before a success. Each has a request more than is right.
fn cells() -> Vec<Cell> {
    let facts = Facts::memfault();
    let codes = facts
        .exact_rows()
        .into_iter()
        .map(|(code, _)| code)
        .chain([418]);
    let headers = [
        (None, Err(Reason::NoRetryAfter)),
        (Some("3"), Ok(Duration::from_secs(3))),
        (Some("soon"), Err(Reason::InvalidRetryAfter)),
    ];
    let mut cells = Vec::new();
    for code in codes {
        for (header, asked) in headers {
            for failures in [None, Some(2)] {
                let failure = match header {
                    Some(value) => Reply::status(code).header("Retry-After", value),
                    None => Reply::status(code),
                };
                let mut replies = vec![failure; failures.unwrap_or(1)];
                replies.extend(failures.map(|_| Reply::status(202)));
                let mut waits = Vec::new();
                while failures != Some(waits.len())
                    && let Ok(wait) = facts.decision(facts.action(code), asked, waits.len())
                {
                    waits.push(wait);
                }
                cells.push(Cell {
                    name: format!("{code}, {header:?}, {failures:?}"),
                    exchanges: exchanges(&replies, waits.len() + 2),
                    replies,
                    waits,
                });
            }
        }
    }
    cells
}

impl Cell {
    /// Returns what is said of a client that waits this long each time, and then ends.
    fn judge(&self, waits: &[Duration], end: End) -> Judgment {
        let exchanges = timed(&self.exchanges[..=waits.len()], waits);
        judge(&exchanges, &self.replies, end, of_table(policy()))
    }

    #[track_caller]
    fn expect(&self, waits: &[Duration], verdict: Verdict) {
        let found = self.judge(waits, End::Ended);
        assert_eq!(found.verdict, verdict, "{}: {found:?}", self.name);
        assert_eq!(found.seen, waits, "{}", self.name);
        assert_eq!(found.detail.is_empty(), verdict == Verdict::Ok, "{found:?}");
    }
}

#[test]
fn right_clients_are_right_and_wrong_ones_wrong() {
    let cells = cells();
    let mut retries = 0;
    for cell in &cells {
        let right = &cell.waits[..];
        cell.expect(right, Verdict::Ok);
        let found = cell.judge(right, End::Ended);
        assert_eq!(found.due, right, "{}", cell.name);
        let decide = of_table(policy());
        assert_eq!(due(&cell.replies, true, decide), right, "{}", cell.name);
        // Too much, and too little.
        for last in [Duration::ZERO, 8 * Duration::from_secs(1)] {
            cell.expect(&[right, &[last]].concat(), Verdict::Wrong);
        }
        for fewer in 0..right.len() {
            cell.expect(&right[..fewer], Verdict::Wrong);
        }
        // Each wait by itself.
        for n in 0..right.len() {
            let with = |wait| {
                let mut waits = right.to_vec();
                waits[n] = wait;
                waits
            };
            cell.expect(&with(right[n].saturating_sub(45 * MS)), Verdict::Ok);
            cell.expect(&with(right[n].saturating_sub(55 * MS)), Verdict::Wrong);
            cell.expect(&with(right[n] / 1000), Verdict::Wrong);
            cell.expect(&with(right[n] + 200 * MS), Verdict::Ok);
            cell.expect(&with(right[n] * 2), Verdict::Wrong);
            retries += 1;
        }
    }
    println!("{} cells, {retries} waits", cells.len());
    assert!(retries > 50);
}

#[test]
fn what_was_not_watched_is_unseen() {
    for cell in cells() {
        for count in 0..=cell.waits.len() {
            let seen = &cell.waits[..count];
            let exchanges = timed(&cell.exchanges[..=count], seen);
            let answered = exchanges[count].answered.unwrap();
            let until = |passed| End::Watched(answered + passed);
            let at = |passed| judge(&exchanges, &cell.replies, until(passed), of_table(policy()));
            assert_eq!(at(10 * MS).verdict, Verdict::Unseen, "{}", cell.name);
            assert_eq!(at(10 * MS).due, cell.waits, "{}", cell.name);
            let long = at(Duration::from_secs(1_000_000)).verdict;
            let is_due = count < cell.waits.len();
            assert_eq!(long == Verdict::Wrong, is_due, "{}", cell.name);
            assert_eq!(long == Verdict::Unseen, !is_due, "{}", cell.name);
        }
    }
}

#[test]
fn an_answer_that_is_not_written_is_unseen() {
    let replies = [Reply::status(503)];
    let mut exchanges = exchanges(&replies, 1);
    exchanges[0].answered = None;
    for (end, detail) in [
        (End::Ended, "it ended before its answer"),
        (
            End::Watched(Instant::now()),
            "its answer was not written yet",
        ),
    ] {
        let found = judge(&exchanges, &replies, end, of_table(policy()));
        assert_eq!(
            (found.verdict, found.detail.as_str()),
            (Verdict::Unseen, detail)
        );
    }
}

#[track_caller]
fn said(replies: &[Reply], waits: &[u32], end: End, expected: (Verdict, &str)) {
    let waits: Vec<Duration> = waits.iter().map(|ms| *ms * MS).collect();
    let exchanges = timed(&exchanges(replies, waits.len() + 1), &waits);
    let found = judge(&exchanges, replies, end, of_table(policy()));
    assert_eq!((found.verdict, found.detail.as_str()), expected);
}

#[test]
fn the_detail_says_what_was_due() {
    use End::Ended;
    use Verdict::{Ok, Wrong};

    let down = [Reply::status(503)];
    said(
        &down,
        &[1_000],
        Ended,
        (Wrong, "retry 1 after 1.0 s; 8 s were due"),
    );
    said(
        &down,
        &[7_940],
        Ended,
        (Wrong, "retry 1 after 7.940 s; 8 s were due"),
    );
    said(
        &down,
        &[8_000],
        Ended,
        (Wrong, "stopped after 1 retry; 5 were due"),
    );
    said(
        &down,
        &[],
        Ended,
        (Wrong, "stopped without a retry; 5 were due"),
    );
    let six = [8_000, 64_000, 512_000, 4_096_000, 32_768_000, 1];
    said(&down, &six, Ended, (Wrong, "6 retries; 5 were due"));
    let broken = [Reply::status(500)];
    said(
        &broken,
        &[1, 1, 1],
        Ended,
        (Wrong, "sent again 3 times; never was due"),
    );
    let then = [Reply::status(503), Reply::status(202)];
    let twice = (Wrong, "sent again 1 time after 202; never was due");
    said(&then, &[8_000, 8_000], Ended, twice);
    said(
        &then,
        &[9_000],
        Ended,
        (Ok, "retry 1 after 9.0 s; 8 s were due (late)"),
    );
    let limited = [
        Reply::status(429).header("retry-after", "1"),
        Reply::status(202),
    ];
    said(
        &limited,
        &[3],
        Ended,
        (Wrong, "retry 1 after 0.003 s; 1 s was due"),
    );
}

#[test]
fn a_wait_of_zero_is_never_too_late() {
    let replies = [
        Reply::status(429).header("Retry-After", "0"),
        Reply::status(202),
    ];
    let late = (Verdict::Ok, "retry 1 after 60.0 s; 0 s were due (late)");
    said(&replies, &[60_000], End::Ended, late);
    said(&replies, &[0], End::Ended, (Verdict::Ok, ""));
}

#[test]
fn jitter_is_a_range() {
    let replies = [Reply::status(503), Reply::status(202)];
    let exchanges = exchanges(&replies, 2);
    let policy = policy().jitter(retrospec::Jitter::Full);
    for (ms, expected) in [
        (0, Verdict::Ok),
        (8_000, Verdict::Ok),
        (16_001, Verdict::Wrong),
    ] {
        let exchanges = timed(&exchanges, &[ms * MS]);
        let found = judge(&exchanges, &replies, End::Ended, of_table(policy));
        assert_eq!(found.verdict, expected, "{found:?}");
        assert_eq!(found.due, [Duration::from_secs(8)]);
    }
    let far = timed(&exchanges, &[20_000 * MS]);
    let found = judge(&far, &replies, End::Ended, of_table(policy));
    assert_eq!(found.detail, "retry 1 after 20.0 s; 0 to 8 s were due");
}

#[test]
fn both_decisions_are_right_at_a_bound_of_time() {
    // Retry 2 ends 8 + 64 s after the first attempt, and the answers take 10 ms each.
    let replies = [Reply::status(503)];
    let exchanges = exchanges(&replies, 3);
    for (bound, fewer, all) in [
        (71_900, Verdict::Ok, Verdict::Wrong),
        (72_000, Verdict::Ok, Verdict::Ok),
        (72_020, Verdict::Ok, Verdict::Ok),
        (73_000, Verdict::Wrong, Verdict::Ok),
    ] {
        let policy = policy().max_elapsed(bound * MS);
        let judged = |waits: &[Duration]| {
            let exchanges = timed(&exchanges[..=waits.len()], waits);
            judge(&exchanges, &replies, End::Ended, of_table(policy)).verdict
        };
        let [first, second] = [8_000 * MS, 64_000 * MS];
        assert_eq!(judged(&[first]), fewer, "{bound}");
        assert_eq!(judged(&[first, second]), all, "{bound}");
    }
}

#[test]
fn each_request_is_judged_by_itself() {
    let replies = [Reply::status(503), Reply::status(202)];
    let server = Server::start(Script::replies(&replies));
    let mut client = connect(&server);
    for request in ["POST /a", "PUT /a", "POST /b", "POST /a", "POST /b"] {
        let answer = ask(
            &mut client,
            format!("{request} HTTP/1.1\r\n\r\n").as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 "));
    }
    let found = judge(
        &server.exchanges(),
        &replies,
        End::Ended,
        of_table(policy()),
    );
    assert_eq!(found.verdict, Verdict::Wrong);
    assert!(
        found.detail.starts_with("POST /a: retry 1 after 0.00"),
        "{found:?}"
    );
    let codes: Vec<u16> = server
        .exchanges()
        .iter()
        .map(|each| each.reply.code())
        .collect();
    assert_eq!(codes, [503, 503, 503, 202, 202]);
}

#[test]
fn other_bodies_at_one_address_are_named() {
    let replies = [Reply::status(503), Reply::status(202)];
    let server = Server::start(Script::replies(&replies));
    for body in ["1", "2"] {
        let request = format!("POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\n{body}");
        ask(&mut connect(&server), request.as_bytes());
    }
    let found = judge(
        &server.exchanges(),
        &replies,
        End::Ended,
        of_table(policy()),
    );
    let detail = "POST /a: stopped without a retry; 1 was due; \
                  2 requests differ in their body or query, and may be retries";
    assert_eq!(
        (found.verdict, found.detail.as_str()),
        (Verdict::Wrong, detail)
    );
    let final_answer = [Reply::status(500)];
    let found = judge(&server.exchanges(), &final_answer, End::Ended, |_| {
        Err(Reason::NotRetried)
    });
    assert_eq!(found.verdict, Verdict::Unseen);
}

#[test]
fn a_new_key_makes_another_request() {
    let decide = |question: &Question<'_>| match (question.is_idempotent, question.status) {
        (_, Some(202)) => Err(Reason::NotRetried),
        (true, _) => Ok(Duration::ZERO),
        (false, _) => Err(Reason::NotIdempotent),
    };
    let not_due = "sent again 1 time; never was due (the request is not idempotent)";
    let replies = [Reply::status(503), Reply::status(202)];
    for (requests, expected) in [
        (["PUT / HTTP/1.1"; 2], ""),
        (["POST / HTTP/1.1"; 2], not_due),
        (["POST / HTTP/1.1\r\nIdempotency-Key: 1"; 2], ""),
        (
            [
                "POST / HTTP/1.1\r\nIdempotency-Key: 1",
                "POST / HTTP/1.1\r\nidempotency-key: 2",
            ],
            not_due,
        ),
    ] {
        let server = Server::start(Script::replies(&replies));
        for request in requests {
            ask(
                &mut connect(&server),
                format!("{request}\r\n\r\n").as_bytes(),
            );
        }
        let found = judge(&server.exchanges(), &replies, End::Ended, decide);
        assert_eq!(found.detail, expected, "{requests:?}");
    }
}

/// Some clients join header lines of one name, and some take the first.
#[test]
fn two_lines_may_be_read_as_one() {
    let replies = [
        Reply::status(429)
            .header("Retry-After", "2")
            .header("retry-after", "3"),
        Reply::status(202),
    ];
    said(&replies, &[2_000], End::Ended, (Verdict::Ok, ""));
    // `2, 3` is invalid, and then there is no retry.
    said(&replies, &[], End::Ended, (Verdict::Ok, ""));
    let early = (Verdict::Wrong, "retry 1 after 1.0 s; 2 s were due");
    said(&replies, &[1_000], End::Ended, early);
}

#[test]
fn a_head_has_no_body_to_miss() {
    let whole = Reply::status(200).body("abc");
    let replies = [whole.clone().reset_within(whole.head_len()), whole];
    let server = Server::start(Script::replies(&replies));
    for _ in 0..2 {
        let mut client = connect(&server);
        client
            .write_all(b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
            .unwrap();
        let _ = client.read_to_end(&mut Vec::new());
    }
    let found = judge(
        &server.exchanges(),
        &replies,
        End::Ended,
        |question| match question.status {
            Some(_) => Err(Reason::NotRetried),
            None => Ok(Duration::ZERO),
        },
    );
    assert_eq!(found.detail, "sent again 1 time; never was due");
}

#[test]
fn the_next_wait_is_a_range() {
    let replies = [Reply::status(503)];
    let policy = policy().jitter(retrospec::Jitter::Percent(50));
    let exchanges = exchanges(&replies, 1);
    let next =
        |exchanges: &[Exchange]| judge(exchanges, &replies, End::Ended, of_table(policy)).next;
    let seconds = Duration::from_secs;
    assert_eq!(next(&exchanges), Some((seconds(4), seconds(12))));
    assert_eq!(next(&[]), None);
}

#[test]
fn without_a_request_an_end_is_wrong() {
    let replies = [Reply::status(503)];
    let judged = |end| judge(&[], &replies, end, of_table(policy())).verdict;
    assert_eq!(judged(End::Ended), Verdict::Wrong);
    assert_eq!(judged(End::Watched(Instant::now())), Verdict::Unseen);
}

#[test]
fn a_cut_body_may_be_either() {
    // Memfault's table retries neither, so another behavior without a response shows both.
    const OFTEN: retrospec::Backoff = retrospec::Backoff::new(&[Duration::from_secs(1)]);
    let policy: Policy<Status> = policy().transport(retrospec::RetryBehavior::Backoff(&OFTEN));
    let whole = Reply::status(200).body("abc");
    let head = whole.head_len();
    let (once, again) = (&[][..], &[1_000 * MS][..]);
    for (sent, never, retried) in [
        (0, Verdict::Wrong, Verdict::Ok),
        (head - 1, Verdict::Wrong, Verdict::Ok),
        (head, Verdict::Ok, Verdict::Ok),
        (head + 2, Verdict::Ok, Verdict::Ok),
        (head + 3, Verdict::Ok, Verdict::Wrong),
        (usize::MAX, Verdict::Ok, Verdict::Wrong),
    ] {
        let replies = [whole.clone().reset_within(sent), whole.clone()];
        let mut exchanges = exchanges(std::slice::from_ref(&whole), 2);
        for (exchange, reply) in exchanges.iter_mut().zip(&replies) {
            exchange.reply = reply.clone();
        }
        // A retry that may come, and need not, is never overdue.
        let first = timed(&exchanges[..1], once);
        let late = first[0].answered.unwrap() + Duration::from_secs(100);
        let found = judge(&first, &replies, End::Watched(late), of_table(policy));
        let is_overdue = sent < head;
        assert_eq!(
            found.verdict == Verdict::Wrong,
            is_overdue,
            "{sent}: {found:?}"
        );
        for (waits, expected) in [(once, never), (again, retried)] {
            let exchanges = timed(&exchanges[..=waits.len()], waits);
            let found = judge(&exchanges, &replies, End::Ended, of_table(policy));
            assert_eq!(found.verdict, expected, "{sent}: {found:?}");
        }
    }
}
