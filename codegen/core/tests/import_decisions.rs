//! What an OpenAPI document decides: a retry only if all of it is understood, and all operations say so.

#![cfg(feature = "import")]

use serde_json::{Value, json};

use drafts::{assert_has, decided, document, drafted, responses, retried, says, try_draft};

mod drafts;

const NOTHING: &str = "undecided";

/// A draft of these operations, each at a path of its own.
#[track_caller]
fn of(operations: &[(&str, Value)]) -> retrospec_codegen::internal::import::Draft {
    let paths: serde_json::Map<String, Value> = operations
        .iter()
        .enumerate()
        .map(|(n, (method, operation))| (format!("/{n}"), json!({*method: operation})))
        .collect();
    drafted(&document(&json!({}), &json!({"paths": paths})))
}

/// What a draft of one GET says about 503 if it has this extension.
#[track_caller]
fn decides(key: &str, extension: &Value) -> String {
    let operation = json!({key: extension, "responses": {"400": {}, "503": {}}});
    let draft = of(&[("get", operation)]);
    decided(&draft);
    says(&draft, "503")
}

#[test]
fn every_operation_speaks_on_a_retried_row() {
    let lists = retried(&json!({"codes": [503], "maxRetries": 3}), &["503"]);
    assert_eq!(says(&of(&[("get", lists.clone())]), "503"), "retry");
    let other = |extension: Value, codes: &[&str]| {
        let mut operation = retried(&extension, codes);
        if extension.is_null() {
            operation.as_object_mut().unwrap().remove("x-retry");
        }
        operation
    };
    for (second, conflict) in [
        (
            other(json!(false), &["200"]),
            "retried in 1, not retried in 1",
        ),
        (
            other(json!({"codes": [429]}), &["200"]),
            "retried in 1, not retried in 1",
        ),
        (other(Value::Null, &["200"]), "retried in 1, not said in 1"),
        (
            other(Value::Null, &["200", "default"]),
            "retried in 1, not said in 1",
        ),
        (
            other(Value::Null, &["200", "5XX"]),
            "retried in 1, not said in 1",
        ),
        (
            other(Value::Null, &["200", "503"]),
            "retried in 1, not said in 1",
        ),
        (json!({}), "retried in 1, not said in 1"),
        (
            json!({"responses": {"5XX": {"x-retry": false}}}),
            "retried in 1, not retried in 1",
        ),
        (
            json!({"responses": {"default": {"x-retry": {"codes": [503], "methods": ["PUT"]}}}}),
            "retried in 1, unclear in 1",
        ),
        (
            json!({"responses": {"x-retry": false, "200": {}}}),
            "retried in 1, not retried in 1",
        ),
    ] {
        for operations in [
            [("get", lists.clone()), ("get", second.clone())],
            [("get", second.clone()), ("get", lists.clone())],
        ] {
            let draft = of(&operations);
            assert_eq!(says(&draft, "503"), NOTHING, "{second}");
            let line = format!("    # conflict: of 2 operations, by extensions: {conflict}\n");
            assert_has(&draft, &line);
            assert_has(
                &draft,
                "# evidence: x-retry of 1 of 2 operations retries it\n",
            );
            // Three retries are those of one operation, not of the table.
            assert_eq!(says(&draft, "max_retries"), "{assumed: 3}", "{second}");
        }
    }
    let paths = json!({"paths": {"/a": {"get": lists, "put": {"responses": {"200": {}}}}}});
    let chosen = try_draft(&document(&json!({}), &paths), &["GET /a"], None).unwrap();
    assert_eq!(says(&chosen, "503"), "retry");
    assert_eq!(says(&chosen, "max_retries"), "3");
}

#[test]
fn bounds_are_stated_if_they_hold_for_all() {
    let speakeasy =
        json!({"strategy": "backoff", "statusCodes": [404], "backoff": {"maxElapsedTime": 1000}});
    let retries = json!({"x-speakeasy-retries": speakeasy, "responses": {"404": {}}});
    let silent = json!({"responses": {"200": {}}});
    let draft = of(&[("get", retries.clone()), ("get", silent)]);
    assert_eq!(says(&draft, "404"), NOTHING);
    assert_eq!(says(&draft, "max_elapsed"), "{assumed: 1s}");
    assert_has(
        &draft,
        "x-speakeasy-retries of 1 of 2 operations retries it\n",
    );
    let draft = of(&[("get", retries.clone()), ("get", retries)]);
    assert_eq!(says(&draft, "404"), "speakeasy_retries");
    assert_eq!(says(&draft, "max_elapsed"), "1s");
}

#[test]
fn a_declared_header_needs_no_other_operation() {
    let asks = |code: &str| json!({"responses": {code: {"headers": {"Retry-After": {}}}}});
    let silent = json!({"responses": {"200": {}}});
    for code in ["429", "503"] {
        let draft = of(&[("get", asks(code)), ("get", silent.clone())]);
        assert_eq!(says(&draft, code), "retry-after");
        // One that has the code without the header, or that says no, leaves it open.
        for second in [
            json!({"responses": {code: {}}}),
            json!({"x-retry": false, "responses": {"200": {}}}),
            json!({"x-no-retry": {"codes": [429, 503]}, "responses": {"200": {}}}),
        ] {
            let draft = of(&[("get", asks(code)), ("get", second.clone())]);
            assert_eq!(says(&draft, code), NOTHING, "{second}");
        }
    }
    let draft = of(&[("get", asks("500")), ("get", silent)]);
    assert_eq!(says(&draft, "500"), NOTHING);
    assert_has(
        &draft,
        "# evidence: `Retry-After` is declared in 1 response\n",
    );
    // No response has the code, so none declares the header.
    let hidden = json!({"x-retry": {"codes": [503]}, "responses": {"default": {"x-retry": {"maxRetries": 2}}}});
    assert_eq!(says(&of(&[("get", hidden)]), "503"), NOTHING);
}

#[test]
fn other_headers_of_waits_are_evidence() {
    for header in [
        "X-RateLimit-Reset",
        "RateLimit-Reset",
        "X-Retry-After",
        "Retry-After-Ms",
    ] {
        let draft =
            responses(&json!({"429": {"headers": {header: {}}}, "200": {"headers": {header: {}}}}));
        assert_eq!(says(&draft, "429"), NOTHING);
        let line = format!(
            "# evidence: `{}` is declared in 1 response; `retry_after:` can name it\n",
            header.to_lowercase()
        );
        assert_eq!(draft.text.matches(&line).count(), 1, "{}", draft.text);
        assert_has(
            &responses(&json!({"429": {"headers": {header: null}}})),
            &line,
        );
    }
}

#[test]
fn a_condition_leaves_a_retry_open() {
    assert_eq!(decides("x-retry", &json!({"codes": [503]})), "retry");
    for key in [
        "jitter",
        "description",
        "summary",
        "comment",
        "title",
        "jitterFactor",
    ] {
        for value in [
            json!("x"),
            json!({"enabled": false, "factor": 1.2, "type": "none"}),
        ] {
            let extension = json!({"codes": [503], key: value});
            assert_eq!(decides("x-retry", &extension), "retry", "{extension}");
        }
    }
    for (key, value) in [
        ("methods", json!(["GET"])),
        ("idempotentOnly", json!(true)),
        ("requiresHeader", json!("Idempotency-Key")),
        ("condition", json!("error.code != 'charged'")),
        ("retry", json!(false)),
        ("retryable", json!(false)),
        ("allowed", json!(false)),
        ("disabled", json!(false)),
        ("enabled", json!("no")),
        ("enabled", json!(0)),
        ("maxRetries", json!(-1)),
        ("maxRetries", json!("unlimited")),
        ("maxRetries", json!(1001)),
        ("maxRetries", json!(2.5)),
        ("maxRetries", Value::Null),
        ("maxAttempts", json!(0)),
        ("retryConnectionErrors", json!("sometimes")),
        ("delayMs", json!(-5)),
        ("delayMs", json!(0)),
        ("delayMs", json!(1e300)),
        ("delay", json!("PT5S")),
        ("delay", json!([1, 2])),
        ("factor", json!(0.5)),
        ("factor", json!(1e9)),
        ("exponent", json!(11)),
        ("backoff", json!("none")),
        ("backoff", json!(2)),
        ("strategy", json!("unexpected")),
        ("timeout", json!({"delay": "9s", "maxRetries": 7})),
        ("onConnect", json!({"retries": 0})),
        ("nonRetryable", json!({"statusCodes": [400]})),
        ("except", json!({"codes": [409]})),
        ("backoff", json!({"strategy": "none"})),
        ("backoff", json!({"until": "noon"})),
        ("policy", json!({"codes": [429]})),
        ("retryOn", json!([429])),
        ("503", json!({"delay": "1s"})),
    ] {
        let extension = json!({"codes": [503], key: value});
        assert_eq!(decides("x-retry", &extension), NOTHING, "{extension}");
        let draft = of(&[("get", retried(&extension, &["503"]))]);
        assert_has(
            &draft,
            "is not understood (in 1 operation, /paths/~10/get/x-retry)\n",
        );
        assert!(!says(&draft, "max_retries").starts_with(|c: char| c.is_ascii_digit()));
    }
    for (first, second) in [
        (json!({"maxRetries": 3}), json!({"maxAttempts": 5})),
        (json!({"strategy": "constant"}), json!({"multiplier": 2})),
        (json!({"strategy": "exponential"}), json!({"exponent": 2})),
        (json!({"delayMs": 100}), json!({"policy": {"delayMs": 200}})),
        (
            json!({"retryConnectionErrors": true}),
            json!({"config": {"retryConnectionErrors": false}}),
        ),
    ] {
        let mut extension = json!({"codes": [503]});
        for part in [first, second] {
            extension
                .as_object_mut()
                .unwrap()
                .extend(part.as_object().unwrap().clone());
        }
        assert_eq!(decides("x-retry", &extension), NOTHING, "{extension}");
    }
    for whole in [
        json!("never"),
        json!(0),
        json!(3),
        json!([503]),
        Value::Null,
        json!(true),
    ] {
        assert_eq!(decides("x-retry", &whole), NOTHING, "{whole}");
    }
    // What is not understood beside an extension that is may be a condition of it.
    let get =
        json!({"x-retry": {"codes": [503]}, "x-retry-if": "idempotent", "responses": {"503": {}}});
    assert_eq!(says(&of(&[("get", get)]), "503"), NOTHING);
}

#[test]
fn what_is_unclear_states_no_number() {
    let extension = json!({"codes": [503], "delayMs": 100, "maxRetries": 3, "maxDelaySeconds": 9, "methods": ["GET"]});
    let draft = of(&[("get", retried(&extension, &["503"]))]);
    assert_eq!(says(&draft, "max_retries"), "{assumed: 3}");
    assert_has(
        &draft,
        "    initial: {assumed: 100ms}\n    multiplier: {assumed: 2}\n    max: {assumed: 9s}\n",
    );
}

#[test]
fn containers_are_read_and_no_other_maps() {
    let extension = json!({"codes": [503], "strategy": "constant", "delayMs": 100, "jitter": {"delayMs": 9, "factor": 1.2}});
    let draft = of(&[("get", retried(&extension, &["503"]))]);
    assert_has(&draft, "    initial: 100ms\n    multiplier: 1\n");
    for container in ["backoff", "policy", "config", "retry"] {
        let extension = json!({container: {"codes": [503], "delayMs": 100, "type": "linear"}});
        assert_eq!(decides("x-retry", &extension), "retry", "{extension}");
    }
    for word in [
        "exponential",
        "Exponential Backoff",
        "exponentialDelay",
        "exp",
        "fixed",
        "fixed_interval",
        "constant",
        "linear",
        "backoff",
    ] {
        for key in ["strategy", "backoff", "type", "backoffType"] {
            let extension = json!({"codes": [503], key: word});
            assert_eq!(decides("x-retry", &extension), "retry", "{extension}");
        }
    }
}

#[test]
fn a_negation_is_quoted_and_never_read() {
    for key in [
        "x-no-retry",
        "x-noRetry",
        "x-noretry",
        "x-non-retryable",
        "x-nonRetryable",
        "x-nonretryable",
        "x-not-retried-retry",
        "x-do-not-retry",
        "x-dont-retry",
        "x-never-retry",
        "x-retry-disabled",
        "x-disable-retries",
        "x-skip-retry",
        "x-retry-except",
        "x-retry-exclude",
        "x-unretryable-retry",
    ] {
        for value in [
            json!(true),
            json!(false),
            json!({"codes": [400, 503]}),
            json!({"enabled": false}),
        ] {
            assert_eq!(decides(key, &value), NOTHING, "{key}: {value}");
        }
        let draft = of(&[("get", json!({key: false, "responses": {"503": {}}}))]);
        assert_has(
            &draft,
            &format!("# evidence: {key}: false: `{key}` is not understood"),
        );
    }
    for key in [
        "x-retry",
        "x-acme-retries",
        "x-retryable",
        "x-retriable",
        "x-retryEnabled",
        "x-notion-retry",
        "x-node-retries",
    ] {
        assert_eq!(decides(key, &json!(false)), "never", "{key}");
    }
    assert_eq!(decides("x-retry-jitter", &json!(false)), NOTHING);
}

#[test]
fn a_listed_success_is_undecided() {
    for codes in [
        json!([202]),
        json!(["2XX"]),
        json!([301]),
        json!({"202": 1}),
    ] {
        let extension = json!({"codes": codes});
        let asks = json!({"description": "d", "headers": {"Retry-After": {}}});
        let get = json!({"x-retry": extension, "responses": {"202": asks, "301": asks}});
        let draft = of(&[("get", get)]);
        for (place, named) in [
            ("202", [json!([202]), json!(["2XX"])].contains(&codes)),
            ("301", codes == json!([301])),
        ] {
            let expected = if named { NOTHING } else { "never" };
            assert_eq!(says(&draft, place), expected, "{codes}");
        }
    }
    let unclear = json!({"codes": [202], "methods": ["GET"]});
    let draft = of(&[("get", retried(&unclear, &["200", "202"]))]);
    assert_eq!(says(&draft, "202"), NOTHING);
    assert_eq!(says(&draft, "200"), "never");
}

#[test]
fn unlisted_covers_successes_so_it_stays_open() {
    let default = |operation: Value| says(&of(&[("get", operation)]), "unlisted");
    let asks = json!({"headers": {"Retry-After": {}}});
    let get = json!({"responses": {"200": {}, "default": asks}});
    let draft = of(&[("get", get)]);
    assert_has(
        &draft,
        "\n# `unlisted` holds for each code without a row, 2xx and 3xx too\n",
    );
    assert_has(
        &draft,
        "# evidence: `Retry-After` is declared in 1 response\nunlisted: undecided\n",
    );
    for operation in [
        json!({"x-retry": {"codes": [503]}, "responses": {"200": {}, "default": asks}}),
        json!({"responses": {"200": {}, "default": {"x-retry": {"maxRetries": 3, "delayMs": 100}}}}),
        json!({"x-retry": false, "responses": {"200": {}, "default": asks}}),
        json!({"x-retry": {"codes": ["5XX", "default"]}, "responses": {"200": {}, "default": {}}}),
    ] {
        assert_eq!(default(operation.clone()), NOTHING, "{operation}");
    }
    let off = json!({"x-retry": false, "responses": {"200": {}}});
    assert_eq!(default(off.clone()), "never");
    let draft = of(&[("get", off), ("get", json!({"responses": {"200": {}}}))]);
    assert_eq!(says(&draft, "unlisted"), NOTHING);
}

#[test]
fn a_retry_may_carry_out_a_request_twice() {
    let extension = json!({"codes": [429, 503], "maxRetries": 2});
    let answers = json!({"429": {}, "503": {}});
    let with = |mark: Option<(&str, Value)>| {
        let mut operation = json!({"x-retry": extension, "responses": answers});
        if let Some((key, value)) = mark {
            operation[key] = value;
        }
        operation
    };
    for method in [
        "get", "put", "delete", "head", "options", "trace", "post", "patch",
    ] {
        let draft = of(&[(method, with(None)), ("get", with(None))]);
        let is_safe = !matches!(method, "post" | "patch");
        let expected = if is_safe { "retry" } else { NOTHING };
        assert_eq!(says(&draft, "429"), expected, "{method}");
        assert_eq!(says(&draft, "503"), expected, "{method}");
        if !is_safe {
            assert_has(
                &draft,
                "# evidence: 1 of 2 operations is POST or PATCH, and not marked idempotent; consider `[if-idempotent, retry]`\n",
            );
            assert_eq!(draft.conflicts, 0);
        }
    }
    for (key, value, is_idempotent) in [
        ("x-idempotent", json!(true), true),
        ("x-acme-idempotent", json!({"natural": true}), true),
        ("x-isIdempotent", json!(true), true),
        (
            "x-idempotent",
            json!({"natural": true, "always": false}),
            false,
        ),
        ("x-idempotent", json!({}), false),
        ("x-idempotent", json!("maybe"), false),
        ("x-idempotency-key", json!(true), false),
        ("x-not-idempotent", json!(true), false),
        ("x-non-idempotent", json!(false), false),
        ("x-retry-idempotent", json!(true), false),
    ] {
        let draft = of(&[("post", with(Some((key, value.clone()))))]);
        let expected = if is_idempotent { "retry" } else { NOTHING };
        assert_eq!(says(&draft, "503"), expected, "{key}: {value}");
    }
    for (key, value) in [
        ("x-idempotent", json!(false)),
        ("x-acme-idempotent", json!({"natural": false})),
        ("x-not-idempotent", json!(true)),
    ] {
        let draft = of(&[("put", with(Some((key, value.clone()))))]);
        assert_eq!(says(&draft, "503"), NOTHING, "{key}: {value}");
        assert_has(
            &draft,
            "1 operation is marked as not idempotent (/paths/~10/put); consider",
        );
    }
    let marked = json!({"x-idempotent": false, "paths": {"/a": {"get": with(None)}}});
    assert_eq!(
        says(&drafted(&document(&json!({}), &marked)), "503"),
        NOTHING
    );
}

#[test]
fn a_refusal_with_a_time_is_no_second_request() {
    let asks = json!({"headers": {"Retry-After": {}}});
    let post = json!({"responses": {"429": asks, "503": asks}});
    let draft = of(&[("post", post)]);
    assert_eq!(says(&draft, "429"), "retry-after");
    assert_eq!(says(&draft, "503"), NOTHING);
    assert_has(&draft, "consider `[if-idempotent, retry-after]`\n");

    let extension = json!({"codes": [429, 503], "maxRetries": 2});
    let post = json!({"x-retry": extension, "responses": {"429": asks, "503": asks}});
    let bare = json!({"x-retry": extension, "responses": {"429": {}, "503": asks}});
    let draft = of(&[("post", post.clone())]);
    assert_eq!(says(&draft, "429"), "[retry-after, retry]");
    assert_eq!(says(&draft, "503"), NOTHING);
    assert_has(&draft, "consider `[if-idempotent, retry-after, retry]`\n");
    assert_eq!(says(&of(&[("post", post), ("post", bare)]), "429"), NOTHING);
}

#[test]
fn what_is_off_is_not_retried() {
    for extension in [
        json!({"strategy": "none", "retryConnectionErrors": true}),
        json!({"maxRetries": 0, "retryConnectionErrors": true}),
        json!({"maxAttempts": 1, "codes": [503], "retryConnectionErrors": true}),
        json!({"enabled": false, "retryConnectionErrors": true}),
        json!(false),
    ] {
        for key in ["x-retry", "x-speakeasy-retries"] {
            let draft = of(&[("get", json!({key: extension, "responses": {"503": {}}}))]);
            assert_eq!(says(&draft, "503"), "never", "{extension}");
            assert_eq!(says(&draft, "transport"), "never", "{extension}");
            assert!(!draft.text.contains("backoff:\n"), "{}", draft.text);
            decided(&draft);
        }
    }
}

#[test]
fn an_unread_extension_gets_no_defaults() {
    for value in [
        json!({}),
        json!({"waits": 3}),
        json!({"strategy": "backoff"}),
        json!("on"),
    ] {
        let get = json!({"x-speakeasy-retries": value, "responses": {"503": {}}});
        let draft = of(&[("get", get)]);
        assert!(!draft.text.contains("backoff:\n"), "{}", draft.text);
        assert_eq!(says(&draft, "max_retries"), "{assumed: 3}");
    }
}

#[test]
fn the_response_beats_its_operation() {
    let operation = |of_response: Value| json!({"x-retry": {"codes": [503], "maxRetries": 5}, "responses": {"503": {"x-retry": of_response}}});
    let draft = of(&[("get", operation(json!(false)))]);
    assert_eq!(says(&draft, "503"), "never");
    assert_eq!(draft.conflicts, 0, "{}", draft.text);
    let draft = of(&[("get", operation(json!({"maxRetries": 1, "delayMs": 100})))]);
    assert_eq!(says(&draft, "503"), "retry");
    let unclear = of(&[("get", operation(json!({"methods": ["GET"]})))]);
    assert_eq!(says(&unclear, "503"), NOTHING);
}

#[test]
fn operations_are_counted_once() {
    let off = json!({"codes": [503], "retryConnectionErrors": false});
    let two = json!({"x-retry": off, "x-b-retry": off, "responses": {"503": {}}});
    let silent = json!({"responses": {"503": {}}});
    let draft = of(&[("get", two.clone()), ("get", silent)]);
    assert_eq!(says(&draft, "transport"), NOTHING);
    assert_eq!(says(&of(&[("get", two.clone())]), "transport"), "never");
    // What is not understood may be about connections.
    for unclear in [
        json!({"codes": [503], "methods": ["GET"]}),
        json!("on connect"),
    ] {
        let mut operation = two.clone();
        operation["x-c-retry"] = unclear;
        assert_eq!(says(&of(&[("get", operation)]), "transport"), NOTHING);
    }

    let text = r#"{"openapi": "3.1.0", "paths": {"/a": {
        "get": {"responses": {"404": {}}},
        "get": {"x-retry": {"codes": [500]}, "x-retry": {"codes": [503]}, "responses": {
            "503": {"description": "A"}, "503": {"description": "B"},
            "5XX": {"description": "C"}, "5xx": {"description": "D", "headers": {"X-A": {}}}
        }}
    }}}"#;
    let draft = drafted(text);
    assert_eq!((draft.rows, draft.conflicts), (2, 0), "{}", draft.text);
    assert_eq!(says(&draft, "503"), "retry");
    assert_eq!(says(&draft, "5XX"), NOTHING);
    assert_has(&draft, "description: B\n");
    assert_has(
        &draft,
        "# x-retry of 1 operation, /paths/~1a/get/x-retry: {codes: [503]}\n",
    );
    assert_has(
        &draft,
        "# left out: /paths/~1a/get/responses/5XX, because 5XX comes again\n",
    );
    for wrong in ["of 1 operations", "of 0 ", "2 of 1 "] {
        assert!(!draft.text.contains(wrong), "{}", draft.text);
    }

    let extension = json!({"maxRetries": 2, "delayMs": 100});
    let inside = json!({"x-retry": extension, "responses": {"500": {"x-retry": extension}, "503": {"x-retry": extension}}});
    assert_has(&of(&[("get", inside)]), "  # x-retry of 1 operation, ");
}
