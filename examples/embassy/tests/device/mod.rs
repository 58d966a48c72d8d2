//! A device whose clock is virtual, and whose radio follows a script.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use embassy_time::{Instant, MockDriver};
use example_embassy::{Failure, Radio, Record, Response, Store, upload};
use retrospec::{SavedWait, Stop};

/// What the radio does with one request.
#[derive(Clone, Copy)]
pub enum Reply {
    Code(u16),
    /// 429 with this `Retry-After`, at a fixed `Date`.
    Limited(&'static str),
    Fails(Failure),
    /// No response comes, and no error either.
    Hangs,
}

pub struct Device {
    pub replies: VecDeque<Reply>,
    /// The seconds at which requests were sent, by the clock that a restart does not stop.
    pub sent: Vec<u64>,
    pub flash: Flash,
    _clock: MutexGuard<'static, ()>,
}

#[derive(Default)]
pub struct Flash {
    pub bytes: Option<[u8; Record::SIZE]>,
    /// What that clock showed when the device was started.
    started: Duration,
}

impl Flash {
    fn now(&self) -> Duration {
        self.started + Duration::from_micros(Instant::now().as_micros())
    }
}

impl Store for Flash {
    fn save(&mut self, wait: Option<SavedWait>) {
        let began = self.now();
        self.bytes = wait.map(|wait| Record { wait, began }.to_bytes());
    }

    fn load(&mut self) -> Option<(SavedWait, Duration)> {
        let record = Record::from_bytes(&self.bytes?);
        Some((record.wait, record.passed(self.now())))
    }
}

struct Script<'a> {
    replies: &'a mut VecDeque<Reply>,
    sent: &'a mut Vec<u64>,
    started: Duration,
}

impl Radio for Script<'_> {
    async fn post(&mut self, chunk: &[u8]) -> Result<Response<'_>, Failure> {
        assert_eq!(chunk, b"chunk");
        self.sent
            .push(self.started.as_secs() + Instant::now().as_secs());
        let (code, retry_after) = match self.replies.pop_front().expect("a further reply") {
            Reply::Code(code) => (code, None),
            Reply::Limited(wait) => (429, Some(wait.as_bytes())),
            Reply::Fails(failure) => return Err(failure),
            Reply::Hangs => pending().await,
        };
        Ok(Response {
            code,
            retry_after,
            date: Some(b"Sun, 06 Nov 1994 08:49:37 GMT"),
        })
    }
}

impl Device {
    pub fn new(replies: &[Reply]) -> Self {
        // All tests of a process share the one driver.
        static CLOCK: Mutex<()> = Mutex::new(());
        let clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        MockDriver::get().reset();
        Self {
            replies: replies.iter().copied().collect(),
            sent: Vec::new(),
            flash: Flash::default(),
            _clock: clock,
        }
    }

    /// Uploads to the end.
    pub fn upload(&mut self) -> (Result<u16, Failure>, Stop) {
        self.upload_for(u64::MAX).expect("an end")
    }

    /// Uploads, and drops the future if it is not done after `seconds`.
    pub fn upload_for(&mut self, seconds: u64) -> Option<(Result<u16, Failure>, Stop)> {
        let mut radio = Script {
            started: self.flash.started,
            replies: &mut self.replies,
            sent: &mut self.sent,
        };
        poll_for(seconds, upload(&mut radio, &mut self.flash, b"chunk", || 0))
    }

    /// Goes off and on again. embassy's clock begins anew.
    pub fn restart(&mut self, off: Duration) {
        self.flash.started = self.flash.now() + off;
        MockDriver::get().reset();
    }
}

/// Runs `future` until it is done, or drops it after `seconds`. Polls it only if it was woken.
pub fn poll_for<F: Future>(seconds: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    for second in 0.. {
        while woken.0.swap(false, Ordering::Relaxed) {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Some(output);
            }
        }
        if second == seconds {
            break;
        }
        MockDriver::get().advance(embassy_time::Duration::from_secs(1));
    }
    None
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
