//! What clients can prove to be unsent, over real sockets.
#![cfg(all(
    feature = "hyper-util",
    feature = "reqwest-0-12-blocking",
    feature = "reqwest-blocking",
    feature = "reqwest-middleware",
    feature = "tower",
    feature = "ureq"
))]

use std::io::{Error, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioIo};
use retrospec_client::{Attempted, outcome_of_error};
use retrospec_conformance::{Reply, Script, Server, refused_url};
use tokio::net::TcpStream;
use tower::{BoxError, service_fn};
use ureq::Timeout;

/// The kind of an outcome, of which there is no public view.
fn kind(attempted: &impl Attempted) -> &'static str {
    let outcome = format!("{:?}", attempted.outcome());
    let kinds = ["NotSent", "NoResponse", "Failed", "Status"];
    let mut kinds = kinds.into_iter().filter(|kind| outcome.contains(kind));
    kinds.next().expect("an outcome has a kind")
}

/// The kind of an error, which is the same if it is wrapped.
fn kind_of_error<T>(
    result: &Result<T, impl std::error::Error + Attempted + 'static>,
) -> &'static str {
    let Err(error) = result else {
        return "Status";
    };
    let outcome = outcome_of_error(error);
    let found = match outcome.code() {
        Some(_) => "Status",
        None if outcome.is_not_sent() => "NotSent",
        None if outcome.is_no_response() => "NoResponse",
        None if outcome.is_failed() => "Failed",
        None => panic!("no kind"),
    };
    assert_eq!(found, kind(error));
    found
}

/// What a `GET` comes to with each client, and with errors in boxes.
fn kinds(url: &str) -> [(&'static str, &'static str); 8] {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let reqwest = reqwest::Client::new();
        let middleware = reqwest_middleware::ClientBuilder::new(reqwest.clone()).build();
        let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let hyper = client.get(url.parse().unwrap()).await;
        let blocking = url.to_owned();
        let blocking = tokio::task::spawn_blocking(move || {
            let older = reqwest_0_12::blocking::get(&blocking);
            (
                kind_of_error(&reqwest::blocking::get(blocking)),
                kind_of_error(&older),
            )
        });
        let (blocking, older_blocking) = blocking.await.unwrap();
        let older = reqwest_0_12::Client::new();
        [
            ("ureq", kind_of_error(&ureq::get(url).call())),
            ("reqwest (blocking)", blocking),
            ("reqwest 0.12 (blocking)", older_blocking),
            ("reqwest", kind_of_error(&reqwest.get(url).send().await)),
            ("reqwest 0.12", kind_of_error(&older.get(url).send().await)),
            (
                "reqwest-middleware",
                kind_of_error(&middleware.get(url).send().await),
            ),
            ("hyper-util", kind_of_error(&hyper)),
            ("boxed", kind(&hyper.map_err(BoxError::from))),
        ]
    })
}

#[test]
fn a_refused_connection_is_not_sent() {
    for (client, kind) in kinds(&refused_url()) {
        assert_eq!(kind, "NotSent", "{client}");
    }
}

/// ureq does not tell it from other I/O errors.
#[test]
fn a_name_that_is_not_found_is_not_sent() {
    for (client, kind) in kinds("http://name.invalid/") {
        let expected = if client == "ureq" {
            "NoResponse"
        } else {
            "NotSent"
        };
        assert_eq!(kind, expected, "{client}");
    }
}

#[test]
fn a_connection_that_ends_is_no_response() {
    for end in [Reply::reset, Reply::reset_after_request, Reply::close] {
        let server = Server::start(Script::new(end()));
        for (client, kind) in kinds(&server.url("/")) {
            assert_eq!(kind, "NoResponse", "{client}");
        }
    }
}

/// What was answered with a redirect was sent, which the error does not tell.
#[test]
fn a_failure_after_a_redirect_counts_as_unsent() {
    let away = Reply::status(303).header("Location", refused_url());
    let server = Server::start(Script::new(away));
    for (client, kind) in kinds(&server.url("/")) {
        let expected = match client {
            "hyper-util" | "boxed" => "Status",
            _ => "NotSent",
        };
        assert_eq!(kind, expected, "{client}");
    }
}

/// Resolves no name, and does not end.
struct Stuck;

impl reqwest::dns::Resolve for Stuck {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_connect_timeout_is_not_sent() {
    let client = reqwest::blocking::Client::builder()
        .dns_resolver(Arc::new(Stuck))
        .connect_timeout(Duration::from_millis(1));
    let error = client.build().unwrap().get("http://name.invalid/").send();
    assert_eq!(kind(&error), "NotSent");

    for (timeout, expected) in [
        (Timeout::Resolve, "NotSent"),
        (Timeout::Connect, "NotSent"),
        (Timeout::SendRequest, "NoResponse"),
        (Timeout::Global, "NoResponse"),
    ] {
        assert_eq!(kind(&ureq::Error::Timeout(timeout)), expected, "{timeout}");
    }
}

/// An I/O error of a connection that was being made, and one of which that is not known.
#[tokio::test]
async fn some_errors_are_unsent_only_on_connecting() {
    let wrapped = |kind: ErrorKind| Error::other(Error::from(kind));
    for (error, connecting, unknown) in [
        (ErrorKind::ConnectionRefused, "NotSent", "NotSent"),
        (ErrorKind::AddrNotAvailable, "NotSent", "NotSent"),
        (ErrorKind::HostUnreachable, "NotSent", "NoResponse"),
        (ErrorKind::NetworkUnreachable, "NotSent", "NoResponse"),
        (ErrorKind::ConnectionReset, "NotSent", "NoResponse"),
        (ErrorKind::TimedOut, "NotSent", "NoResponse"),
        // What TLS says of a wrong certificate.
        (ErrorKind::InvalidData, "Failed", "Failed"),
        (ErrorKind::InvalidInput, "Failed", "Failed"),
    ] {
        assert_eq!(while_connecting(move || error.into()).await, connecting);
        assert_eq!(kind(&Error::from(error)), unknown, "{error}");
        // As hyper-rustls hands on an error of the handshake.
        assert_eq!(while_connecting(move || wrapped(error)).await, connecting);
        assert_eq!(kind(&wrapped(error)), unknown, "{error}");
    }
}

#[tokio::test]
async fn a_connectors_own_error_is_final() {
    let unsupported = || Error::other("unsupported scheme ftp");
    assert_eq!(while_connecting(unsupported).await, "Failed");
}

/// Returns what the client's error comes to if the connector fails with `error`.
async fn while_connecting(error: impl Fn() -> Error + Clone + Send + Sync + 'static) -> String {
    let connector =
        service_fn(move |_: http::Uri| std::future::ready(Err::<TokioIo<TcpStream>, _>(error())));
    let client = legacy::Client::builder(TokioExecutor::new());
    let client = client.build::<_, Full<Bytes>>(connector);
    let failed = client
        .get(http::Uri::from_static("http://localhost/"))
        .await;
    kind(&failed).to_owned()
}
