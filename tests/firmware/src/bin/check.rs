//! Every code, and scripted responses, decided on the device, as the facts of Memfault's page say.

#![no_std]
#![no_main]

use core::time::Duration;

use memfault_status::{EXPONENTIAL, MAX_RETRIES, Status, policy, retry_behavior};
use retrospec::{Jitter, Next, Outcome, Policy, Reason, RetryBehavior, StatusTable};
use retrospec_firmware::device::{self, print};
use retrospec_firmware::facts::{self, Action, RETRIES, SECONDS};
use retrospec_firmware::print_number;

/// Friday, 1999-12-31 23:59:29 UTC, by `date -u -d '1999-12-31 23:59:29' +%s`.
const NOW: u64 = 946_684_769;
const IMF_FIXDATE: &[u8] = b"Fri, 31 Dec 1999 23:59:59 GMT";
const RFC_850: &[u8] = b"Friday, 31-Dec-99 23:59:59 GMT";
const ASCTIME: &[u8] = b"Fri Dec 31 23:59:59 1999";

#[no_mangle]
extern "C" fn main() -> ! {
    let results = [
        say("65536 codes against the facts", (0..=u16::MAX).all(code)),
        say("the schedule and its end", schedule()),
        say("503 for ever", {
            let again = [Outcome::status(503); RETRIES as usize + 1];
            script(policy(), &again, &SECONDS, Reason::MaxRetries)
        }),
        say("404", {
            let responses = [Outcome::status(404)];
            script(policy(), &responses, &[], Reason::NotRetried)
        }),
        say("no response", {
            let responses = [Outcome::no_response()];
            script(policy(), &responses, &[], Reason::NotRetried)
        }),
        say("no response, retried by the policy, then 202", {
            let policy = policy().transport(RetryBehavior::Backoff(&EXPONENTIAL));
            let responses = [Outcome::no_response(), Outcome::status(202)];
            script(policy, &responses, &SECONDS[..1], Reason::NotRetried)
        }),
        say("429 with Retry-After: 30, then 202", {
            let responses = [too_many(b"30"), Outcome::status(202)];
            script(policy(), &responses, &[30], Reason::NotRetried)
        }),
        say("429 without Retry-After", {
            let responses = [Outcome::status(429)];
            script(policy(), &responses, &[], Reason::NoRetryAfter)
        }),
        say("429 with Retry-After: soon", {
            let responses = [too_many(b"soon")];
            script(policy(), &responses, &[], Reason::InvalidRetryAfter)
        }),
        say("429 with a date in each form, by the clock", {
            let at = |date| too_many(date).now(NOW);
            let responses = [
                at(IMF_FIXDATE),
                at(RFC_850),
                at(ASCTIME),
                Outcome::status(202),
            ];
            script(policy(), &responses, &[30, 30, 30], Reason::NotRetried)
        }),
        say("429 with a date, by Date, where the clock is wrong", {
            let date = Some(b"Fri, 31 Dec 1999 23:59:49 GMT".as_slice());
            let responses = [
                too_many(IMF_FIXDATE).date(date).now(0),
                Outcome::status(202),
            ];
            script(policy(), &responses, &[10], Reason::NotRetried)
        }),
        say("429 with a date and no clock", {
            let responses = [too_many(IMF_FIXDATE)];
            script(policy(), &responses, &[], Reason::NoClock)
        }),
        say("429 with Retry-After: 86401", {
            let reason = Reason::RetryAfterTooLong(Duration::from_secs(86_401));
            script(policy(), &[too_many(b"86401")], &[], reason)
        }),
        say("503, 429, 502 share the schedule's numbers", {
            let responses =
                [503, 429, 502, 200].map(|code| Outcome::status(code).retry_after(Some(b"1")));
            let seconds = [SECONDS[0], 1, SECONDS[2]];
            script(policy(), &responses, &seconds, Reason::NotRetried)
        }),
        say("503 for ever, until the fourth wait is too long", {
            let again = [503; 4].map(|code| Outcome::status(code).elapsed(Duration::ZERO));
            let policy = policy().max_elapsed(Duration::from_secs(SECONDS[3] - 1));
            script(policy, &again, &SECONDS[..3], Reason::MaxElapsed)
        }),
        say("503 for ever, spread by 25 %", {
            let random = |n| if n % 2 == 0 { 0 } else { u32::MAX };
            let again: [_; RETRIES as usize + 1] =
                core::array::from_fn(|n| Outcome::status(503).random(random(n)));
            let spread: [u64; RETRIES as usize] =
                core::array::from_fn(|n| SECONDS[n] * if n % 2 == 0 { 3 } else { 5 } / 4);
            let policy = policy().jitter(Jitter::Percent(25));
            script(policy, &again, &spread, Reason::MaxRetries)
        }),
        say("a wait stored, and resumed 5 s later", resume()),
    ];
    print("stack ");
    print_number(device::stack());
    print("\n");
    device::exit(results.into_iter().all(|passed| passed))
}

fn say(what: &str, passed: bool) -> bool {
    print(if passed { "ok    " } else { "WRONG " });
    print(what);
    print("\n");
    passed
}

fn too_many(retry_after: &[u8]) -> Outcome<'_> {
    Outcome::status(429).retry_after(Some(retry_after))
}

fn code(code: u16) -> bool {
    let expected = facts::action(code);
    let found = |behavior| match behavior {
        RetryBehavior::DoNotRetry => Some(Action::Never),
        RetryBehavior::RetryAfter => Some(Action::Header),
        RetryBehavior::Backoff(schedule) if *schedule == EXPONENTIAL => Some(Action::Backoff),
        RetryBehavior::RetryAfterOrBackoff(schedule) if *schedule == EXPONENTIAL => {
            Some(Action::HeaderOrBackoff)
        }
        _ => None,
    };
    let status = Status::from_code(code);
    let name = facts::name(code);
    found(retry_behavior(code)) == Some(expected)
        && found(<Status as StatusTable>::retry_behavior(code)) == Some(expected)
        && status.map(Status::code) == name.map(|_| code)
        && status.map(Status::name) == name
        && status.is_none_or(|status| found(status.retry_behavior()) == Some(expected))
        && decided(code, expected)
}

/// The engine says the same, with the header and without.
fn decided(code: u16, action: Action) -> bool {
    let answer = |retry_after| {
        let outcome = Outcome::status(code).retry_after(retry_after);
        match policy().first_attempt().next(outcome) {
            Next::Retry(wait) => Ok(wait.duration().as_secs()),
            Next::Stop(stop) => Err(stop.reason),
        }
    };
    let (with, without) = match action {
        Action::Never => (Err(Reason::NotRetried), Err(Reason::NotRetried)),
        Action::Header => (Ok(30), Err(Reason::NoRetryAfter)),
        Action::Backoff => (Ok(SECONDS[0]), Ok(SECONDS[0])),
        Action::HeaderOrBackoff => (Ok(30), Ok(SECONDS[0])),
    };
    answer(Some(b"30")) == with && answer(None) == without
}

fn schedule() -> bool {
    let waits = (1..).zip(SECONDS);
    MAX_RETRIES == RETRIES
        && EXPONENTIAL.wait(0).is_none()
        && EXPONENTIAL.wait(RETRIES + 1).is_none()
        && waits
            .into_iter()
            .all(|(retry, seconds)| EXPONENTIAL.wait(retry) == Some(Duration::from_secs(seconds)))
}

/// Waits `seconds`, a retry each, and then stops because of `reason` with no response left.
fn script(
    policy: Policy<Status>,
    responses: &[Outcome<'_>],
    seconds: &[u64],
    reason: Reason,
) -> bool {
    let mut expected = seconds.iter();
    let mut responses = responses.iter();
    let mut attempt = policy.first_attempt();
    while let Some(response) = responses.next() {
        match attempt.next(*response) {
            Next::Retry(wait) => {
                let seconds = expected.next().copied().map(Duration::from_secs);
                if seconds != Some(wait.duration()) {
                    return false;
                }
                attempt = wait.into_attempt();
            }
            Next::Stop(stop) => {
                return stop.reason == reason
                    && stop.retries as usize == seconds.len()
                    && expected.next().is_none()
                    && responses.next().is_none();
            }
        }
    }
    false
}

fn resume() -> bool {
    let Next::Retry(wait) = policy().first_attempt().next(Outcome::status(503)) else {
        return false;
    };
    let wait = policy().resume(wait.save(), Duration::from_secs(5));
    if (wait.retry(), wait.duration()) != (1, Duration::from_secs(SECONDS[0] - 5)) {
        return false;
    }
    match wait.into_attempt().next(Outcome::status(503)) {
        Next::Retry(wait) => {
            (wait.retry(), wait.duration()) == (2, Duration::from_secs(SECONDS[1]))
        }
        Next::Stop(_) => false,
    }
}
