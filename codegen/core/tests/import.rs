//! Drafts from OpenAPI documents: each rule by a small document, and hostile documents.

#![cfg(feature = "import")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use retrospec_codegen::Source;
use retrospec_codegen::internal::import::{MAX_DOCUMENT_BYTES, NoDraft, Request, draft};
use retrospec_codegen::internal::model::Action;
use serde_json::{Value, json};

use drafts::{
    assert_has, decided, document, drafted, import, refused, responses, retried, says, try_draft,
};
use random::Random;

mod drafts;
#[path = "../../../tests/fuzz/invariants/random.rs"]
mod random;

const CODES: std::ops::RangeInclusive<u16> = 100..=999;

#[test]
fn each_code_gets_a_row() {
    let all: Value = CODES
        .map(|code| (code.to_string(), json!({})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let draft = responses(&all);
    let model = decided(&draft);
    let codes: Vec<u16> = model.rows.iter().map(|row| row.code).collect();
    assert_eq!(codes, CODES.collect::<Vec<_>>());
    let names: BTreeSet<&str> = model.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), codes.len());
    for code in CODES {
        let expected = if code < 400 { "never" } else { "undecided" };
        assert_eq!(says(&draft, &code.to_string()), expected, "{code}");
    }
    assert_eq!(
        (draft.rows, draft.undecided, draft.conflicts),
        (900, 602, 0)
    );
}

#[test]
fn retry_after_decides_429_and_503_alone() {
    let header = json!({"headers": {"rEtry-aFter": {"description": "Seconds."}}});
    let all: Value = CODES
        .map(|code| (code.to_string(), header.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let draft = responses(&all);
    for code in CODES {
        let expected = match code {
            ..400 => "never",
            429 | 503 => "retry-after",
            _ => "undecided",
        };
        assert_eq!(says(&draft, &code.to_string()), expected, "{code}");
    }
    assert_has(&draft, "`Retry-After` in 1 response asks to poll");
    assert_has(
        &draft,
        "evidence: `Retry-After` is declared in 1 response: \"Seconds.\"",
    );
    for class in 1..=9 {
        let draft = responses(&json!({format!("{class}xX"): header}));
        let expected = if class < 4 { "never" } else { "undecided" };
        assert_eq!(says(&draft, &format!("{class}XX")), expected);
    }
}

#[test]
fn keys_are_read_as_people_write_them() {
    let text = "
openapi: 3.0
info: {title: Example}
paths:
  x-errors: [4XX]
  /a:
    summary: text
    parameters: []
    get:
      responses:
        x-note: 4XX
        429: {description: a}
        '500': {description: a}
        5xx: {description: a}
        4Xx: {description: a}
        default: {description: a}
        99: {}
        1000: {}
        0429: {}
        429.0: {}
";
    let draft = drafted(text);
    assert_eq!(draft.rows, 4);
    for place in ["429", "500", "4XX", "5XX"] {
        assert_eq!(says(&draft, place), "undecided");
    }
    for key in ["99", "1000", "0429"] {
        let line = format!("# left out: /paths/~1a/get/responses/{key}, which is no status code\n");
        assert_has(&draft, &line);
    }
    assert_has(&draft, "# left out: 1 more like it\n");
    assert_has(
        &draft,
        "# evidence: `default` in 1 operation: \"a\"\nunlisted: undecided\n",
    );
}

#[test]
fn json_and_yaml_give_one_draft() {
    let yaml = "
openapi: 3.1.0
info: {title: Example, version: '1'}
paths:
  /a:
    get:
      x-retry: {maxRetries: 2, statusCodes: [503]}
      responses:
        503:
          description: |
            Busy: come
            back.

            More.
";
    let operation = json!({
        "x-retry": {"maxRetries": 2, "statusCodes": [503]},
        "responses": {"503": {"description": "Busy: come\nback.\n\nMore.\n"}},
    });
    let json = document(&json!({"get": operation}), &json!({}));
    let value: Value = serde_json::from_str(&json).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let tabs = pretty.replace("  ", "\t");
    let expected = drafted(yaml);
    assert_has(&expected, "description: \"Busy: come back.\"\n");
    for text in [
        json,
        pretty.clone(),
        tabs,
        format!("\u{feff}{pretty}"),
        pretty.replace('\n', "\r\n"),
    ] {
        assert_eq!(drafted(&text), expected, "{text}");
    }
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let text = "
openapi: 3.1.0
info: {title: !!str Example}
paths:
  /a:
    get: &get
      responses: &responses
        429: &slow {description: Slow, headers: {Retry-After: {}}}
    put:
      responses: {<<: *responses, 503: *slow}
    head: *get
";
    let draft = drafted(text);
    assert_eq!(says(&draft, "429"), "retry-after");
    assert_has(&draft, "declared in 3 of 3 responses");
    assert_eq!(says(&draft, "503"), "retry-after");
}

#[test]
fn references_are_followed() {
    let slow = json!({"description": "Slow", "headers": {"Retry-After": {"$ref": "#/components/headers/Wait"}}});
    let components = json!({"components": {
        "headers": {"Wait": {"description": "Seconds."}},
        "responses": {
            "Slow": {"$ref": "#/components/responses/In~1Between%20%7E0"},
            "In/Between ~": {"$ref": "#/x-list/1"},
        },
    }, "x-list": [0, slow]});
    let get = json!({"responses": {"429": {"$ref": "#/components/responses/Slow", "description": "Own"}}});
    let draft = drafted(&document(&json!({"get": get}), &components));
    assert_eq!(says(&draft, "429"), "retry-after");
    assert_has(&draft, "description: Own\n");
    assert_has(&draft, "declared in 1 response: \"Seconds.\"");

    let item = json!({"$ref": "#/components/pathItems/A"});
    let components = json!({"components": {"pathItems": {"A": {"get": {"responses": {"503": slow}}}}, "headers": {"Wait": {}}}});
    assert_eq!(
        says(&drafted(&document(&item, &components)), "503"),
        "retry-after"
    );
}

#[test]
fn a_reference_stands_for_any_map() {
    let answer = json!({"responses": {"503": {"headers": {"Retry-After": {}}}}});
    let components = json!({
        "item": {"get": answer, "put": {"responses": {"404": {}}}, "x-retry": {"codes": [500]}},
        "operation": answer,
        "responses": answer["responses"],
        "response": answer["responses"]["503"],
        "headers": {"Retry-After": {}},
        "retry": {"codes": [503]},
        "paths": {"/a": {"get": answer}},
        "info": {"title": "Elsewhere"},
    });
    let to = |name: &str| json!({"$ref": format!("#/components/{name}")});
    let of = |paths: Value| {
        let other = json!({"components": components, "paths": paths});
        drafted(&document(&json!({}), &other))
    };
    for paths in [
        to("paths"),
        json!({"/a": {"get": to("operation")}}),
        json!({"/a": {"get": {"responses": to("responses")}}}),
        json!({"/a": {"get": {"responses": {"503": to("response")}}}}),
        json!({"/a": {"get": {"responses": {"503": {"headers": to("headers")}}}}}),
    ] {
        assert_eq!(says(&of(paths.clone()), "503"), "retry-after", "{paths}");
    }
    let draft = of(json!({"/a": {"get": {"x-retry": to("retry"), "responses": {"503": {}}}}}));
    assert_eq!(says(&draft, "503"), "retry");
    let info = json!({"info": to("info"), "components": components});
    let draft = drafted(&document(&json!({"get": answer}), &info));
    assert_has(&draft, "api: Elsewhere\n");

    // What stands beside it counts first.
    let mut item = to("item");
    item["post"] = json!({"responses": {"409": {}}});
    item["put"] = json!({"responses": {"405": {}}});
    let draft = of(json!({"/a": item}));
    assert_has(&draft, "OpenAPI 3.1.0, 3 operations.\n");
    for (place, expected) in [
        ("405", "never"),
        ("409", "never"),
        ("503", "undecided"),
        ("500", "undecided"),
    ] {
        assert_eq!(says(&draft, place), expected);
    }
    assert!(!draft.text.contains("404"));
    let mut retry = to("retry");
    retry["methods"] = json!(["GET"]);
    let draft = of(json!({"/a": {"get": {"x-retry": retry, "responses": {"503": {}}}}}));
    assert_eq!(says(&draft, "503"), "undecided");
}

#[test]
fn each_outer_reference_is_named() {
    let to = json!({"$ref": "other.yaml#/a"});
    let get = |operation: Value| json!({"paths": {"/a": {"get": operation}}});
    for other in [
        to.clone(),
        json!({"paths": to}),
        json!({"info": to}),
        json!({"externalDocs": to}),
        json!({"info": {"contact": to}}),
        json!({"x-retry": to}),
        json!({"paths": {"/a": to}}),
        json!({"paths": {"/a": {"$ref": "other.yaml#/a", "post": {}}}}),
        get(to.clone()),
        get(json!({"x-retry": to})),
        get(json!({"x-retry": {"backoff": to}})),
        get(json!({"responses": to})),
        get(json!({"responses": {"503": to}})),
        get(json!({"responses": {"503": {"headers": to}}})),
        get(json!({"responses": {"503": {"headers": {"Retry-After": to}}}})),
        get(json!({"responses": {"503": {"x-retry": to}}})),
    ] {
        let message = refused(&document(
            &json!({"get": {"responses": {"200": {}}}}),
            &other,
        ));
        assert!(
            message.contains(": `$ref` to `other.yaml#/a`, which is outside of this document"),
            "{other}: {message}"
        );
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_named() {
    let at = |reference: &str| {
        let components = json!({"components": {"responses": {
            "A": {"$ref": "#/components/responses/B"},
            "B": {"$ref": "#/components/responses/A"},
            "Self": {"$ref": "#/components/responses/Self"},
        }}});
        let get = json!({"responses": {"429": {"$ref": reference}}});
        refused(&document(&json!({"get": get}), &components))
    };
    for outside in [
        "other.yaml#/A",
        "./a.json",
        "https://a.example/b",
        "components",
    ] {
        let message = at(outside);
        assert!(
            message.contains(&format!(
                "`$ref` to `{outside}`, which is outside of this document"
            )),
            "{message}"
        );
        assert!(message.starts_with("openapi.yaml:1:"), "{message}");
    }
    for gone in [
        "#/components/responses/C",
        "#/nothing",
        "#name",
        "#/components/responses/",
        "#/info/title/x",
    ] {
        let message = at(gone);
        assert!(
            message.ends_with(&format!(
                "`$ref` to `{gone}`, which is not in this document"
            )),
            "{message}"
        );
    }
    let empty = at("");
    assert!(
        empty.ends_with("expected a reference after `$ref`, found an empty string"),
        "{empty}"
    );
    let circle = at("#/components/responses/A");
    assert!(circle.ends_with("a circle of `$ref`: `#/components/responses/A` to `#/components/responses/B` to `#/components/responses/A`"), "{circle}");
    let circle = at("#/components/responses/Self");
    assert!(circle.contains("a circle of `$ref`"), "{circle}");
}

#[test]
fn a_long_chain_of_references_is_no_circle() {
    let chain = |length: usize| {
        let mut all = serde_json::Map::new();
        for n in 1..length {
            all.insert(
                format!("R{n}"),
                json!({"$ref": format!("#/components/responses/R{}", n + 1)}),
            );
        }
        all.insert(format!("R{length}"), json!({"description": "End"}));
        let get = json!({"responses": {"429": {"$ref": "#/components/responses/R1"}}});
        let components = json!({"components": {"responses": all}});
        document(&json!({"get": get}), &components)
    };
    assert_has(&drafted(&chain(100)), "description: End\n");
    let message = refused(&chain(101));
    assert!(
        message.ends_with("more than 100 `$ref` in a row"),
        "{message}"
    );
}

#[test]
fn the_other_direction_is_not_read() {
    let answer = json!({"responses": {"503": {"description": "x"}}});
    let get =
        json!({"responses": {"204": {}}, "callbacks": {"done": {"{$url}": {"post": answer}}}});
    let webhooks = json!({"webhooks": {"stock": {"post": answer}}});
    let draft = drafted(&document(&json!({"get": get}), &webhooks));
    assert_eq!(draft.rows, 1);
    let message = refused(&document(&json!({}), &webhooks));
    assert!(
        message.ends_with(
            "so there are no rows to draft; webhooks are not read, because the vendor is the client there"
        ),
        "{message}"
    );
}

#[test]
fn attempts_count_the_first_one() {
    for (numbers, retries) in [
        (json!({"maxAttempts": 3}), "2"),
        (json!({"maxRetries": 3}), "3"),
        (json!({"max_attempts": 4}), "3"),
        (json!({"policy": {"max-retries": 7}}), "7"),
        (json!({"maxAttempts": 4, "maxRetries": 3}), "3"),
    ] {
        let mut extension = numbers.clone();
        extension["codes"] = json!([503]);
        let draft = drafted(&document(
            &json!({"get": retried(&extension, &["503"])}),
            &json!({}),
        ));
        assert_eq!(says(&draft, "max_retries"), retries, "{numbers}");
        assert_eq!(says(&draft, "503"), "retry");
    }
    for off in [
        json!({"maxAttempts": 1}),
        json!({"maxRetries": 0}),
        json!({"strategy": "none"}),
        json!({"enabled": false}),
        json!(false),
    ] {
        let draft = drafted(&document(
            &json!({"get": retried(&off, &["503"])}),
            &json!({}),
        ));
        assert_eq!(says(&draft, "503"), "never", "{off}");
    }
}

#[test]
fn times_have_the_units_of_their_keys() {
    for (key, value, initial) in [
        ("baseDelayMs", json!(1500), "1500ms"),
        ("initialDelaySeconds", json!(2), "2s"),
        ("base_delay_sec", json!(0.25), "250ms"),
        ("initialDelay", json!("750ms"), "750ms"),
        ("delay", json!("1.5s"), "1500ms"),
    ] {
        let extension = json!({key: value, "statusCodes": ["503"], "factor": 1.5});
        let draft = drafted(&document(
            &json!({"get": retried(&extension, &[])}),
            &json!({}),
        ));
        assert_has(
            &draft,
            &format!("    initial: {initial}\n    multiplier: 1.5\n"),
        );
        assert_eq!(says(&draft, "503"), "retry");
    }
}

#[test]
fn a_time_without_a_unit_is_left_out() {
    for (key, value, at) in [
        ("initialInterval", json!(500), "500"),
        ("delay", json!("5"), "5"),
        ("maxElapsedTime", json!(1.5), "1.5"),
        ("maxDelay", json!(2), "2"),
    ] {
        let extension = json!({key: value, "codes": [503]});
        let get = retried(&extension, &["503"]);
        let draft = drafted(&document(&json!({"get": get}), &json!({})));
        assert_has(
            &draft,
            &format!(
                "  # left out, because the unit is unknown: {key}: {at}\n  retry:\n    initial: {{assumed: 1s}}\n    multiplier: {{assumed: 2}}\nstatuses:"
            ),
        );
        assert!(!draft.text.contains("max_elapsed"), "{}", draft.text);
    }
}

#[test]
fn a_first_wait_is_at_most_the_longest() {
    for (numbers, lines) in [
        (
            json!({"baseDelayMs": 900, "maxDelayMs": 300}),
            "initial: {assumed: 300ms}\n    multiplier: {assumed: 2}\n    max: 300ms\n",
        ),
        (
            json!({"baseDelayMs": 900, "maxDelayMs": 300, "maxDelay": 1}),
            "initial: {assumed: 300ms}\n    multiplier: {assumed: 2}\n    max: 300ms\n",
        ),
        (
            json!({"baseDelayMs": 300, "maxDelayMs": 300}),
            "initial: 300ms\n    multiplier: {assumed: 2}\n    max: 300ms\n",
        ),
        (
            json!({"maxDelayMs": 300, "backoff": "fixed"}),
            "initial: {assumed: 300ms}\n    multiplier: 1\n",
        ),
    ] {
        let mut extension = numbers.clone();
        extension["codes"] = json!([503]);
        let draft = drafted(&document(
            &json!({"get": retried(&extension, &[])}),
            &json!({}),
        ));
        assert_has(&draft, &format!("  retry:\n    {lines}statuses:"));
    }
}

#[test]
fn an_exponent_is_no_multiplier() {
    let speakeasy = |backoff: Value| {
        let extension = json!({"strategy": "backoff", "backoff": backoff, "statusCodes": ["5XX"], "retryConnectionErrors": true});
        let get = json!({"x-speakeasy-retries": extension, "responses": {"200": {}}});
        drafted(&document(&json!({"get": get}), &json!({})))
    };
    // 100 n^2: squares, which the code computes in another way.
    let draft = speakeasy(
        json!({"initialInterval": 100, "maxInterval": 2000, "maxElapsedTime": 6000, "exponent": 2}),
    );
    let waits: Vec<String> = [100, 400, 900, 1600]
        .iter()
        .map(|wait| format!("{wait}ms"))
        .collect();
    let waits = waits.join(", ").replace("1000ms", "1s");
    assert_has(
        &draft,
        &format!("waits: {{assumed: [{waits}, 2s]}}\n    repeat: {{assumed: last}}\n"),
    );
    // 0.1 + 0.4 + 0.9 + 1.6 + 2 = 5 s, and 2 s more are too late.
    assert_eq!(says(&draft, "max_retries"), "{assumed: 5}");
    assert_eq!(says(&draft, "max_elapsed"), "6s");
    assert_eq!(says(&draft, "5XX"), "speakeasy_retries");
    assert_has(
        &draft,
        "before retry n is 100ms times n to the power of 2, at most 2s.",
    );
    assert_has(&draft, "  connect: speakeasy_retries\n");
    decided(&draft);

    let draft = speakeasy(json!({}));
    assert_has(&draft, "waits: {assumed: [500ms, 1414ms, 2598ms, 4s, ");
    assert_eq!(says(&draft, "max_elapsed"), "{assumed: 3600s}");
}

#[test]
fn a_code_that_only_an_extension_names_is_a_row() {
    let extension = json!({"retryOn": ["408", 425, "5xx"], "maxRetries": 2});
    let draft = drafted(&document(
        &json!({"get": retried(&extension, &["400", "503"])}),
        &json!({}),
    ));
    assert_eq!(draft.rows, 5);
    for (place, expected) in [
        ("400", "never"),
        ("408", "retry"),
        ("425", "retry"),
        ("503", "retry"),
        ("5XX", "retry"),
    ] {
        assert_eq!(says(&draft, place), expected, "{place}");
    }
    assert_eq!(says(&draft, "unlisted"), "undecided");
    assert_eq!(says(&draft, "transport"), "undecided");
}

#[test]
fn a_listed_code_leaves_its_class_open() {
    let extension = json!({"retryOn": [503], "maxRetries": 2});
    let draft = drafted(&document(
        &json!({"get": retried(&extension, &["503", "4XX", "5XX"])}),
        &json!({}),
    ));
    assert_eq!(says(&draft, "503"), "retry");
    assert_eq!(says(&draft, "4XX"), "never");
    assert_eq!(says(&draft, "5XX"), "undecided");
}

#[test]
fn what_is_not_said_everywhere_is_open() {
    let lists = retried(&json!({"codes": [503], "maxRetries": 2}), &["500", "503"]);
    let other_numbers = retried(&json!({"codes": [503], "maxRetries": 4}), &["503"]);
    let leaves_out = retried(&json!({"codes": [500], "maxRetries": 2}), &["503"]);
    let unclear = retried(&json!({"maxRetries": 2}), &["503"]);
    let incomplete = retried(&json!({"codes": ["busy", 429]}), &["503"]);
    let mut other_key = json!({"responses": {"503": {}}});
    other_key["x-a-retry"] = json!({"codes": [503], "maxRetries": 2});
    let silent = json!({"responses": {"503": {}}});
    let asks = json!({"responses": {"503": {"headers": {"Retry-After": {}}}}});
    let both = json!({"x-retry": {"codes": [503], "maxRetries": 2}, "responses": {"503": {"headers": {"Retry-After": {}}}}});
    let contradicts = json!({"x-retry": {"codes": [429]}, "responses": {"503": {"headers": {"Retry-After": {}}}}});
    for (operations, expected, conflicts) in [
        (json!({"get": lists}), "retry", 0),
        (json!({"get": lists, "put": lists}), "retry", 0),
        (json!({"get": lists, "put": other_numbers}), "retry", 1),
        (json!({"get": lists, "put": silent}), "undecided", 1),
        (json!({"get": lists, "put": leaves_out}), "undecided", 2),
        (json!({"get": leaves_out}), "never", 0),
        (json!({"get": leaves_out, "put": silent}), "undecided", 2),
        (json!({"get": unclear}), "undecided", 0),
        (json!({"get": incomplete}), "undecided", 0),
        (json!({"get": silent}), "undecided", 0),
        (json!({"get": asks}), "retry-after", 0),
        (json!({"get": asks, "put": silent}), "undecided", 1),
        (json!({"get": asks, "put": leaves_out}), "undecided", 3),
        (json!({"get": both}), "[retry-after, retry]", 0),
        (
            json!({"get": both, "put": lists}),
            "[retry-after, retry]",
            1,
        ),
        (json!({"get": lists, "put": asks}), "undecided", 2),
        (json!({"get": contradicts}), "undecided", 1),
        (json!({"get": lists, "put": other_key}), "undecided", 1),
    ] {
        let draft = drafted(&document(&operations, &json!({})));
        assert_eq!(
            says(&draft, "503"),
            expected,
            "{operations}\n{}",
            draft.text
        );
        assert_eq!(draft.conflicts, conflicts, "{operations}\n{}", draft.text);
        assert_eq!(draft.text.matches("# conflict: ").count(), conflicts);
        decided(&draft);
    }
}

#[test]
fn a_success_is_never_open() {
    let asks = json!({"202": {"headers": {"Retry-After": {}}}});
    let extension = json!({"codes": [503], "maxRetries": 2});
    let get = json!({"x-retry": extension, "responses": asks});
    let put = json!({"responses": asks});
    let post = json!({"x-retry": extension, "responses": {"202": {}, "2XX": {}}});
    let patch = json!({"x-retry": {"maxRetries": 2}, "responses": {"202": {}}});
    let operations = json!({"get": get, "put": put, "post": post, "patch": patch});
    let draft = drafted(&document(&operations, &json!({})));
    assert_eq!(says(&draft, "202"), "never");
    assert_eq!(says(&draft, "2XX"), "never");
    assert_has(&draft, "`Retry-After` in 2 of 4 responses asks to poll");
}

#[test]
fn the_nearest_extension_counts() {
    let extension = |codes: Value| json!({"codes": codes, "maxRetries": 2});
    let get = retried(&extension(json!([503])), &["500", "502", "503"]);
    let mut item = json!({"get": get, "x-retry": extension(json!([502]))});
    let root = json!({"x-retry": extension(json!([500]))});
    let decides = |item: &Value, code: &str| {
        let draft = drafted(&document(item, &root));
        for other in ["500", "502", "503"] {
            let expected = if other == code { "retry" } else { "never" };
            assert_eq!(says(&draft, other), expected, "{item}");
        }
    };
    decides(&item, "503");
    item["get"].as_object_mut().unwrap().remove("x-retry");
    decides(&item, "502");
    item.as_object_mut().unwrap().remove("x-retry");
    decides(&item, "500");
}

#[test]
fn connections_are_decided_if_all_say_so() {
    let extension =
        |connection: Value| json!({"codes": [503], "retryConnectionErrors": connection});
    let [yes, no] = [true, false].map(|flag| retried(&extension(json!(flag)), &["503"]));
    let silent = json!({"responses": {"503": {}}});
    for (operations, connect) in [
        (json!({"get": yes}), "retry"),
        (json!({"get": yes, "put": yes}), "retry"),
        (json!({"get": no, "put": no}), "never"),
        (json!({"get": yes, "put": no}), "undecided"),
        (json!({"get": yes, "put": silent}), "undecided"),
        (json!({"get": no, "put": silent}), "undecided"),
        (json!({"get": silent}), "undecided"),
    ] {
        let draft = drafted(&document(&operations, &json!({})));
        if connect == "retry" {
            assert_has(&draft, "transport:\n");
            assert_has(&draft, "  connect: retry\n");
            assert_has(&draft, "  other: undecided\n");
            let model = decided(&draft);
            assert_eq!(model.connect.action, Action::Backoff("retry".to_owned()));
        } else {
            assert_eq!(says(&draft, "transport"), connect, "{operations}");
        }
    }
}

#[test]
fn names_and_descriptions_are_strings() {
    let texts = [
        "a: b",
        "# no",
        "- no",
        "\"q\" \\ 'r'",
        "'",
        "\\",
        "yes",
        "null",
        "~",
        "1.0",
        "0x1f",
        "[a]",
        "{a}",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "a #b",
        "a:",
        "? a",
        "| a",
        "> a",
        "=",
        "<<",
        "\u{e9}\u{1f600}",
        "a\tb",
        "a\u{a0}b",
        "2026-11-27",
        "\u{7}\u{202e}\u{feff}x\u{2028}y\u{85}z",
        "OK",
        "undecided",
        ".",
        "a\u{0}b",
    ];
    for text in texts {
        let visible = text.replace(
            |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{feff}' | '\u{2028}'),
            " ",
        );
        let expected = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        let document = json!({
            "openapi": "3.0.0",
            "info": {"title": text, "version": text},
            "paths": {text: {"get": {"responses": {"520": {"description": text}, "5XX": {"description": text}}}}},
        });
        let model = decided(&drafted(&document.to_string()));
        assert_eq!(model.api, expected);
        assert_eq!(model.sources[0].title, format!("{expected} {expected}"));
        assert_eq!(model.classes[0].description, expected);
        let row = &model.rows[0];
        assert!(
            row.description == expected || row.name == expected,
            "{text:?}: {row:?}"
        );
    }
}

/// In each place of a document whose strings a draft has.
#[test]
fn each_character_can_be_in_a_document() {
    let all: Vec<char> = (0..=0xffff)
        .chain([0x1_fffe, 0x1_ffff, 0xe_0001, 0x10_fffe, 0x10_ffff])
        .filter_map(char::from_u32)
        .collect();
    for some in all.chunks(45) {
        let text: String = some.iter().flat_map(|c| ['a', *c]).collect();
        let document = json!({
            "openapi": "3.0.0",
            "info": {"title": text, "version": text},
            "x-retry": {"codes": [503], "jitter": text, text.clone(): 1},
            "paths": {text.clone(): {"get": {"responses": {
                "503": {"description": text, "headers": {text.clone(): {}, "Retry-After": {"description": text}}},
                "520": {"description": text},
                text.clone(): {},
            }}, "put": {"responses": {"503": {"description": "b"}}}}},
        });
        // YAML takes some of them only as escapes.
        let mut escaped = String::new();
        for c in document.to_string().chars() {
            if c.is_ascii_graphic() || c == ' ' {
                escaped.push(c);
                continue;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
        let draft = drafted(&escaped);
        decided(&draft);
        assert!(!draft.text.contains(['\u{fffe}', '\u{ffff}']));
    }
}

#[test]
fn long_texts_are_cut_off() {
    let long = "word ".repeat(12_000);
    let unbroken = "x".repeat(60_000);
    for text in [long, unbroken] {
        let document = json!({
            "openapi": "3.0.0",
            "info": {"title": text, "version": text, "contact": {"url": format!("https://{text}")}},
            "x-retry": {text.clone(): text},
            "paths": {text.clone(): {"get": {"responses": {"520": {"description": text}, text.clone(): {}}}}},
        });
        let draft = drafted(&document.to_string());
        let longest = draft.text.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(700), "{longest:?}");
        decided(&draft);
    }
}

#[test]
fn each_crate_name_is_valid() {
    let long = "Name ".repeat(50);
    for (api, name) in [
        ("Parcels", "parcels-status"),
        ("The Labels API (v2)", "the-labels-api-v2-status"),
        ("3scale", "api-3scale-status"),
        ("\u{c9}t\u{e9}", "t-status"),
        ("\u{1f600}", "api-status"),
        ("--", "api-status"),
        ("core", "core-status"),
        (
            long.as_str(),
            "name-name-name-name-name-name-name-name-name-name-status",
        ),
    ] {
        let text = document(&json!({"get": {"responses": {"200": {}}}}), &json!({}));
        let draft = try_draft(&text, &[], Some(api)).unwrap();
        assert_eq!(decided(&draft).crate_name.as_deref(), Some(name));
        let titled = json!({"info": {"title": api}});
        let text = document(&json!({"get": {"responses": {"200": {}}}}), &titled);
        assert_eq!(decided(&drafted(&text)).crate_name.as_deref(), Some(name));
    }
}

#[test]
fn equal_names_have_two_variants() {
    let same = json!({"description": "Busy now"});
    let draft = responses(
        &json!({"520": same, "530": same, "429": {"description": "Code530"}, "540": {"description": "Code530"}}),
    );
    let model = decided(&draft);
    let variants: BTreeSet<&str> = model.rows.iter().map(|row| row.variant.as_str()).collect();
    assert_eq!(variants.len(), 4, "{variants:?}");
    // HTTP's own names come first, whatever the order of the rows.
    let draft = responses(&json!({"420": {"description": "Too Many Requests"}, "429": {}}));
    let model = decided(&draft);
    let variants: Vec<&str> = model.rows.iter().map(|row| row.variant.as_str()).collect();
    assert_eq!(variants, ["Code420", "TooManyRequests"]);
    let draft = drafted(&document(
        &json!({"get": {"responses": {"520": {"$ref": "#/components/responses/ShieldDown"}}}}),
        &json!({"components": {"responses": {"ShieldDown": {"description": "The shield is down."}}}}),
    ));
    assert_has(
        &draft,
        "name: ShieldDown\n    description: The shield is down.\n",
    );
}

#[test]
fn different_descriptions_are_a_conflict() {
    let with =
        |text: &str| json!({"responses": {"404": {"description": text, "headers": {"X-A": {}}}}});
    let operations = json!({"get": with("Gone."), "put": with("No such label."), "post": with("No such label."), "patch": {"responses": {"404": {"description": "d"}}}});
    let draft = drafted(&document(&operations, &json!({})));
    assert_has(&draft, "description: No such label.\n");
    assert_has(
        &draft,
        "# conflict: the description is that of 2 of 4 responses; also \"Gone.\" (/paths/~1a/get/responses/404), \"d\" (/paths/~1a/patch/responses/404)\n",
    );
    assert_has(&draft, "# conflict: headers: x-a in 3 of 4 responses\n");
    assert_eq!(draft.conflicts, 2);
}

#[test]
fn operations_are_chosen_by_name() {
    let answer = |code: &str| json!({"responses": {code: {}}});
    let operations = json!({"get": answer("401"), "put": answer("402"), "post": answer("403")});
    let text = document(&operations, &json!({}));
    let rows = |chosen: &[&str]| {
        let model = decided(&try_draft(&text, chosen, None).unwrap());
        model.rows.iter().map(|row| row.code).collect::<Vec<_>>()
    };
    assert_eq!(rows(&[]), [401, 402, 403]);
    assert_eq!(rows(&["GET /a"]), [401]);
    assert_eq!(rows(&["put /a", " POST  /a "]), [402, 403]);
    for (chosen, message) in [
        (
            "GET /b",
            "the document has no operation `GET /b`; did you mean `GET /a`?",
        ),
        (
            "PATCH /a",
            "the document has no operation `PATCH /a`; did you mean `GET /a`?",
        ),
        (
            "GET /something",
            "the document has no operation `GET /something`",
        ),
        (
            "/a",
            "expected a method and a path, as in `GET /status`, found `/a`: an `operationId` is not enough",
        ),
    ] {
        let refused = try_draft(&text, &["GET /a", chosen], None);
        assert_eq!(refused, Err(NoDraft::Request(message.to_owned())));
    }
}

#[test]
fn other_documents_are_refused() {
    for (text, message) in [
        (
            "",
            "1:1: expected an OpenAPI document in YAML or JSON, found no map",
        ),
        (
            "3",
            "1:1: expected an OpenAPI document in YAML or JSON, found no map",
        ),
        (
            "[]",
            "1:1: expected an OpenAPI document in YAML or JSON, found no map",
        ),
        (
            "api: Example",
            "1:1: expected an OpenAPI document, found no key `openapi`",
        ),
        (
            "\nswagger: '2.0'",
            "2:10: expected OpenAPI 3.0 or 3.1, found Swagger 2.0: convert it to OpenAPI 3 first",
        ),
        (
            "swagger: 1.2",
            "1:10: expected OpenAPI 3.0 or 3.1, found Swagger 1.2: convert it to OpenAPI 3 first",
        ),
        (
            "openapi: 3.2.0",
            "1:10: expected OpenAPI 3.0 or 3.1, found `3.2.0`",
        ),
        (
            "openapi: 3.10.0",
            "1:10: expected OpenAPI 3.0 or 3.1, found `3.10.0`",
        ),
        ("openapi: 2", "1:10: expected OpenAPI 3.0 or 3.1, found `2`"),
        (
            "openapi: [3]",
            "1:10: expected OpenAPI 3.0 or 3.1, found no version",
        ),
        (
            "openapi: 3.1.0",
            "1:1: no operation has a response with a status code, so there are no rows to draft",
        ),
        (
            "openapi: 3.1.0\npaths: 3",
            "2:8: expected a map of paths, found another value",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: 3}",
            "2:13: expected a path item, found another value",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: {get: 3}}",
            "2:19: expected an operation, found another value",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {responses: 3}}}",
            "2:31: expected a map of responses, found another value",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: 3}}}}",
            "2:37: expected a response, found another value",
        ),
        (
            "openapi: 3.1.0\n---\na: b",
            "2:1: more than one YAML document",
        ),
    ] {
        assert_eq!(refused(text), format!("openapi.yaml:{message}"));
    }
    assert!(refused("openapi: [").starts_with("openapi.yaml:1:10: not YAML or JSON: "));
    let source = Source::from_bytes("openapi.yaml", b"openapi: \xff");
    let request = Request {
        operations: &[],
        api: None,
        read: "2026-11-27",
    };
    let message =
        "openapi.yaml:1:10: expected UTF-8, found another encoding: save the file as UTF-8";
    assert_eq!(
        draft(&source, &request),
        Err(NoDraft::Document(message.to_owned()))
    );
}

#[test]
fn what_few_bytes_lead_to_is_bounded() {
    let extensions = |count: usize| {
        let all = (0..count).map(|n| (format!("x-retry-{n}"), json!(false)));
        let all: serde_json::Map<String, Value> = all.collect();
        document(&json!({"get": {"responses": {"503": {}}}}), &all.into())
    };
    assert_eq!(says(&drafted(&extensions(16)), "503"), "undecided");
    assert!(refused(&extensions(17)).ends_with("more than 16 extensions about retries in one map"));

    // A few bytes lead to the same large map again and again.
    let shared = |paths: usize, codes: u16, keys: usize| {
        let responses: serde_json::Map<String, Value> = (100..100 + codes)
            .map(|code| (code.to_string(), json!({})))
            .collect();
        let mut get = json!({"responses": responses});
        for key in 0..keys {
            get[format!("x-{key}")] = json!(1);
        }
        let paths: serde_json::Map<String, Value> = (0..paths)
            .map(|n| (format!("/{n}"), json!({"$ref": "#/x-item"})))
            .collect();
        let other = json!({"paths": paths, "x-item": {"get": get}});
        document(&json!({}), &other)
    };
    assert_eq!(drafted(&shared(200, 900, 0)).rows, 900);
    assert!(refused(&shared(300, 900, 0)).ends_with(
        "200700 responses or more, of which a table takes 200000 at most: choose some with `--operation`"
    ));
    assert!(refused(&shared(1_000, 1, 2_000)).ends_with(
        "`$ref` leads to more than 2000000 values, each counted as often as it is reached"
    ));
}

#[test]
fn a_draft_is_no_longer_than_a_spec() {
    let long = |codes: std::ops::Range<u16>| {
        let responses: serde_json::Map<String, Value> = codes
            .map(|code| {
                let words = format!("{code} word ").repeat(40);
                let header = format!("{code}-{}", "h".repeat(280));
                (code.to_string(), json!({"description": words, "headers": {"Retry-After": {"description": words}, header: {}}}))
            })
            .collect();
        let post: serde_json::Map<String, Value> = responses
            .iter()
            .map(|(code, _)| {
                let words = format!("word {code} ").repeat(40);
                (
                    code.clone(),
                    json!({"description": words, "headers": {"k".repeat(280): {}}}),
                )
            })
            .collect();
        document(
            &json!({"get": {"responses": responses}, "post": {"responses": post}}),
            &json!({}),
        )
    };
    let draft = drafted(&long(400..600));
    assert!(draft.text.len() < 1 << 20);
    decided(&draft);
    let message = refused(&long(100..1_000));
    assert!(
        message.contains(" bytes, of which a spec takes 1048576 at most: choose some operations with `--operation`"),
        "{message}"
    );
}

#[test]
fn too_much_is_refused() {
    let operations = |count: usize| {
        let mut text = "openapi: 3.1.0\npaths:\n".to_owned();
        for n in 0..count {
            let _ = writeln!(text, "  /{n}: {{get: {{responses: {{200: {{}}}}}}}}");
        }
        text
    };
    assert_eq!(drafted(&operations(10_000)).rows, 1);
    let many = operations(10_001);
    assert_eq!(
        refused(&many),
        "openapi.yaml:3:3: 10001 operations, of which a table takes 10000 at most: choose some with `--operation`"
    );
    assert_eq!(try_draft(&many, &["GET /7"], None).unwrap().rows, 1);

    let spaces = |count: usize| " ".repeat(count) + "{}";
    let larger = refused(&spaces(MAX_DOCUMENT_BYTES));
    assert_eq!(
        larger,
        "openapi.yaml: larger than 8 MiB: draft from a part of the document"
    );
    assert!(refused(&spaces(MAX_DOCUMENT_BYTES - 2)).ends_with("no key `openapi`"));

    let deep = |levels: usize| {
        let schema = format!(
            "{}{}",
            "{\"a\": ".repeat(levels),
            "}".repeat(levels).replacen('}', "1}", 1)
        );
        document(&json!({"get": {"responses": {"200": {}}}}), &json!({})).replacen(
            '{',
            &format!("{{\"x\": {schema}, "),
            1,
        )
    };
    assert_eq!(drafted(&deep(126)).rows, 1);
    for text in [
        deep(250),
        "[".repeat(100_000),
        (0..500).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n"),
    ] {
        assert!(refused(&text).ends_with("more than 128 levels deep"));
    }
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in ["ab", "bc", "cd", "de", "ef", "fg", "gh"] {
        let (from, to) = pair.split_at(1);
        let _ = writeln!(
            bomb,
            "{to}: &{to} [{}]",
            vec![format!("*{from}"); 10].join(", ")
        );
    }
    assert!(
        refused(&bomb).ends_with("too many anchors, or aliases of too much: write `$ref` instead")
    );
}

#[test]
fn any_schedule_of_an_extension_is_valid() {
    let mut random = Random(3);
    let numbers = [
        "0", "1", "2.5", "3", "10", "1000", "60000", "1e9", "-1", "1e400", "\"7s\"", "true",
        "null", "[1]",
    ];
    let keys = [
        "maxAttempts",
        "maxRetries",
        "baseDelayMs",
        "initialInterval",
        "maxInterval",
        "maxDelaySeconds",
        "maxElapsedTime",
        "multiplier",
        "factor",
        "exponent",
        "retryConnectionErrors",
    ];
    let words = ["exponential", "linear", "fixed", "constant", "backoff"];
    let extensions = [
        "x-speakeasy-retries",
        "x-retry",
        "x-retry-after",
        "x-max-retries",
        "x-retry-waits",
        "x-RETRY",
    ];
    for _ in 0..500 {
        let mut operations = Vec::new();
        for method in ["get", "put"] {
            let mut fields = vec![format!(
                "\"statusCodes\": [503], \"strategy\": \"{}\"",
                words[random.below(words.len())]
            )];
            for _ in 0..random.below(6) {
                let (key, number) = (
                    keys[random.below(keys.len())],
                    numbers[random.below(numbers.len())],
                );
                fields.push(format!("\"{key}\": {number}"));
            }
            let extension = extensions[random.below(extensions.len())];
            operations.push(format!(
                "\"{method}\": {{\"{extension}\": {{{}}}, \"responses\": {{\"503\": {{}}}}}}",
                fields.join(", ")
            ));
        }
        let text = format!(
            "{{\"openapi\": \"3.1.0\", \"paths\": {{\"/\": {{{}}}}}}}",
            operations.join(", ")
        );
        assert!(import::check_import(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_changed_document_is_refused_or_drafted() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fuzz/corpus/import"
    );
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let corpus: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let taken = corpus
        .iter()
        .filter(|bytes| import::check_import(bytes))
        .count();
    assert_eq!(taken + 1, corpus.len(), "one has no rows");

    let mut random = Random(4);
    let mut drafted = 0;
    for _ in 0..500 {
        let mut bytes = corpus[random.below(corpus.len())].clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = random.byte(),
                1 => drop(bytes.remove(at)),
                _ => {
                    let end = (at + random.below(40)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, part);
                }
            }
        }
        drafted += u32::from(import::check_import(&bytes));
    }
    assert!((50..475).contains(&drafted), "{drafted}");
}
