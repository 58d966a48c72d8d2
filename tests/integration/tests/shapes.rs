//! Tables of other shapes than the shipped ones, through the macro, against answers worked out by
//! hand.

use std::time::Duration;

use retrospec::{
    ClassRow, Next, Outcome, Policy, Reason, RetryBehavior, Row, SavedWait, StatusTable,
};

mod inverted {
    retrospec_macros::table!("shapes/inverted.yaml");
}

mod classes_alone {
    retrospec_macros::table!("shapes/classes_alone.yaml");
}

mod class_with_errors {
    retrospec_macros::table!("shapes/class_with_errors.yaml");
}

mod conditions {
    retrospec_macros::table!("shapes/conditions.yaml");
}

mod one_condition {
    retrospec_macros::table!("shapes/one_condition.yaml");
}

mod same_conditions {
    retrospec_macros::table!("shapes/same_conditions.yaml");
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

/// The first wait in milliseconds, or why there is none.
fn first<T: StatusTable>(outcome: Outcome<'_>) -> Result<u128, Reason> {
    match Policy::<T>::new().first_attempt().next(outcome) {
        Next::Retry(wait) => Ok(wait.duration().as_millis()),
        Next::Stop(stop) => Err(stop.reason),
    }
}

#[test]
fn rows_of_codes_and_classes_and_none_are_told_apart() {
    use conditions::Status;

    const SERVER_ERROR: Row<Status> = Status::row(503);

    let class = ClassRow::new(5, "Server Error", "Something is broken.");
    assert_eq!(SERVER_ERROR, Row::Class(class));
    assert_eq!(class.to_string(), "5XX Server Error");
    assert_eq!(Status::row(500), Row::Exact(Status::Never));
    assert_eq!(Status::row(783), Row::Exact(Status::Odd));
    assert_eq!(Status::row(999), Row::Class(ClassRow::new(9, "", "")));
    assert_eq!(Status::row(784), Row::Unlisted);
    let names = [429, 500, 501, 783, 999, 404].map(<Status as StatusTable>::name);
    let expected = ["Busy", "Never", "Server Error", "Odd", "", ""];
    assert_eq!(
        names,
        expected.map(|name| Some(name).filter(|name| !name.is_empty()))
    );
    for code in 0..=u16::MAX {
        let expected = match code {
            400..=499 => Row::Class(ClassRow::new(4, "", "")),
            _ => Row::Unlisted,
        };
        assert_eq!(class_with_errors::Status::row(code), expected);
    }
}

#[test]
fn errors_are_exceptions_of_their_row_alone() {
    use conditions::Status;

    let first = first::<Status>;
    let busy = |error| Outcome::status(429).error(error);
    assert_eq!(first(busy("")), Ok(4_000));
    assert_eq!(first(busy("say \"no\" {}")), Err(Reason::NotRetried));
    assert_eq!(first(busy("back\\slash")), Err(Reason::NotRetried));
    assert_eq!(first(busy("20429")), Ok(10_000));
    assert_eq!(first(busy("Größe|zwei")), Err(Reason::NotIdempotent));
    assert_eq!(first(busy("Größe|zwei").idempotent(true)), Ok(10_000));
    // Of the class, and not of 500, which has a row.
    assert_eq!(first(Outcome::status(501).error("other")), Ok(1_000));
    assert_eq!(
        first(Outcome::status(500).error("other")),
        Err(Reason::NotRetried)
    );
    assert_eq!(
        first(Outcome::status(503).error("20429")),
        Err(Reason::NotIdempotent)
    );
    let bare = self::first::<class_with_errors::Status>;
    assert_eq!(bare(Outcome::status(450).error("slow")), Ok(1_000));
    assert_eq!(
        bare(Outcome::status(450).error("fast")),
        Err(Reason::NotRetried)
    );
    assert_eq!(
        bare(Outcome::status(550).error("slow")),
        Err(Reason::NotRetried)
    );
}

#[test]
fn idempotency_is_asked_for_where_a_row_says_so() {
    for code in 0..=u16::MAX {
        let found = first::<conditions::Status>(Outcome::status(code));
        let expected = match code {
            429 => Ok(4_000),
            783 => Ok(10_000),
            200 | 500 | 900..=999 => Err(Reason::NotRetried),
            _ => Err(Reason::NotIdempotent),
        };
        assert_eq!(found, expected, "{code}");
        let found = first::<conditions::Status>(Outcome::status(code).idempotent(true));
        let expected = match code {
            501..=599 => Ok(4_000),
            _ if expected == Err(Reason::NotIdempotent) => Ok(1_000),
            _ => expected,
        };
        assert_eq!(found, expected, "{code}");
    }
    let first = first::<conditions::Status>;
    assert_eq!(first(Outcome::not_sent()), Ok(10_000));
    assert_eq!(first(Outcome::no_response()), Err(Reason::NotIdempotent));
    assert_eq!(first(Outcome::no_response().idempotent(true)), Ok(1_000));
    assert_eq!(
        first(Outcome::failed().idempotent(true)),
        Err(Reason::NotRetried)
    );
}

/// A client's own transport behavior replaces the table's, with its condition.
#[test]
fn a_policys_transport_has_no_condition() {
    let policy =
        Policy::<conditions::Status>::new().transport(RetryBehavior::Backoff(&conditions::UP));
    let next = policy.first_attempt().next(Outcome::no_response());
    assert!(matches!(next, Next::Retry(_)));
}

#[test]
fn headers_decide_in_their_order() {
    let first = |headers: &[(&str, &str)], code: u16| {
        let headers: Vec<_> = headers.to_vec();
        self::first::<conditions::Status>(Outcome::status(code).headers(&headers).now(100))
    };
    let left = ("X-LEFT", "0 \"of\" 9\\");
    let scope = ("X-Scope", "b'a'");
    assert_eq!(first(&[("x-wait`~!", "0.5")], 429), Ok(500));
    assert_eq!(first(&[("X-Reset", "160"), left, scope], 429), Ok(60_000));
    assert_eq!(first(&[("X-Reset", "160"), left], 429), Ok(4_000));
    assert_eq!(
        first(&[("X-Reset", "160"), left, ("X-Scope", "b'A'")], 429),
        Ok(4_000)
    );
    assert_eq!(
        first(&[("X-Reset", "7301"), left, scope], 429),
        Err(Reason::RetryAfterTooLong(Duration::from_secs(7_201)))
    );
    assert_eq!(
        first(&[("X-Should-Retry", "false")], 429),
        Err(Reason::NotRetried)
    );
    assert_eq!(
        first(&[("X-Should-Retry", "true")], 429),
        Err(Reason::NotIdempotent)
    );
    assert_eq!(
        first(&[("X-Should-Retry", "TRUE")], 200),
        Err(Reason::NotRetried)
    );
}

#[test]
fn each_jitter_has_its_range() {
    use conditions::Status;

    let range = |outcome: Outcome<'static>, retries: u32| {
        [0, u32::MAX].map(|random| {
            let saved = SavedWait {
                retry: retries,
                duration: Duration::ZERO,
                waited: Duration::ZERO,
                elapsed: Duration::ZERO,
            };
            let attempt = Policy::<Status>::new()
                .resume(saved, Duration::ZERO)
                .into_attempt();
            let outcome = outcome.elapsed(Duration::ZERO).random(random);
            match attempt.next(outcome.idempotent(true)) {
                Next::Retry(wait) => Ok(wait.duration().as_millis()),
                Next::Stop(stop) => Err(stop.reason),
            }
        })
    };
    assert_eq!(range(Outcome::status(404), 1), [Ok(2_000), Ok(3_500)]);
    assert_eq!(range(Outcome::status(429), 1), [Ok(6_000), Ok(8_000)]);
    assert_eq!(range(Outcome::not_sent(), 1), [Ok(10_000), Ok(15_000)]);
    assert_eq!(range(Outcome::not_sent(), 2), [Err(Reason::MaxRetries); 2]);
    let asked = Outcome::status(429).retry_after(Some(b"10"));
    // `Retry-After` is read by its name as well.
    assert_eq!(range(asked, 1), [Ok(10_000), Ok(15_000)]);
}

#[test]
fn a_stored_wait_may_be_as_long_as_jitter_makes_it() {
    let resumed = |retry| {
        let saved = SavedWait {
            retry,
            duration: Duration::MAX,
            waited: Duration::ZERO,
            elapsed: Duration::ZERO,
        };
        Policy::<conditions::Status>::new()
            .resume(saved, Duration::ZERO)
            .duration()
    };
    // The server may ask for two hours, spread by half.
    assert_eq!(resumed(1), Duration::from_hours(3));
    let policy = Policy::<conditions::Status>::new().max_retry_after(Duration::from_secs(1));
    let saved = |retry| SavedWait {
        retry,
        duration: Duration::MAX,
        waited: Duration::ZERO,
        elapsed: Duration::ZERO,
    };
    // `up` gives 15 s twice, then `down` 8 s.
    assert_eq!(
        policy.resume(saved(2), Duration::ZERO).duration(),
        Duration::from_secs(15)
    );
    assert_eq!(
        policy.resume(saved(3), Duration::ZERO).duration(),
        Duration::from_secs(8)
    );
}

/// Its schedule is named by no status code alone, or only by what the policy replaces.
#[test]
fn a_wait_that_only_an_error_leads_to_is_resumed() {
    fn resumed<T: StatusTable>(policy: Policy<T>, outcome: Outcome<'_>) -> Duration {
        let Next::Retry(wait) = policy.first_attempt().next(outcome) else {
            panic!("{outcome:?} is retried");
        };
        assert_eq!(wait.duration(), Duration::from_secs(100));
        policy.resume(wait.save(), Duration::ZERO).duration()
    }
    let policy = Policy::<one_condition::Status>::new().transport(RetryBehavior::DoNotRetry);
    let wait = resumed(policy, Outcome::status(503).error("e"));
    assert_eq!(wait, Duration::from_secs(100));
    let policy = Policy::<same_conditions::Status>::new();
    let wait = resumed(policy, Outcome::status(429).error("y"));
    assert_eq!(wait, Duration::from_secs(100));
}

#[test]
fn a_header_decides_about_responses_alone() {
    let headers = [("X-Retry", "true")];
    for outcome in [Outcome::failed(), Outcome::no_response()] {
        let found = first::<same_conditions::Status>(outcome.headers(&headers).idempotent(true));
        assert_eq!(found, Err(Reason::NotRetried), "{outcome:?}");
    }
    let found = first::<same_conditions::Status>(Outcome::status(404).headers(&headers));
    assert_eq!(found, Ok(1_000));
}
