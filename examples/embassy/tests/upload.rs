//! Uploads in virtual time: hours of waits take milliseconds.

mod device;

use std::time::Duration;

use device::Reply::{Code, Fails, Hangs, Limited};
use device::{Device, poll_for};
use example_embassy::{Failure, Record, timer};
use retrospec::{Reason, SavedWait};

/// When a request is sent that only ever gets 503. Waits of 8, 64, 512, 4096 and 32768 seconds lie between.
const SENT: [u64; 6] = [0, 8, 72, 584, 4_680, 37_448];

#[test]
fn unavailable_is_retried_to_the_end() {
    let mut device = Device::new(&[Code(503); 6]);
    let (result, stop) = device.upload();
    assert_eq!((result, stop.reason), (Ok(503), Reason::MaxRetries));
    assert_eq!((stop.retries, stop.waited.as_secs()), (5, SENT[5]));
    assert_eq!(device.sent, SENT);
    assert_eq!(device.flash.bytes, None);
}

#[test]
fn a_success_ends_it() {
    let mut device = Device::new(&[Code(202)]);
    let (result, stop) = device.upload();
    assert_eq!((result, stop.reason), (Ok(202), Reason::NotRetried));
    assert_eq!((stop.retries, device.sent.as_slice()), (0, &SENT[..1]));
}

#[test]
fn a_success_ends_it_after_retries() {
    let mut device = Device::new(&[Code(503), Code(502), Code(202)]);
    let (result, stop) = device.upload();
    assert_eq!((result, stop.retries), (Ok(202), 2));
    assert_eq!(device.sent, SENT[..3]);
    assert_eq!(device.flash.bytes, None);
}

#[test]
fn a_server_says_when_to_return() {
    let date = Limited("Sun, 06 Nov 1994 08:50:07 GMT");
    let mut device = Device::new(&[Limited("120"), date, Code(202)]);
    let (result, stop) = device.upload();
    assert_eq!((result, stop.retries), (Ok(202), 2));
    assert_eq!(device.sent, [0, 120, 150]);
}

#[test]
fn a_server_may_ask_for_too_much() {
    let mut device = Device::new(&[Limited("18446744073709551615")]);
    let (result, stop) = device.upload();
    let asked = Duration::from_secs(u64::MAX);
    assert_eq!(result, Ok(429));
    assert_eq!(stop.reason, Reason::RetryAfterTooLong(asked));
}

#[test]
fn an_unreachable_server_is_tried_again() {
    let mut device = Device::new(&[Fails(Failure::NotSent); 6]);
    let (result, stop) = device.upload();
    let last = (result, stop.reason);
    assert_eq!(last, (Err(Failure::NotSent), Reason::MaxRetries));
    assert_eq!(device.sent, SENT);
}

#[test]
fn a_request_that_may_have_arrived_is_not() {
    let mut device = Device::new(&[Fails(Failure::NoResponse)]);
    let (result, stop) = device.upload();
    let last = (result, stop.reason);
    assert_eq!(last, (Err(Failure::NoResponse), Reason::NotRetried));
    assert_eq!(device.sent, [0]);
}

#[test]
fn a_dropped_wait_goes_on() {
    let mut device = Device::new(&[Code(503); 6]);
    // Every 7 seconds, so in the middle of each wait, and many times in the long ones.
    let (result, stop) = loop {
        if let Some(end) = device.upload_for(7) {
            break end;
        }
    };
    assert_eq!((result, stop.reason), (Ok(503), Reason::MaxRetries));
    assert_eq!((stop.retries, stop.waited.as_secs()), (5, SENT[5]));
    assert_eq!(device.sent, SENT);
}

#[test]
fn a_dropped_attempt_is_made_again() {
    let mut device = Device::new(&[Code(503), Code(503), Hangs, Code(503), Code(202)]);
    assert!(device.upload_for(100).is_none());
    assert_eq!(device.sent, SENT[..3]);
    let (result, stop) = device.upload();
    assert_eq!((result, stop.retries), (Ok(202), 3));
    // At once, because its wait is over; then the third wait.
    assert_eq!(device.sent[3..], [100, 100 + 512]);
}

#[test]
fn a_restart_does_not_lose_the_wait() {
    let mut device = Device::new(&[Code(503), Code(503), Code(503), Code(202)]);
    assert!(device.upload_for(100).is_none());
    device.restart(Duration::from_secs(400));
    let (result, stop) = device.upload();
    assert_eq!((result, stop.retries), (Ok(202), 3));
    assert_eq!(device.sent, SENT[..4]);
}

#[test]
fn a_wait_that_ended_while_off_is_over() {
    let mut device = Device::new(&[Code(503), Code(202)]);
    assert!(device.upload_for(1).is_none());
    device.restart(Duration::from_hours(24));
    assert_eq!(device.upload().0, Ok(202));
    assert_eq!(device.sent, [0, 86_401]);
}

#[test]
fn corrupted_bytes_are_safe() {
    for byte in [0, 1, 0x7f, 0x80, 0xff] {
        let mut device = Device::new(&[Code(202)]);
        device.flash.bytes = Some([byte; Record::SIZE]);
        let day = 86_400;
        let (result, _) = device
            .upload_for(day + day / 5)
            .expect("at most a day, and jitter");
        assert_eq!((result, device.sent.len()), (Ok(202), 1));
    }
}

#[test]
fn a_record_is_the_same_after_its_bytes() {
    let wait = SavedWait {
        retry: u32::MAX,
        duration: Duration::MAX,
        waited: Duration::new(1, 2),
        elapsed: Duration::from_nanos(999_999_999),
    };
    let began = Duration::new(u64::MAX - 1, 3);
    let record = Record { wait, began };
    assert_eq!(Record::from_bytes(&record.to_bytes()), record);
    assert_eq!(record.passed(Duration::MAX), Duration::new(1, 999_999_996));
    assert_eq!(record.passed(Duration::ZERO), Duration::ZERO);
}

#[test]
fn a_timer_is_never_early_and_never_panics() {
    let _device = Device::new(&[]);
    for (wait, seconds) in [
        (Duration::ZERO, 0),
        (Duration::from_nanos(1), 1),
        (Duration::from_secs(2), 2),
        (Duration::new(2, 1), 3),
    ] {
        assert!(poll_for(seconds, timer(wait)).is_some(), "{wait:?}");
        let early = seconds
            .checked_sub(1)
            .map(|seconds| poll_for(seconds, timer(wait)));
        assert_ne!(early, Some(Some(())), "{wait:?}");
    }
    for wait in [
        Duration::MAX,
        Duration::from_micros(u64::MAX),
        Duration::from_micros(u64::MAX) + Duration::from_nanos(1),
    ] {
        assert!(poll_for(3, timer(wait)).is_none(), "{wait:?}");
    }
}
