//! Every adapter against a server that misbehaves: no panic, no wait beyond the policy, the last
//! response or error comes back.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "ureq"
))]

#[allow(dead_code, reason = "the other test files use the rest")]
#[path = "common/adapters.rs"]
mod adapters;

use std::io::{self, ErrorKind};
use std::time::Duration;

use adapters::{ADAPTERS, Adapter, Job, Setup, Time};
use example_status::{EXPONENTIAL, Status, policy};
use retrospec::{Next, Outcome, Policy, Reason, RetryBehavior, Stop};
use retrospec_client::{Attempted, BlockingSendWith, outcome_of_error, retry, retry_async};
use retrospec_conformance::{Reply, Script, Server, refused_url};

/// Sends only what is idempotent again.
fn drive(adapter: Adapter, method: &str, url: &str, policy: Policy<Status>) -> (Option<u16>, Stop) {
    let driven = adapter(&Job {
        time: Time::default(),
        setup: Setup::RECOMMENDED,
        method,
        url,
        body: b"body",
        policy,
        idempotent_only: true,
    });
    (driven.status, driven.stop)
}

/// Without a response, as after a 503.
fn patient() -> Policy<Status> {
    policy().transport(RetryBehavior::Backoff(&EXPONENTIAL))
}

#[test]
fn no_response_is_the_transport_row() {
    for (adapter, drives) in ADAPTERS {
        let refused = || refused_url();
        let (status, stop) = drive(drives, "PUT", &refused(), policy());
        assert_eq!(
            (status, stop.reason),
            (None, Reason::NotRetried),
            "{adapter}"
        );
        let (status, stop) = drive(drives, "PUT", &refused(), patient());
        assert_eq!(
            (status, stop.reason, stop.retries),
            (None, Reason::MaxRetries, 5),
            "{adapter}"
        );

        for fault in [Reply::reset, Reply::reset_after_request, Reply::close] {
            let server = Server::start(Script::new(fault()));
            let (status, stop) = drive(drives, "PUT", &server.url("/"), policy());
            assert_eq!(
                (status, stop.reason),
                (None, Reason::NotRetried),
                "{adapter}"
            );

            let script = Script::new(fault()).then(fault()).then(Reply::status(202));
            let server = Server::start(script);
            let (status, stop) = drive(drives, "PUT", &server.url("/"), patient());
            assert_eq!((status, stop.retries), (Some(202), 2), "{adapter}");
        }
    }
}

#[test]
fn the_last_response_or_error_comes_back() {
    for (adapter, drives) in ADAPTERS {
        let script = Script::new(Reply::status(503)).then(Reply::close());
        let (status, stop) = drive(drives, "PUT", &Server::start(script).url("/"), policy());
        assert_eq!(
            (status, stop.reason, stop.retries),
            (None, Reason::NotRetried, 1),
            "{adapter}"
        );
        let script = Script::new(Reply::close()).then(Reply::status(400));
        let (status, stop) = drive(drives, "PUT", &Server::start(script).url("/"), patient());
        assert_eq!(
            (status, stop.reason, stop.retries),
            (Some(400), Reason::NotRetried, 1),
            "{adapter}"
        );
    }
}

#[test]
fn what_is_in_a_header_does_no_harm() {
    let a_century = "Sat, 06 Nov 2094 08:49:37 GMT";
    for (adapter, drives) in ADAPTERS {
        for (answer, status, reason) in [
            (
                Reply::status(429).header("retry-after", vec![b'9'; 65_000]),
                Some(429),
                Reason::RetryAfterTooLong(Duration::from_secs(u64::MAX)),
            ),
            (
                Reply::status(429).header("retry-after", b"\xe9\xff".to_vec()),
                Some(429),
                Reason::InvalidRetryAfter,
            ),
            (
                Reply::status(429)
                    .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
                    .header("retry-after", a_century),
                Some(429),
                Reason::RetryAfterTooLong(Duration::from_hours(876_600)),
            ),
            (
                Reply::status(429)
                    .header("retry-after", "7")
                    .header("retry-after", "90000"),
                Some(429),
                Reason::MaxRetries,
            ),
            (
                Reply::status(429)
                    .header("retry-after", "soon")
                    .header("retry-after", "7"),
                Some(429),
                Reason::InvalidRetryAfter,
            ),
        ] {
            let server = Server::start(Script::new(answer));
            let (found, stop) = drive(drives, "PUT", &server.url("/"), policy());
            assert_eq!((found, stop.reason), (status, reason), "{adapter}");
        }
    }
}

#[test]
fn a_url_that_is_none_is_final() {
    const REQWEST: &[&str] = &["http://", "nowhere", "ftp://127.0.0.1/"];
    // The others take a request that was built.
    for (name, urls) in [
        ("ureq", &["/nowhere", "nowhere", "ftp://127.0.0.1/"][..]),
        ("reqwest (blocking)", REQWEST),
        ("reqwest 0.12 (blocking)", REQWEST),
        ("reqwest", REQWEST),
        ("reqwest 0.12", REQWEST),
        (
            "tower over hyper-util",
            &["/nowhere", "nowhere", "ftp://127.0.0.1/"],
        ),
    ] {
        let (_, drives) = *ADAPTERS
            .iter()
            .find(|(adapter, _)| *adapter == name)
            .unwrap();
        for url in urls {
            let (status, stop) = drive(drives, "PUT", url, patient());
            let found = (status, stop.reason);
            assert_eq!(found, (None, Reason::NotRetried), "{name}: {url}");
        }
    }
}

#[test]
fn a_plain_policy_sends_a_post_again() {
    let server = Server::start(Script::new(Reply::status(503)).then(Reply::status(202)));
    let request = reqwest::blocking::Client::new().post(server.url("/"));
    let finished = request.send_with_sleep(policy(), |_| {});
    assert_eq!(finished.result.unwrap().status(), 202);
    assert_eq!(finished.stop.retries, 1);
}

#[test]
fn idempotent_only_does_not_send_a_post_again() {
    for (adapter, drives) in ADAPTERS {
        for (method, retries, reason) in [
            ("POST", 0, Reason::NotIdempotent),
            ("PATCH", 0, Reason::NotIdempotent),
            ("PUT", 5, Reason::MaxRetries),
            ("DELETE", 5, Reason::MaxRetries),
        ] {
            let server = Server::start(Script::new(Reply::status(503)));
            let (status, stop) = drive(drives, method, &server.url("/"), policy());
            let found = (status, stop.retries, stop.reason);
            assert_eq!(found, (Some(503), retries, reason), "{adapter}: {method}");
            assert_eq!(
                server.requests().len(),
                retries as usize + 1,
                "{adapter}: {method}"
            );
        }
    }
}

#[test]
fn a_body_that_cannot_be_cloned_is_sent_once() {
    let server = Server::start(Script::new(Reply::status(503)));
    let body = reqwest::blocking::Body::new(std::io::Cursor::new("streamed"));
    let request = reqwest::blocking::Client::new()
        .put(server.url("/"))
        .body(body);
    let finished = request.send_with_sleep(policy(), |_| {});
    assert_eq!(finished.result.unwrap().status(), 503);
    assert_eq!(finished.stop.reason, Reason::CannotResend);
    assert_eq!(
        (finished.stop.retries, finished.stop.waited),
        (0, Duration::ZERO)
    );
    let requests = server.requests();
    assert_eq!(
        (requests.len(), &requests[0].body[..]),
        (1, &b"streamed"[..])
    );
}

/// More than 64 KB of headers is more than ureq reads.
#[test]
fn headers_beyond_64_kb_are_answered_or_refused() {
    let answer = Reply::status(429).header("retry-after", vec![b'9'; 70_000]);
    let too_long = Reason::RetryAfterTooLong(Duration::from_secs(u64::MAX));
    for (adapter, drives) in ADAPTERS {
        let server = Server::start(Script::new(answer.clone()));
        let (status, stop) = drive(drives, "PUT", &server.url("/"), patient());
        let expected = match adapter {
            "ureq" => (None, Reason::NotRetried),
            _ => (Some(429), too_long),
        };
        assert_eq!((status, stop.reason), expected, "{adapter}");
        assert_eq!(server.requests().len(), 1, "{adapter}");
    }
}

/// One whole operation, to the last byte of the body.
struct Download<E>(Result<Vec<u8>, E>);

impl<E: Attempted> Attempted for Download<E> {
    fn outcome(&self) -> Outcome<'_> {
        match &self.0 {
            Ok(_) => Outcome::status(200),
            Err(error) => error.outcome(),
        }
    }
}

const WHOLE: &[u8] = b"the whole body";

/// A body that breaks off, one that stops for an hour, and a whole one.
fn bodies() -> Server {
    let cut = Reply::cut(200, WHOLE, 3);
    let slow = Reply::status(200).body(WHOLE).slow(Duration::from_hours(1));
    let whole = Reply::status(200).body(WHOLE);
    Server::start(Script::new(cut).then(slow).then(whole))
}

const TIMEOUT: Duration = Duration::from_secs(1);

#[test]
fn a_body_that_breaks_off_is_no_response() {
    let server = bodies();
    let client = reqwest::blocking::Client::new();
    let download = |_| {
        let response = client.get(server.url("/")).timeout(TIMEOUT).send();
        Download(response.and_then(|response| Ok(response.bytes()?.to_vec())))
    };
    let finished = retry(patient(), download, |_| {});
    assert_eq!(finished.result.0.unwrap(), WHOLE);
    assert_eq!(finished.stop.retries, 2);

    let server = bodies();
    let client = reqwest::Client::new();
    let download = async |url: String| {
        let response = client.get(url).timeout(TIMEOUT).send().await?;
        Ok::<_, reqwest::Error>(response.bytes().await?.to_vec())
    };
    let download = |_| async { Download(download(server.url("/")).await) };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let driven = retry_async(patient(), download, |_| std::future::ready(()));
    let finished = runtime.block_on(driven);
    assert_eq!(finished.result.0.unwrap(), WHOLE);
    assert_eq!(finished.stop.retries, 2);

    let server = bodies();
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
    let agent = config.build().new_agent();
    let download = |_| {
        let response = agent.get(server.url("/")).call();
        Download(response.and_then(|mut response| response.body_mut().read_to_vec()))
    };
    let finished = retry(patient(), download, |_| {});
    assert_eq!(finished.result.0.unwrap(), WHOLE);
    assert_eq!(finished.stop.retries, 2);
}

/// What follows if no response is worth a retry.
fn follows(attempted: &impl Attempted) -> Result<u32, Reason> {
    match patient().first_attempt().next(attempted.outcome()) {
        Next::Retry(wait) => Ok(wait.retry()),
        Next::Stop(stop) => Err(stop.reason),
    }
}

#[test]
fn errors_are_statuses_or_transport_or_final() {
    let broken = |kind: ErrorKind| ureq::Error::Io(kind.into());
    for (error, expected) in [
        (ureq::Error::StatusCode(503), Ok(1)),
        (ureq::Error::StatusCode(400), Err(Reason::NotRetried)),
        (ureq::Error::ConnectionFailed, Ok(1)),
        (ureq::Error::HostNotFound, Ok(1)),
        (broken(ErrorKind::ConnectionReset), Ok(1)),
        (broken(ErrorKind::UnexpectedEof), Ok(1)),
        (broken(ErrorKind::InvalidInput), Err(Reason::NotRetried)),
        (broken(ErrorKind::InvalidData), Err(Reason::NotRetried)),
        (ureq::Error::Timeout(ureq::Timeout::Global), Ok(1)),
        (ureq::Error::TooManyRedirects, Err(Reason::NotRetried)),
        (ureq::Error::Tls("expired"), Err(Reason::NotRetried)),
    ] {
        assert_eq!(follows(&error), expected, "{error}");
        let found = format!("{:?}", error.outcome());
        assert_eq!(format!("{:?}", outcome_of_error(&error)), found, "{error}");
        // As a reader of a body hands it on.
        let wrapped = io::Error::other(error);
        assert_eq!(
            format!("{:?}", outcome_of_error(&wrapped)),
            found,
            "{wrapped}"
        );
    }
    assert_eq!(ureq::Error::StatusCode(503).outcome().code(), Some(503));
}

macro_rules! errors_of_reqwest {
    ($name:ident, $reqwest:ident) => {
        #[test]
        fn $name() {
            use $reqwest::{blocking, redirect};

            let server = Server::start(Script::new(Reply::status(503)));
            let response = blocking::get(server.url("/")).unwrap();
            let error = response.error_for_status().unwrap_err();
            assert_eq!(error.outcome().code(), Some(503));

            let server = Server::start(Script::new(Reply::status(302).header("location", "/")));
            let error = blocking::get(server.url("/")).unwrap_err();
            assert_eq!(follows(&error), Err(Reason::NotRetried), "{error}");

            // Whatever the redirect policy has against it.
            let refuse = |attempt: redirect::Attempt<'_>| {
                attempt.error(io::Error::from(ErrorKind::ConnectionReset))
            };
            let client = blocking::Client::builder()
                .redirect(redirect::Policy::custom(refuse))
                .build()
                .unwrap();
            let error = client.get(server.url("/")).send().unwrap_err();
            assert_eq!(follows(&error), Err(Reason::NotRetried), "{error}");
        }
    };
}

errors_of_reqwest!(errors_of_reqwest_0_13, reqwest);
errors_of_reqwest!(errors_of_reqwest_0_12, reqwest_0_12);
