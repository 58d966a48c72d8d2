//! The engine and the drivers allocate nothing, whatever they are told.

mod common;

use std::future::{Future, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use common::{ACCEPTED, Response, UNAVAILABLE, Unreachable};
use example_status::policy;
use retrospec::Jitter;
use retrospec_client::{RetryOptions, retry, retry_async};

fn allocations(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

const RESULTS: [Result<Response, Unreachable>; 4] = [
    Ok(UNAVAILABLE),
    Ok(Response(429, Some("Sun, 06 Nov 1994 08:49:37 GMT"))),
    Ok(Response(429, Some("7"))),
    Ok(ACCEPTED),
];

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1_u8)))), 1);
}

#[test]
fn the_blocking_driver_allocates_nothing() {
    let watched = RetryOptions::new(policy().jitter(Jitter::Full)).on_decision(|_| {});
    let count = allocations(|| {
        let finished = retry(watched, |n| RESULTS[n as usize], |_| {});
        assert_eq!(finished.stop.retries, 3);
    });
    assert_eq!(count, 0);
}

#[test]
fn the_async_driver_allocates_nothing() {
    let count = allocations(|| {
        let driven = retry_async(policy(), |n| ready(RESULTS[n as usize]), |_| ready(()));
        let polled = pin!(driven).poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Ready(finished) if finished.stop.retries == 3));
    });
    assert_eq!(count, 0);
}
