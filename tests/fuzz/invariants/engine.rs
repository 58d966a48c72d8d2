//! A request through the engine, by any outcomes, bounds and stored waits.

use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use retrospec::{
    Attempt, Backoff, Jitter, Next, Outcome, Policy, Reason, RetryBehavior, SavedWait, StatusTable,
    Stop,
};

use crate::header;

/// A request that is still retried after this many attempts is left alone.
const ATTEMPTS: u32 = 40;

/// A schedule, and what is known of it without the engine.
struct Schedule {
    backoff: &'static Backoff,
    waits: &'static [Duration],
    repeats: bool,
    jitter: Jitter,
    added: Duration,
}

const SOME_WAITS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(8), Duration::MAX];
const ENDS: Backoff = Backoff::new(&SOME_WAITS).jitter(Jitter::Equal);
const REPEATS: Backoff = Backoff::new(&SOME_WAITS).repeat_last().jitter(Jitter::Full);

const SHORT_WAITS: [Duration; 4] = [
    Duration::from_millis(30),
    Duration::from_millis(7_500),
    Duration::from_secs(25),
    Duration::from_secs(30),
];
const SPREADS: Backoff = Backoff::new(&SHORT_WAITS)
    .repeat_last()
    .jitter(Jitter::Percent(50));
const ADDS: Backoff = Backoff::new(&SHORT_WAITS).added_jitter(1_500);
const STAYS: Backoff = Backoff::new(&SHORT_WAITS).repeat_last();

static SCHEDULES: [Schedule; 6] = [
    Schedule {
        backoff: &example_status::EXPONENTIAL,
        waits: &example_status::EXPONENTIAL_WAITS,
        repeats: false,
        jitter: Jitter::None,
        added: Duration::ZERO,
    },
    Schedule {
        backoff: &SPREADS,
        waits: &SHORT_WAITS,
        repeats: true,
        jitter: Jitter::Percent(50),
        added: Duration::ZERO,
    },
    Schedule {
        backoff: &ADDS,
        waits: &SHORT_WAITS,
        repeats: false,
        jitter: Jitter::None,
        added: Duration::from_millis(1_500),
    },
    Schedule {
        backoff: &STAYS,
        waits: &SHORT_WAITS,
        repeats: true,
        jitter: Jitter::None,
        added: Duration::ZERO,
    },
    Schedule {
        backoff: &ENDS,
        waits: &SOME_WAITS,
        repeats: false,
        jitter: Jitter::Equal,
        added: Duration::ZERO,
    },
    Schedule {
        backoff: &REPEATS,
        waits: &SOME_WAITS,
        repeats: true,
        jitter: Jitter::Full,
        added: Duration::ZERO,
    },
];

/// A table without a limit on retries, with one on time, and with jitter.
struct Patient;

impl StatusTable for Patient {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = Some(Duration::from_secs(300));
    const TRANSPORT: RetryBehavior = RetryBehavior::Backoff(&SPREADS);

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 | 502..=504 => RetryBehavior::RetryAfterOrBackoff(&SPREADS),
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

/// A table without any limit, and with a row for a class.
struct Endless;

impl StatusTable for Endless {
    const MAX_RETRIES: Option<u32> = None;
    const MAX_ELAPSED: Option<Duration> = None;
    const TRANSPORT: RetryBehavior = RetryBehavior::Backoff(&STAYS);

    fn retry_behavior(code: u16) -> RetryBehavior {
        match code {
            429 | 500..=599 => RetryBehavior::RetryAfterOrBackoff(&STAYS),
            _ => RetryBehavior::DoNotRetry,
        }
    }

    fn name(_: u16) -> Option<&'static str> {
        None
    }
}

/// What happens to one request.
#[derive(Arbitrary, Debug)]
pub(crate) struct Plan {
    table: Table,
    bounds: Bounds,
    /// Whether it begins with a stored wait, and how much of that is over.
    stored: Option<(Stored, Wait)>,
    /// How often the request can be sent.
    copies: u8,
    /// Gone through again and again; one at least.
    #[arbitrary(with = steps)]
    steps: Vec<Step>,
}

#[derive(Arbitrary, Debug)]
enum Table {
    Example,
    Patient,
    Endless,
}

#[derive(Arbitrary, Debug)]
struct Bounds {
    max_retries: Option<Number>,
    max_elapsed: Option<Wait>,
    max_retry_after: Option<Wait>,
    transport: Option<Behavior>,
    jitter: Option<Spread>,
    retry_after_jitter: u8,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Behavior {
    Never,
    RetryAfter,
    Backoff(u8),
    RetryAfterOrBackoff(u8),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Spread {
    None,
    Full,
    Equal,
    Percent(u8),
    Down(u8),
    Up(u8),
}

#[derive(Arbitrary, Debug)]
struct Stored {
    retry: Number,
    duration: Wait,
    waited: Wait,
    elapsed: Wait,
}

#[derive(Arbitrary, Debug)]
struct Step {
    kind: Kind,
    retry_after: Option<Value>,
    date: Option<Value>,
    now: Option<Wait>,
    elapsed: Option<Wait>,
    random: Option<Number>,
    /// Whether the wait that follows is stored, and how much of it is over when it is resumed.
    passed: Option<Wait>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Status(u16),
    NoResponse,
    NotSent,
    Failed,
}

/// The value of a header.
#[derive(Arbitrary, Debug)]
enum Value {
    Seconds(Wait),
    Decimal(Wait),
    Date(Wait, u8),
    Bytes(Vec<u8>),
}

/// A duration, often one at which something changes.
#[derive(Clone, Copy, Debug)]
struct Wait(Duration);

/// The waits of the example table, their sums, a day and what is next to nothing or to everything.
const TURNS: [u64; 15] = [
    0,
    1,
    2,
    5,
    8,
    64,
    72,
    512,
    584,
    4_096,
    32_768,
    86_400,
    1_795_305_600,
    u64::MAX - 1,
    u64::MAX,
];

impl<'a> Arbitrary<'a> for Wait {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let nanos = |u: &mut Unstructured| u.int_in_range(0..=999_999_999);
        Ok(Self(match u.int_in_range(0..=3)? {
            0 | 1 => Duration::from_secs(*u.choose(&TURNS)?),
            2 => Duration::new(u.arbitrary::<u16>()?.into(), nanos(u)?),
            _ => Duration::new(u.arbitrary()?, nanos(u)?),
        }))
    }
}

/// A number, often a small one or the largest.
#[derive(Clone, Copy, Debug)]
struct Number(u32);

impl<'a> Arbitrary<'a> for Number {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self(match u.int_in_range(0..=3)? {
            0 | 1 => u.int_in_range(0..=7)?,
            2 => u32::MAX,
            _ => u.arbitrary()?,
        }))
    }
}

/// Often one that is retried.
impl<'a> Arbitrary<'a> for Kind {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let codes = [200, 404, 429, 429, 429, 500, 502, 503, 503, 504];
        Ok(match u.int_in_range(0..=15)? {
            0 => Self::Failed,
            1 => Self::Status(u.arbitrary()?),
            2..=4 => Self::NoResponse,
            5 => Self::NotSent,
            _ => Self::Status(*u.choose(&codes)?),
        })
    }
}

/// As many as there are bytes for.
fn steps(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<Step>> {
    let mut steps = vec![u.arbitrary()?];
    while !u.is_empty() && steps.len() < ATTEMPTS as usize {
        steps.push(u.arbitrary()?);
    }
    Ok(steps)
}

impl Value {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Seconds(wait) => wait.0.as_secs().to_string().into_bytes(),
            Self::Decimal(wait) => {
                let nanos = wait.0.subsec_nanos();
                format!("{}.{nanos:09}", wait.0.as_secs()).into_bytes()
            }
            Self::Date(instant, form) => {
                let forms = header::forms(instant.0.as_secs());
                forms[usize::from(*form) % 3].clone().into_bytes()
            }
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl Behavior {
    fn behavior(self) -> RetryBehavior {
        let schedule = |n: u8| SCHEDULES[usize::from(n) % SCHEDULES.len()].backoff;
        match self {
            Self::Never => RetryBehavior::DoNotRetry,
            Self::RetryAfter => RetryBehavior::RetryAfter,
            Self::Backoff(n) => RetryBehavior::Backoff(schedule(n)),
            Self::RetryAfterOrBackoff(n) => RetryBehavior::RetryAfterOrBackoff(schedule(n)),
        }
    }
}

impl Spread {
    fn jitter(self) -> Jitter {
        match self {
            Self::None => Jitter::None,
            Self::Full => Jitter::Full,
            Self::Equal => Jitter::Equal,
            Self::Percent(percent) => Jitter::Percent(percent),
            Self::Down(percent) => Jitter::Down(percent),
            Self::Up(percent) => Jitter::Up(percent),
        }
    }
}

/// Returns how the request ended, or `None` if its caller gave it up or it would go on.
pub(crate) fn check(plan: &Plan) -> Option<Stop> {
    match plan.table {
        Table::Example => run::<example_status::Status>(plan),
        Table::Patient => run::<Patient>(plan),
        Table::Endless => run::<Endless>(plan),
    }
}

/// The bounds of a policy, as its caller knows them.
struct Limits {
    max_retries: Option<u32>,
    max_elapsed: Option<Duration>,
    max_retry_after: Duration,
    transport: RetryBehavior,
    jitter: Option<Jitter>,
    retry_after_jitter: u8,
}

/// What is known of a request before its next attempt.
#[derive(Default)]
struct Known {
    retries: u32,
    waited: Duration,
    elapsed: Duration,
    resumed: Duration,
}

fn run<T: StatusTable>(plan: &Plan) -> Option<Stop> {
    let (policy, limits) = policy::<T>(&plan.bounds);
    let (mut attempt, mut known) = begin(policy, &limits, plan);
    assert_eq!(attempt.retries(), known.retries);
    for (step, copy) in plan.steps.iter().cycle().zip(1..=ATTEMPTS) {
        let header = step.retry_after.as_ref().map(Value::bytes);
        let date = step.date.as_ref().map(Value::bytes);
        let outcome = outcome(step, header.as_deref(), date.as_deref());
        let asked = header.as_deref().map(|header| {
            let now = step.now.map(|now| now.0.as_secs());
            header::expected(header, date.as_deref(), now)
        });
        let elapsed = match step.elapsed {
            Some(Wait(elapsed)) if !elapsed.is_zero() => {
                known.elapsed.max(sum(known.resumed, elapsed))
            }
            _ => known.elapsed,
        };
        let is_over = |wait: Duration| {
            let start = sum(elapsed, wait);
            // A longer one is no limit.
            let max = limits.max_elapsed.filter(|max| *max < LAST_SECOND);
            max.is_some_and(|max| start > max)
        };
        let retry = known.retries.saturating_add(1);
        let allowed = limits.allow::<T>(step, asked, retry);
        let wait = match (attempt.next(outcome), allowed) {
            (Next::Retry(wait), Ok((shortest, longest))) => {
                let duration = wait.duration();
                assert!(
                    (shortest..=longest).contains(&duration),
                    "{duration:?}, not {shortest:?} to {longest:?}"
                );
                assert!(!is_over(duration), "{duration:?} after {elapsed:?}");
                wait
            }
            (Next::Stop(stop), allowed) => {
                assert_eq!((stop.retries, stop.waited), (known.retries, known.waited));
                match allowed {
                    Err(reason) => assert_eq!(stop.reason, reason),
                    Ok((_, longest)) => {
                        assert_eq!(stop.reason, Reason::MaxElapsed);
                        let is_saturated = sum(elapsed, longest) >= LAST_SECOND;
                        assert!(
                            is_over(longest) || is_saturated,
                            "{longest:?} after {elapsed:?}"
                        );
                    }
                }
                return Some(stop);
            }
            (Next::Retry(wait), Err(reason)) => panic!("{wait:?}, where {reason}"),
        };
        let duration = wait.duration();
        known.retries = retry;
        known.waited = sum(known.waited, duration);
        known.elapsed = sum(elapsed, duration);
        let elapsed = known.elapsed.saturating_sub(held(duration));
        let saved = SavedWait {
            retry,
            duration,
            waited: known.waited,
            elapsed,
        };
        assert_eq!((wait.retry(), wait.save()), (retry, saved));
        if copy == u32::from(plan.copies) {
            let reason = Reason::CannotResend;
            let stop = Stop {
                reason,
                retries: retry - 1,
                waited: known.waited.saturating_sub(held(duration)),
            };
            assert_eq!(wait.stop(reason), stop);
            return None;
        }
        let Some(Wait(passed)) = step.passed else {
            attempt = wait.sleep(|slept| assert_eq!(slept, duration));
            continue;
        };
        let wait = policy.resume(saved, passed);
        let left = held(duration).saturating_sub(held(passed));
        let off = wait.duration().abs_diff(left);
        assert!(
            off <= saturation(duration),
            "{:?}, not {left:?}",
            wait.duration()
        );
        assert_eq!(wait.retry(), retry);
        known.resumed = sum(elapsed, passed);
        known.elapsed = sum(known.resumed, wait.duration());
        attempt = wait.into_attempt();
    }
    let is_bounded = limits.max_retries.is_some_and(|max| max < ATTEMPTS);
    assert!(!is_bounded, "no end after {ATTEMPTS} attempts");
    None
}

fn policy<T: StatusTable>(bounds: &Bounds) -> (Policy<T>, Limits) {
    let mut policy = Policy::new();
    let mut limits = Limits {
        max_retries: T::MAX_RETRIES,
        max_elapsed: T::MAX_ELAPSED,
        max_retry_after: Duration::from_secs(86_400),
        transport: T::TRANSPORT,
        jitter: None,
        retry_after_jitter: bounds.retry_after_jitter.min(100),
    };
    policy = policy.retry_after_jitter(bounds.retry_after_jitter);
    if let Some(Number(retries)) = bounds.max_retries {
        policy = policy.max_retries(retries);
        limits.max_retries = Some(retries);
    }
    if let Some(Wait(elapsed)) = bounds.max_elapsed {
        policy = policy.max_elapsed(elapsed);
        limits.max_elapsed = Some(elapsed);
    }
    if let Some(Wait(wait)) = bounds.max_retry_after {
        policy = policy.max_retry_after(wait);
        limits.max_retry_after = wait;
    }
    if let Some(behavior) = bounds.transport {
        policy = policy.transport(behavior.behavior());
        limits.transport = behavior.behavior();
    }
    if let Some(spread) = bounds.jitter {
        policy = policy.jitter(spread.jitter());
        limits.jitter = Some(spread.jitter());
    }
    (policy, limits)
}

fn begin<T: StatusTable>(policy: Policy<T>, limits: &Limits, plan: &Plan) -> (Attempt<T>, Known) {
    let Some((stored, Wait(passed))) = &plan.stored else {
        return (policy.first_attempt(), Known::default());
    };
    let saved = SavedWait {
        retry: stored.retry.0,
        duration: stored.duration.0,
        waited: stored.waited.0,
        elapsed: stored.elapsed.0,
    };
    let wait = policy.resume(saved, *passed);
    let retry = saved.retry.max(1);
    let longest = limits.longest_wait::<T>(retry);
    let left = held(saved.duration)
        .min(longest)
        .saturating_sub(held(*passed));
    let off = wait.duration().abs_diff(left);
    assert!(
        off <= ROUNDING + saturation(longest),
        "{:?}, not {left:?}",
        wait.duration()
    );
    assert_eq!(wait.retry(), retry);
    let resumed = sum(saved.elapsed, *passed);
    let known = Known {
        retries: retry,
        waited: held(saved.waited),
        elapsed: sum(resumed, wait.duration()),
        resumed,
    };
    (wait.into_attempt(), known)
}

fn outcome<'a>(step: &Step, header: Option<&'a [u8]>, date: Option<&'a [u8]>) -> Outcome<'a> {
    let outcome = match step.kind {
        Kind::Status(code) => Outcome::status(code),
        Kind::NoResponse => Outcome::no_response(),
        Kind::NotSent => Outcome::not_sent(),
        Kind::Failed => Outcome::failed(),
    };
    let mut outcome = outcome.retry_after(header).date(date);
    if let Some(now) = step.now {
        outcome = outcome.now(now.0.as_secs());
    }
    if let Some(elapsed) = step.elapsed {
        outcome = outcome.elapsed(elapsed.0);
    }
    if let Some(random) = step.random {
        outcome = outcome.random(random.0);
    }
    outcome
}

/// Two of the engine's roundings, each of less than a nanosecond; a percentage goes both ways and has them twice.
const ROUNDING: Duration = Duration::from_nanos(4);

impl Limits {
    /// The shortest and the longest wait that the table and the bounds allow before a retry, but for
    /// `max_elapsed`; or why none.
    fn allow<T: StatusTable>(
        &self,
        step: &Step,
        asked: Option<Result<Duration, Reason>>,
        retry: u32,
    ) -> Result<(Duration, Duration), Reason> {
        let behavior = match step.kind {
            Kind::Status(code) => T::retry_behavior(code),
            Kind::NoResponse | Kind::NotSent => self.transport,
            Kind::Failed => RetryBehavior::DoNotRetry,
        };
        let (asked, schedule) = match (behavior, asked) {
            (RetryBehavior::DoNotRetry, _) => return Err(Reason::NotRetried),
            (RetryBehavior::RetryAfter, asked) => (asked.ok_or(Reason::NoRetryAfter)??, None),
            (RetryBehavior::RetryAfterOrBackoff(_), Some(Ok(asked))) if !asked.is_zero() => {
                (asked, None)
            }
            (RetryBehavior::Backoff(backoff) | RetryBehavior::RetryAfterOrBackoff(backoff), _) => {
                (Duration::ZERO, Some(backoff))
            }
        };
        if self.max_retries.is_some_and(|max| retry > max) {
            return Err(Reason::MaxRetries);
        }
        let random = step.random.map(|random| random.0);
        match schedule {
            None if held(asked) > held(self.max_retry_after) => {
                Err(Reason::RetryAfterTooLong(asked))
            }
            None => Ok(self.spread_upwards(asked, random)),
            Some(backoff) => self
                .spread::<T>(backoff, retry, random)
                .ok_or(Reason::MaxRetries),
        }
    }

    /// The wait of a schedule by a random number, as closely as roundings allow; `None` if the schedule
    /// has ended.
    fn spread<T: StatusTable>(
        &self,
        backoff: &Backoff,
        retry: u32,
        random: Option<u32>,
    ) -> Option<(Duration, Duration)> {
        let schedule = SCHEDULES.iter().find(|known| known.backoff == backoff)?;
        let last = schedule.waits.last().filter(|_| schedule.repeats);
        let wait = schedule.waits.get(retry as usize - 1).or(last)?;
        let Some(random) = random else {
            return Some((*wait, *wait));
        };
        let nanos = held(*wait).as_nanos();
        let (shortest, longest) = match self.jitter.unwrap_or(schedule.jitter) {
            Jitter::None => (nanos, nanos),
            Jitter::Full => (0, nanos),
            Jitter::Equal => (nanos / 2, nanos),
            Jitter::Percent(percent) => {
                let reach = nanos * u128::from(percent.min(100)) / 100;
                (nanos - reach, nanos + reach)
            }
            Jitter::Down(percent) => (nanos - nanos * u128::from(percent.min(100)) / 100, nanos),
            Jitter::Up(percent) => (nanos, nanos + nanos * u128::from(percent.min(100)) / 100),
        };
        let added = match self.jitter {
            None if T::HAS_ADDED_JITTER => schedule.added.as_nanos(),
            _ => 0,
        };
        if (shortest, longest, added) == (nanos, nanos, 0) {
            return Some((*wait, *wait));
        }
        Some(place(shortest, longest + added, random))
    }

    /// The wait that a server asks for, by a random number.
    fn spread_upwards(&self, asked: Duration, random: Option<u32>) -> (Duration, Duration) {
        let nanos = held(asked).as_nanos();
        let longest = nanos + nanos * u128::from(self.retry_after_jitter) / 100;
        match random {
            Some(random) if longest > nanos => place(nanos, longest, random),
            _ => (asked, asked),
        }
    }

    fn longest_asked(&self) -> Duration {
        self.spread_upwards(self.max_retry_after, Some(u32::MAX)).1
    }

    /// All three tables have one schedule and honour `Retry-After`.
    fn longest_wait<T: StatusTable>(&self, retry: u32) -> Duration {
        let rows = [429, 503].map(T::retry_behavior);
        rows.into_iter()
            .chain([self.transport])
            .map(|behavior| match behavior {
                RetryBehavior::DoNotRetry => Duration::ZERO,
                RetryBehavior::RetryAfter => self.longest_asked(),
                RetryBehavior::Backoff(backoff) => self.longest_scheduled::<T>(backoff, retry),
                RetryBehavior::RetryAfterOrBackoff(backoff) => self
                    .longest_asked()
                    .max(self.longest_scheduled::<T>(backoff, retry)),
            })
            .map(held)
            .fold(Duration::ZERO, Duration::max)
    }

    fn longest_scheduled<T: StatusTable>(&self, backoff: &Backoff, retry: u32) -> Duration {
        self.spread::<T>(backoff, retry, Some(u32::MAX))
            .map_or(Duration::ZERO, |(_, longest)| longest)
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// The second after which the engine's seconds saturate.
const LAST_SECOND: Duration = Duration::from_secs(u32::MAX as u64);

fn held(duration: Duration) -> Duration {
    let secs = duration.as_secs().min(LAST_SECOND.as_secs());
    Duration::new(secs, duration.subsec_nanos())
}

/// How far off a wait may be because its seconds may have saturated, which nanoseconds do not.
fn saturation(wait: Duration) -> Duration {
    if wait < LAST_SECOND {
        Duration::ZERO
    } else {
        SECOND
    }
}

fn sum(a: Duration, b: Duration) -> Duration {
    held(held(a) + held(b))
}

/// The place of a random number between two waits, as closely as roundings allow.
fn place(shortest: u128, longest: u128, random: u32) -> (Duration, Duration) {
    let range = longest - shortest;
    let place = shortest + range * u128::from(random) / u128::from(u32::MAX);
    let slack = match random {
        0 | u32::MAX => ROUNDING.as_nanos(),
        // One step of a random number: the engine's are of another length, so that both ends are reached.
        _ => range / (1 << 32) + ROUNDING.as_nanos(),
    };
    let from = duration(shortest.max(place.saturating_sub(slack)));
    (from.min(LAST_SECOND), duration(longest.min(place + slack)))
}

fn duration(nanos: u128) -> Duration {
    let nanos = nanos.min((LAST_SECOND + SECOND).as_nanos() - 1);
    let secs = u64::try_from(nanos / 1_000_000_000).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanos % 1_000_000_000).unwrap_or(0);
    Duration::new(secs, rest)
}
