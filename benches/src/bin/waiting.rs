//! `waiting CASE`: prints the bytes that a request takes while it waits, one of 100,000 in tasks of tokio.

use std::env;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use backon::Retryable;
use memfault_status::policy;
use retrospec::Outcome;
use retrospec_client::{Attempted, retry_async};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{spawn, yield_now};
use tokio::time::{Sleep, sleep};

const TASKS: u32 = 100_000;
const FIRST: Duration = Duration::from_secs(8);

static WAITING: AtomicU32 = AtomicU32::new(0);

/// A sleep that is counted.
fn counted(wait: Duration) -> Sleep {
    WAITING.fetch_add(1, Relaxed);
    sleep(wait)
}

struct Unavailable;

impl Attempted for Unavailable {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::status(503)
    }
}

/// Returns the bytes for each of the tasks that `start` starts, when all of them wait.
fn bytes(runtime: &Runtime, start: impl Fn()) -> f64 {
    let allocated = allocation_counter::measure(|| {
        runtime.block_on(async {
            for _ in 0..TASKS {
                start();
            }
            while WAITING.load(Relaxed) < TASKS {
                yield_now().await;
            }
        });
    });
    let bytes = u32::try_from(allocated.bytes_current / i64::from(TASKS)).expect("small tasks");
    f64::from(bytes)
}

fn main() -> ExitCode {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let waits = backon::ExponentialBuilder::new()
        .with_factor(8.0)
        .with_min_delay(FIRST)
        .without_max_delay()
        .with_max_times(5);
    let strategy = || {
        let waits = tokio_retry::strategy::ExponentialBackoff::from_millis(8).factor(1_000);
        waits.take(5)
    };
    let failing = || async { Err::<(), u16>(503) };
    let bytes = match env::args().nth(1).as_deref() {
        Some("sleep") => bytes(&runtime, || drop(spawn(counted(FIRST)))),
        Some("ours") => bytes(&runtime, || {
            drop(spawn(retry_async(
                policy(),
                |_| async { Unavailable },
                counted,
            )));
        }),
        Some("ours-shared") => {
            static POLICY: retrospec::Policy<memfault_status::Status> = policy();
            bytes(&runtime, || {
                drop(spawn(retry_async(
                    &POLICY,
                    |_| async { Unavailable },
                    counted,
                )));
            })
        }
        Some("backon") => bytes(&runtime, || {
            drop(spawn(failing.retry(waits).sleep(counted)));
        }),
        // It cannot be given a sleep, so its operation counts.
        Some("tokio-retry") => bytes(&runtime, || {
            let counted = move || {
                WAITING.fetch_add(1, Relaxed);
                failing()
            };
            drop(spawn(tokio_retry::Retry::start(strategy(), counted)));
        }),
        _ => {
            eprintln!("usage: waiting sleep|ours|ours-shared|backon|tokio-retry");
            return ExitCode::from(2);
        }
    };
    println!("{bytes}");
    ExitCode::SUCCESS
}
