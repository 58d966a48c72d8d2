//! One request in trouble, without a network: the five waits of Memfault's schedule (8 s, then times 8),
//! what follows six answers of 503, and what follows a 429 with `Retry-After`.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backon::BackoffBuilder;
use memfault_status::{EXPONENTIAL, policy};
use retrospec::{Next, Outcome};
use retrospec_benches::{Case, case, next, run};
use retry_policies::{Jitter, RetryDecision, RetryPolicy};
use tokio::time::sleep;
use tower::retry::backoff::{Backoff as _, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::HasherRng;

const FIRST: Duration = Duration::from_secs(8);
const LONGEST: Duration = Duration::from_secs(32_768);
const RETRIES: u32 = 5;
const SECONDS: &[u8] = b"120";
const DATE: &[u8] = b"Sun, 06 Nov 2033 08:49:37 GMT";
const NOW: u64 = 2_000_000_000;

/// What a user of a peer writes around its schedule: the table, and how to read the header.
fn by_hand<W>(response: &Response, read: impl Fn(&str) -> Option<W>, scheduled: W) -> Option<W> {
    match response.code {
        429 => read(str::from_utf8(response.retry_after?).ok()?),
        502..=504 => Some(scheduled),
        _ => None,
    }
}

fn seconds(value: &str) -> Option<Duration> {
    value.trim_ascii().parse().ok().map(Duration::from_secs)
}

fn date(value: &str, now: u64) -> Option<Duration> {
    let now = UNIX_EPOCH + Duration::from_secs(now);
    let until = httpdate::parse_http_date(value).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

fn see<W>(wait: W) {
    drop(black_box(wait));
}

/// A peer, with its waits as an iterator of what it hands out, which may be a sleep.
fn peer<'a, I: Iterator>(
    names: [&'a str; 3],
    waits: impl Fn() -> I + Copy + 'a,
    wait: impl Fn(Duration) -> I::Item + Copy + 'a,
) -> [Case<'a>; 3] {
    let read = move |value: &_| seconds(value).map(wait);
    let decide = move |responses: &[Response]| {
        let mut waits = waits();
        for response in responses {
            let Some(wait) = waits.next() else { break };
            let Some(wait) = by_hand(response, read, wait) else {
                break;
            };
            see(wait);
        }
    };
    [
        case(names[0], move || waits().for_each(see)),
        case(names[1], move || decide(black_box(&DOWN))),
        case(names[2], move || decide(black_box(&THROTTLED))),
    ]
}

/// What a client has of one, whatever it comes to.
struct Response {
    code: u16,
    retry_after: Option<&'static [u8]>,
    date: Option<&'static [u8]>,
    now: u64,
}

const fn response(code: u16, retry_after: Option<&'static [u8]>) -> Response {
    Response {
        code,
        retry_after,
        date: None,
        now: NOW,
    }
}

static DOWN: [Response; RETRIES as usize + 1] =
    [const { response(503, None) }; RETRIES as usize + 1];
static THROTTLED: [Response; 1] = [response(429, Some(SECONDS))];
static THROTTLED_UNTIL: [Response; 1] = [response(429, Some(DATE))];

/// The engine's loop, in one place, as a program has it.
#[inline(never)]
fn ours(responses: &[Response], sleep: fn(Duration)) {
    let mut attempt = policy().first_attempt();
    for response in responses {
        let outcome = Outcome::status(response.code)
            .retry_after(response.retry_after)
            .date(response.date)
            .now(response.now);
        match attempt.next(outcome) {
            Next::Retry(wait) => attempt = wait.sleep(sleep),
            Next::Stop(stop) => return see(stop),
        }
    }
}

/// The same loop, in which each decision is a call.
#[inline(never)]
fn calls(responses: &[Response]) {
    let mut attempt = policy().first_attempt();
    for response in responses {
        let outcome = Outcome::status(response.code)
            .retry_after(response.retry_after)
            .date(response.date)
            .now(response.now);
        match next(attempt, outcome) {
            Next::Retry(wait) => attempt = wait.sleep(see),
            Next::Stop(stop) => return see(stop),
        }
    }
}

/// The schedule alone, without the engine.
fn waits<'a, W>(name: &'a str, wait: impl Fn(Duration) -> W + 'a) -> Case<'a> {
    case(name, move || {
        let schedule = black_box(&EXPONENTIAL);
        let waits = (1..).map_while(|n| schedule.wait(n));
        waits.map(&wait).for_each(see);
    })
}

fn engine(names: [&str; 2], sleep: fn(Duration)) -> [Case<'_>; 2] {
    [
        case(names[0], move || ours(black_box(&DOWN), sleep)),
        case(names[1], move || ours(black_box(&THROTTLED), sleep)),
    ]
}

fn dates<'a, I: Iterator<Item = Duration>>(waits: impl Fn() -> I + 'a) -> [Case<'a>; 2] {
    [
        case("ours-date", || ours(black_box(&THROTTLED_UNTIL), see)),
        case("httpdate-date", move || {
            let responses: &[Response] = black_box(&THROTTLED_UNTIL);
            let each = responses.iter().zip(waits());
            each.map_while(|(response, wait)| {
                by_hand(response, |value| date(value, response.now), wait)
            })
            .for_each(see);
        }),
    ]
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime");
    let _entered = runtime.enter();

    let backon = backon::ExponentialBuilder::new()
        .with_factor(8.0)
        .with_min_delay(FIRST)
        .without_max_delay()
        .with_max_times(RETRIES as usize);
    let retry_policies = retry_policies::policies::ExponentialBackoff::builder()
        .retry_bounds(FIRST, LONGEST)
        .base(8)
        .jitter(Jitter::None)
        .build_with_max_retries(RETRIES);
    let tokio_retry = tokio_retry::strategy::ExponentialBackoff::from_millis(8).factor(1_000);
    // It counts attempts, and its last item is the end.
    let mut exponential = exponential_backoff::Backoff::new(RETRIES + 1, FIRST, None);
    exponential.set_factor(8);
    exponential.set_jitter(0.0);
    // Its factor is 2, always.
    let tower = ExponentialBackoffMaker::new(FIRST, LONGEST, 0.0, HasherRng::new());
    let tower = tower.expect("a backoff");

    let tokio_retry_waits = || black_box(&tokio_retry).clone().take(RETRIES as usize);
    let retry_policies_waits = || {
        let start = SystemTime::now();
        let policy = black_box(&retry_policies);
        (0..).map_while(move |n| match policy.should_retry(start, n) {
            // As reqwest-retry does.
            RetryDecision::Retry { execute_after } => Some(
                execute_after
                    .duration_since(SystemTime::now())
                    .unwrap_or_default(),
            ),
            RetryDecision::DoNotRetry => None,
        })
    };
    let tower_waits = || {
        let mut backoff = black_box(&tower).clone().make_backoff();
        (0..RETRIES).map(move |_| backoff.next_backoff())
    };

    let mut cases = vec![case("loop", || {})];
    cases.push(waits("ours-waits", |wait| wait));
    cases.push(waits("sleep-waits", sleep));
    cases.extend(engine(["ours-503", "ours-429"], see));
    cases.push(case("call-503", || calls(black_box(&DOWN))));
    cases.push(case("call-429", || calls(black_box(&THROTTLED))));
    cases.extend(engine(["sleep-503", "sleep-429"], |wait| see(sleep(wait))));
    cases.extend(peer(
        ["backon-waits", "backon-503", "backon-429"],
        || black_box(&backon).build(),
        |wait| wait,
    ));
    cases.extend(peer(
        [
            "retry-policies-waits",
            "retry-policies-503",
            "retry-policies-429",
        ],
        &retry_policies_waits,
        |wait| wait,
    ));
    cases.extend(peer(
        ["tokio-retry-waits", "tokio-retry-503", "tokio-retry-429"],
        &tokio_retry_waits,
        |wait| wait,
    ));
    cases.extend(peer(
        [
            "exponential-backoff-waits",
            "exponential-backoff-503",
            "exponential-backoff-429",
        ],
        || black_box(&exponential).iter().flatten(),
        |wait| wait,
    ));
    cases.extend(peer(
        ["tower-waits", "tower-503", "tower-429"],
        tower_waits,
        sleep,
    ));
    cases.extend(dates(tokio_retry_waits));
    run(&mut cases)
}
