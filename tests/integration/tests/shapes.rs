//! Tables of other shapes than the shipped ones, through the macro, against answers worked out by
//! hand.

use std::time::Duration;

use retrospec::{Next, Outcome, Policy, Reason, StatusTable};

mod inverted {
    retrospec_macros::table!("shapes/inverted.yaml");
}

mod classes_alone {
    retrospec_macros::table!("shapes/classes_alone.yaml");
}

mod patient {
    retrospec_macros::table!("shapes/patient.yaml");
}

/// The waits of a request that gets the same answer again and again, up to `count` of them, and why
/// there are no more.
fn walk<T: StatusTable>(outcome: Outcome<'_>, count: usize) -> (Vec<Duration>, Option<Reason>) {
    let mut waits = Vec::new();
    let mut attempt = Policy::<T>::new().first_attempt();
    while waits.len() < count {
        match attempt.next(outcome) {
            Next::Retry(wait) => {
                waits.push(wait.duration());
                attempt = wait.into_attempt();
            }
            Next::Stop(stop) => return (waits, Some(stop.reason)),
        }
    }
    (waits, None)
}

fn millis(millis: &[u64]) -> Vec<Duration> {
    millis
        .iter()
        .map(|millis| Duration::from_millis(*millis))
        .collect()
}

fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

#[test]
fn a_table_may_retry_by_default() {
    let walk = |code| walk::<inverted::Status>(Outcome::status(code), 9);
    let steps = (
        millis(&[100, 1_000, 10_000, 100_000]),
        Some(Reason::MaxRetries),
    );
    for code in (0..=u16::MAX).filter(|code| !matches!(code, 200..=299 | 400..=499)) {
        assert_eq!(walk(code), steps, "{code}");
    }
    assert_eq!(walk(423), steps);
    assert_eq!(walk(404), (millis(&[10; 4]), Some(Reason::MaxRetries)));
    for code in (200..300).chain(400..404).chain(405..423).chain(424..500) {
        assert_eq!(walk(code), (vec![], Some(Reason::NotRetried)), "{code}");
    }
    assert_eq!(
        inverted::Status::ALL.map(inverted::Status::code),
        [404, 423]
    );
    assert_eq!(inverted::Status::of::<404>().name(), "Not Found");
}

#[test]
fn jitter_of_a_list_is_drawn_from_each_wait() {
    let spread = |random| walk::<inverted::Status>(Outcome::status(500).random(random), 4).0;
    assert_eq!(spread(0), millis(&[0; 4]));
    assert_eq!(spread(u32::MAX), millis(&[100, 1_000, 10_000, 100_000]));
    // The schedule for 404 asks for none.
    let found = walk::<inverted::Status>(Outcome::status(404).random(0), 4).0;
    assert_eq!(found, millis(&[10; 4]));
}

#[test]
fn class_rows_alone_decide_every_code() {
    use classes_alone::{LONG_WAITS, SLOW_WAITS, Status};

    assert_eq!(Status::ALL.len(), 0);
    assert_eq!((0..=u16::MAX).find_map(Status::from_code), None);
    let walk = |outcome| walk::<Status>(outcome, 2_000);
    let minutes = |count| [millis(&[1_000]), vec![Duration::from_mins(1); count]].concat();
    let all = (minutes(999), Some(Reason::MaxRetries));
    assert_eq!(walk(Outcome::status(500)), all);
    assert_eq!(walk(Outcome::no_response()), all);
    let asked = Outcome::status(503).retry_after(Some(b"7"));
    assert_eq!(walk(asked).0, vec![Duration::from_secs(7); 1_000]);
    assert_eq!(
        walk(Outcome::status(429)),
        (vec![], Some(Reason::NoRetryAfter))
    );
    assert_eq!(walk(Outcome::status(200)).1, Some(Reason::NotRetried));
    assert_eq!(walk(Outcome::status(600)).1, Some(Reason::NotRetried));
    assert_eq!(
        walk(Outcome::status(300)).0[..4],
        [days(1), days(10), days(100), days(100)]
    );
    // A thousand retries, in as many waits as differ.
    assert_eq!((SLOW_WAITS.len(), LONG_WAITS.len()), (2, 3));
}

#[test]
fn without_max_retries_time_is_the_limit() {
    use patient::Status;

    let (waits, reason) = walk::<Status>(Outcome::status(599), 9);
    assert_eq!(
        (waits, reason),
        (vec![days(1)], Some(Reason::MaxElapsed)),
        "1,001 days in all"
    );
    let (waits, reason) = walk::<Status>(Outcome::status(101), 5_000);
    assert_eq!((waits.len(), reason), (5_000, None));
    assert_eq!(waits[..3], millis(&[0, 1_000, 1_000]));
    assert_eq!(<Status as StatusTable>::MAX_RETRIES, None);
    assert_eq!(<Status as StatusTable>::MAX_ELAPSED, Some(days(400)));
}

#[test]
fn waits_are_rounded_half_up_to_the_nanosecond() {
    use patient::{A_WAITS, E_WAITS, G_WAITS};

    // 1 ms times 1.001 and again: 1.002001 ms, then 1.003003001 ms.
    let nanos: Vec<u128> = E_WAITS[..4].iter().map(Duration::as_nanos).collect();
    assert_eq!(nanos, [1_000_000, 1_001_000, 1_002_001, 1_003_003]);
    assert_eq!(E_WAITS.last(), Some(&Duration::from_millis(2)));
    // 1 ms times 1.5^7 is 17.0859375 ms: half a nanosecond, rounded up.
    assert_eq!(G_WAITS[7].as_nanos(), 17_085_938);
    // 1.001^693 is just below 2, and 1.001^694 above.
    assert_eq!(E_WAITS.len(), 695);
    assert_eq!(
        A_WAITS,
        [1, 1_000, 1_000_000, 1_000_000_000, 100_000_000_000].map(days)
    );
}

#[test]
fn awkward_texts_arrive_as_they_are() {
    use patient::{Status, Undocumented};

    assert_eq!(Status::ImATeAPot.name(), "I'm a te\"a\"pot");
    assert_eq!(
        Status::ImATeAPot.description(),
        "*/ } #![deny(warnings)] `unclosed <script>alert(1)</script> **bold _under_ {brace} \
         https://patient.example/x?y=z. - list 1. one | two \\ three"
    );
    let names = Status::ALL.map(|status| format!("{status:?} {status}"));
    assert_eq!(
        names,
        [
            "Error 100 Error",
            "None 101 None",
            "Some 102 Some",
            "Result 103 Ok",
            "STATUS 104 status",
            "BACKOFF 105 FooBar (https://foo.example/x)",
            "ImATeAPot 599 I'm a te\"a\"pot"
        ]
    );
    assert_eq!(Status::of::<100>(), Status::Error);
    assert_eq!(Status::backoff_of::<105>(), &patient::G);
    let Err::<Status, Undocumented>(undocumented) = Status::try_from(404) else {
        panic!("404 is not in it");
    };
    assert_eq!(
        undocumented.to_string(),
        "HTTP 404 is not in It's {\"patient\"} \\ 100 %'s table"
    );
}
