//! What a collector receives.

use example_otlp::{client, provider, subscriber, upload};
use retrospec_client::testing;
use retrospec_conformance::{Reply, Script, Server};
use serde_json::Value;

/// Returns an attribute of a span or an event, as text.
fn attribute(of: &Value, key: &str) -> Option<String> {
    let attributes = of["attributes"].as_array()?;
    let found = attributes
        .iter()
        .find(|attribute| attribute["key"] == key)?;
    let value = found["value"].as_object()?.values().next()?;
    Some(
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned),
    )
}

#[test]
fn attempts_are_spans_and_decisions_are_events() {
    testing::divide_waits(u32::MAX);
    let collector = Server::start(Script::new(Reply::status(200)));
    let api = Server::start(Script::new(Reply::status(503)).then(Reply::status(202)));

    let provider = provider(&collector.url("/v1/traces")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let status = tracing::subscriber::with_default(subscriber(&provider), || {
        let (client, url) = (client().unwrap(), api.url("/"));
        let uploading = upload(&client, &url, vec![0x08]);
        runtime.unwrap().block_on(uploading).unwrap()
    });
    assert_eq!(status, 202);
    provider.shutdown().unwrap();

    let requests = collector.requests();
    let spans: Vec<Value> = requests
        .iter()
        .flat_map(|request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let spans = &body["resourceSpans"][0]["scopeSpans"][0]["spans"];
            spans.as_array().unwrap().clone()
        })
        .collect();
    let named = |name: &str| {
        spans
            .iter()
            .filter(|span| span["name"] == name)
            .collect::<Vec<_>>()
    };

    let [whole] = named("upload")[..] else {
        panic!("{spans:#?}")
    };
    let attempts = named("POST");
    let expected = [("503", None), ("202", Some("1"))];
    assert_eq!(attempts.len(), expected.len(), "{spans:#?}");
    for (attempt, (code, resend)) in attempts.into_iter().zip(expected) {
        assert_eq!(attempt["parentSpanId"], whole["spanId"]);
        assert_eq!(attempt["kind"], 3, "a client's span");
        let found = |key| attribute(attempt, key);
        assert_eq!(found("http.request.method").as_deref(), Some("POST"));
        assert_eq!(found("server.address").as_deref(), Some("127.0.0.1"));
        assert_eq!(found("http.response.status_code").as_deref(), Some(code));
        let error = (code == "503").then_some("503");
        assert_eq!(found("error.type").as_deref(), error);
        assert_eq!(attempt["status"]["code"] == 2, error.is_some(), "{attempt}");
        assert_eq!(found("http.request.resend_count").as_deref(), resend);
    }

    let [event] = &whole["events"].as_array().unwrap()[..] else {
        panic!("{whole:#?}")
    };
    assert_eq!(event["name"], "the request is sent again");
    assert_eq!(
        attribute(event, "http.response.status_code").as_deref(),
        Some("503")
    );
    assert_eq!(attribute(event, "wait").as_deref(), Some("8s"));
}
