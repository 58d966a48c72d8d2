use core::hint::black_box;
use core::time::Duration;

use retrospec::Outcome;

use crate::facts::{RETRIES, SECONDS};
use crate::{device, print_number};

/// A response as a client's HTTP layer hands it over, with the clocks read.
#[derive(Clone, Copy)]
pub struct Response {
    /// 0 if no response came.
    pub code: u16,
    pub retry_after: Option<&'static [u8]>,
    /// What `retry_after` comes to, for a client that does not read the header.
    pub retry_after_seconds: Option<u32>,
    pub date: Option<&'static [u8]>,
    pub now: u64,
    pub elapsed: Duration,
    pub random: u32,
}

/// With it, jitter that goes both ways leaves a wait as it is, but for nanoseconds.
const HALF: u32 = 1 << 31;

const fn response(code: u16) -> Response {
    Response {
        code,
        retry_after: None,
        retry_after_seconds: None,
        date: None,
        now: 784_111_747,
        elapsed: Duration::ZERO,
        random: HALF,
    }
}

/// One for each attempt. A date is in the form that takes the engine deepest into its stack.
static RESPONSES: [Response; RETRIES as usize + 1] = {
    let mut responses = [response(503); RETRIES as usize + 1];
    responses[1] = response(502);
    responses[2] = Response {
        retry_after: Some(b"Sunday, 06-Nov-94 08:49:37 GMT"),
        retry_after_seconds: Some(30),
        date: Some(b"Sunday, 06-Nov-94 08:49:07 GMT"),
        // A server's wait is spread upwards only, so this leaves it as it is.
        random: 0,
        ..response(429)
    };
    responses[3] = response(504);
    responses
};
/// By the schedule, but for the wait that the server asks for.
const DOCUMENTED: u64 = {
    let mut seconds = 30;
    let mut retry = 0;
    while retry < SECONDS.len() {
        if retry != 2 {
            seconds += SECONDS[retry];
        }
        retry += 1;
    }
    seconds
};

/// Around each measured client, the same: the optimizer knows neither what comes out of it nor what
/// becomes of what goes in.
pub struct Server {
    responses: core::slice::Iter<'static, Response>,
    slept: u64,
    nanos: u32,
}

impl Server {
    #[must_use]
    pub fn start() -> Self {
        Self {
            responses: black_box(&RESPONSES).iter(),
            slept: 0,
            nanos: 0,
        }
    }

    #[inline(never)]
    pub fn response(&mut self) -> &'static Response {
        match self.responses.next() {
            Some(response) => black_box(response),
            None => device::exit(false),
        }
    }

    /// The next response, as the engine takes it.
    #[inline]
    pub fn outcome(&mut self) -> Outcome<'static> {
        let response = self.response();
        let outcome = match response.code {
            0 => Outcome::no_response(),
            code => Outcome::status(code),
        };
        outcome
            .retry_after(response.retry_after)
            .date(response.date)
            .now(response.now)
            .elapsed(response.elapsed)
            .random(response.random)
    }

    #[inline(never)]
    pub fn sleep(&mut self, wait: Duration) {
        self.slept = self.slept.wrapping_add(wait.as_secs());
        self.nanos += wait.subsec_nanos();
    }

    /// After a client has stopped: says what it took, and ends the program.
    #[inline(never)]
    pub fn finish(&self) -> ! {
        let (flash, stack) = (device::flash(), device::stack());
        device::print("flash ");
        print_number(flash);
        device::print("\nstack ");
        print_number(stack);
        device::print("\n");
        let all_responses = self.responses.len() == 0;
        device::exit(all_responses && self.slept == DOCUMENTED && self.nanos < 1_000_000)
    }
}
