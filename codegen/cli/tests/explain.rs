//! `retrospec explain`.

mod common;

use common::{Ended, Folder, assert_contains};
use serde_json::{Value, json};

const MEMFAULT: &str = "memfault.yaml";
const OTLP: &str = "otlp.yaml";
const PROMETHEUS: &str = "prometheus-remote-write.yaml";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    for spec in [MEMFAULT, OTLP, PROMETHEUS] {
        folder.write(spec, common::table(spec));
    }
    folder
}

fn explain(folder: &Folder, arguments: &[&str]) -> Ended {
    folder.run(&[&["explain"], arguments].concat())
}

fn json_of(folder: &Folder, arguments: &[&str]) -> Value {
    let ended = explain(folder, &[arguments, &["--format", "json"]].concat()).with(0);
    assert_eq!(ended.err, "");
    ended.json()
}

/// Wait and time since the first attempt, in seconds.
fn retries(json: &Value) -> Vec<(f64, f64)> {
    let number = |retry: &Value, key: &str| retry[key].as_f64().unwrap();
    let retries = json["retries"].as_array().unwrap();
    retries
        .iter()
        .map(|retry| (number(retry, "wait_seconds"), number(retry, "at_seconds")))
        .collect()
}

#[test]
fn without_a_code_the_whole_table_is_shown() {
    let out = explain(&folder("table"), &[MEMFAULT]).quiet();
    let (table, assumed) = out.split_at(out.find("- A code").unwrap());
    assert_eq!(
        table,
        "\
code         name                   retry
200          Success                never
202          Accepted               never
204          No Content             never
400          Bad Request            never
401          Unauthorized           never
403          Forbidden              never
405          Method Not Allowed     never
409          Conflict               never
429          Too Many Requests      Retry-After
500          Internal Server Error  never
502          Bad Gateway            exponential
503          Service Unavailable    exponential
504          Gateway Timeout        exponential
any other                           never
no response                         never

retries at most: 5
exponential: 8 s, 1 min 4 s, 8 min 32 s, 1 h 8 min 16 s, 9 h 6 min 8 s

What the source does not say:
"
    );
    assert_contains(assumed, "- The five retries are counted per request");
    assert_eq!(assumed.lines().count(), 5);
}

#[test]
fn the_table_shows_classes_limits_and_jitter() {
    let out = explain(&folder("classes"), &[OTLP]).quiet();
    for line in [
        "429          Too Many Requests    Retry-After, else exponential\n",
        "4XX          other client errors  never\n",
        "no response                       exponential\n",
        "retries at most: unlimited\nnone later than: 5 min\n",
        "25.3125 s, 30 s and on (jitter: 50%)\n",
    ] {
        assert_contains(&out, line);
    }
}

#[test]
fn the_table_is_there_for_programs() {
    let table = json_of(&folder("table-json"), &[MEMFAULT]);
    assert_eq!(table["api"], "Memfault");
    assert_eq!(table["version"], "0.1.0");
    assert_eq!(table["statuses"].as_array().unwrap().len(), 13);
    assert_eq!(
        table["statuses"][8],
        json!({
            "code": 429,
            "name": "Too Many Requests",
            "description": "The client went over the rate limit.",
            "retry": "retry-after",
            "errors": {},
        })
    );
    assert_eq!(table["unlisted"], "never");
    assert_eq!(table["transport"], "never");
    assert_eq!(
        table["retry_after"],
        json!([{"header": "Retry-After", "as": "retry-after", "only_if": {}}])
    );
    assert_eq!(table["assumed_values"], json!({}));
    assert_eq!(table["max_retries"], 5);
    assert_eq!(table["max_elapsed_seconds"], Value::Null);
    assert_eq!(
        table["backoff"],
        json!({ "exponential": {
            "waits_seconds": [8.0, 64.0, 512.0, 4096.0, 32768.0],
            "repeat_last": false,
            "jitter": "none",
        }})
    );
    assert_eq!(table["assumed"].as_array().unwrap().len(), 5);
}

#[test]
fn an_unlimited_table_has_null_for_its_limit() {
    let table = json_of(&folder("unlimited-json"), &[OTLP]);
    assert_eq!(table["max_retries"], Value::Null);
    assert_eq!(table["max_elapsed_seconds"], 300.0);
    assert_eq!(table["backoff"]["exponential"]["repeat_last"], true);
    assert_eq!(table["backoff"]["exponential"]["jitter"], "50%");
    assert_eq!(table["transport"], "exponential");
    let codes: Vec<&Value> = table["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["code"])
        .collect();
    assert_eq!(
        json!(codes),
        json!([200, 400, 429, 502, 503, 504, "4XX", "5XX"])
    );
}

#[test]
fn a_schedule_is_shown_as_documented() {
    let out = explain(&folder("timeline"), &[MEMFAULT, "503"]).quiet();
    assert_eq!(
        out,
        "\
503 Service Unavailable: exponential
Memfault is closed for maintenance.

             0 s  first attempt
            +8 s  retry 1, after 8 s
     +1 min 12 s  retry 2, after 1 min 4 s
     +9 min 44 s  retry 3, after 8 min 32 s
     +1 h 18 min  retry 4, after 1 h 8 min 16 s
+10 h 24 min 8 s  retry 5, after 9 h 6 min 8 s
gives up after 10 h 24 min 8 s: it was retried as often as allowed
"
    );
}

#[test]
fn json_has_the_same_numbers() {
    let json = json_of(&folder("timeline-json"), &[MEMFAULT, "503"]);
    assert_eq!(
        retries(&json),
        [
            (8.0, 8.0),
            (64.0, 72.0),
            (512.0, 584.0),
            (4_096.0, 4_680.0),
            (32_768.0, 37_448.0),
        ]
    );
    for (key, value) in [
        ("code", json!(503)),
        ("name", json!("Service Unavailable")),
        ("by", Value::Null),
        ("description", json!("Memfault is closed for maintenance.")),
        ("retry", json!("exponential")),
        ("jitter", Value::Null),
        ("retry_count", json!(5)),
        ("gives_up_after_seconds", json!(37_448.0)),
        ("reason", json!("it was retried as often as allowed")),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
}

#[test]
fn a_schedule_pays_no_heed_to_the_header() {
    let folder = folder("schedule-header");
    let without = explain(&folder, &[MEMFAULT, "502"]).quiet();
    let with = explain(&folder, &[MEMFAULT, "502", "--retry-after", "7"]).quiet();
    let note = "(this row does not read Retry-After)\n";
    assert_eq!(without, with.replacen(note, "", 1));
    assert_contains(&with, note);
}

#[test]
fn a_header_decides_where_the_row_says_so() {
    let folder = folder("header");
    for (header, end, waits) in [
        (
            None,
            "gives up at once: the response has no Retry-After\n",
            &[][..],
        ),
        (
            Some("7"),
            "gives up after 35 s: it was retried as often as allowed\n",
            &[7.0; 5],
        ),
        (
            Some("0"),
            "gives up after 0 s: it was retried as often as allowed\n",
            &[0.0; 5],
        ),
        (
            Some("86400"),
            "gives up after 5 d: it was retried as often as allowed\n",
            &[86_400.0; 5],
        ),
        (
            Some("90000"),
            "gives up at once: Retry-After asks for 90000 s, which is too long\n",
            &[],
        ),
        (
            Some("99999999999999999999999"),
            "gives up at once: Retry-After asks for 18446744073709551615 s, which is too long\n",
            &[],
        ),
        (
            Some("soon"),
            "gives up at once: the response's Retry-After is invalid\n",
            &[],
        ),
        (
            Some("-1"),
            "gives up at once: the response's Retry-After is invalid\n",
            &[],
        ),
        (
            Some("2.5"),
            "gives up after 12.5 s: it was retried as often as allowed\n",
            &[2.5; 5],
        ),
        (
            Some(""),
            "gives up at once: the response's Retry-After is invalid\n",
            &[],
        ),
        (
            Some("Sun, 06 Nov 1994 08:49:37 GMT"),
            "gives up after 0 s: it was retried as often as allowed\n",
            &[0.0; 5],
        ),
    ] {
        let option = header.map(|header| format!("--retry-after={header}"));
        let arguments: Vec<&str> = [MEMFAULT, "429"]
            .into_iter()
            .chain(option.as_deref())
            .collect();
        let out = explain(&folder, &arguments).quiet();
        assert!(
            out.starts_with("429 Too Many Requests: retry-after\n"),
            "{header:?}: {out}"
        );
        assert!(out.ends_with(end), "{header:?}: {out}");

        let json = json_of(&folder, &arguments);
        let found: Vec<f64> = retries(&json).into_iter().map(|(wait, _)| wait).collect();
        assert_eq!(found, waits, "{header:?}");
        assert_eq!(json["retry_count"], waits.len(), "{header:?}");
        assert_eq!(
            json["gives_up_after_seconds"],
            waits.iter().sum::<f64>(),
            "{header:?}"
        );
        let reason = json["reason"].as_str().unwrap();
        assert!(out.ends_with(&format!(": {reason}\n")), "{header:?}: {out}");
    }
}

#[test]
fn a_date_far_ahead_is_counted_from_now() {
    let header = "--retry-after=Sun, 06 Nov 9994 08:49:37 GMT";
    let out = explain(&folder("ahead"), &[MEMFAULT, "429", header]).quiet();
    let (_, end) = out
        .split_once("gives up at once: Retry-After asks for ")
        .unwrap();
    let seconds: u64 = end
        .strip_suffix(" s, which is too long\n")
        .unwrap()
        .parse()
        .unwrap();
    // Between 2026 and 9994.
    assert!(
        (200_000_000_000..252_000_000_000).contains(&seconds),
        "{out}"
    );
}

#[test]
fn a_schedule_replaces_an_unusable_header() {
    let folder = folder("either");
    let without = explain(&folder, &[OTLP, "429"]).quiet();
    assert_contains(&without, "  +5 s  retry 1, after 5 s (2.5 s to 7.5 s)\n");
    let (past, invalid) = (
        "Retry-After asks for no wait, so `exponential` holds",
        "the response's Retry-After is invalid, so `exponential` holds",
    );
    for (header, why) in [
        ("0", past),
        ("Sun, 06 Nov 1994 08:49:37 GMT", past),
        ("soon", invalid),
        ("-1", invalid),
        ("--soon", invalid),
    ] {
        let arguments = [OTLP, "429", "--retry-after", header];
        let with = explain(&folder, &arguments).quiet();
        let note = format!("({why})\n");
        assert_eq!(without, with.replacen(&note, "", 1), "{header}");
        assert_contains(&with, &note);
        assert_eq!(
            json_of(&folder, &arguments)["ignored_header"],
            why,
            "{header}"
        );
    }
    let with = explain(&folder, &[OTLP, "429", "--retry-after", "100"]).quiet();
    assert_contains(&with, "+3 min 20 s  retry 2, after 1 min 40 s\n");
    assert_contains(&with, "+5 min  retry 3, after 1 min 40 s\n");
    assert!(
        with.ends_with("gives up after 5 min: the next retry would start too late\n"),
        "{with}"
    );
}

#[test]
fn max_elapsed_ends_it_and_jitter_is_said() {
    let out = explain(&folder("elapsed"), &[OTLP, "transport"]).quiet();
    for part in [
        "transport: exponential\n\n",
        "             0 s  first attempt\n            +5 s  retry 1, after 5 s (2.5 s to 7.5 s)\n",
        "\n         +12.5 s  retry 2, after 7.5 s (3.75 s to 11.25 s)\n",
        "\n+4 min 35.9375 s  retry 12, after 30 s (15 s to 45 s)\n\
         (times are before jitter, 50%; in parentheses, its range)\n",
        "gives up after 4 min 35.9375 s: the next retry would start too late\n",
    ] {
        assert_contains(&out, part);
    }
}

#[test]
fn a_timeline_without_end_is_cut() {
    let folder = folder("endless");
    let out = explain(&folder, &[PROMETHEUS, "500"]).quiet();
    assert_contains(&out, "+27.65 s  retry 12, after 5 s\n");
    assert!(
        out.ends_with("\n     ...\nand so on, without end\n"),
        "{out}"
    );
    let json = json_of(&folder, &[PROMETHEUS, "500"]);
    assert_eq!(retries(&json).len(), 12);
    for key in ["retry_count", "gives_up_after_seconds", "reason"] {
        assert_eq!(json[key], Value::Null, "{key}");
    }
}

#[test]
fn a_long_timeline_is_cut_before_its_last_retry() {
    let folder = Folder::new("long");
    let waits = "documented_waits: [8s, 64s, 512s, 4096s, 32768s]";
    let spec = common::edited(
        &common::memfault(),
        &[(waits, "max: 10s"), ("max_retries: 5", "max_retries: 50")],
    );
    folder.write(MEMFAULT, spec);
    let out = explain(&folder, &[MEMFAULT, "502"]).quiet();
    assert_contains(&out, "+1 min 58 s  retry 12, after 10 s\n");
    assert!(!out.contains("retry 13,"), "{out}");
    assert_contains(
        &out,
        "...\n+8 min 18 s  retry 50, after 10 s\ngives up after 8 min 18 s: ",
    );
    let json = json_of(&folder, &[MEMFAULT, "502"]);
    assert_eq!(json["retry_count"], 50);
    assert_eq!(json["gives_up_after_seconds"], 498.0);
}

#[test]
fn a_code_is_explained_by_the_row_for_it() {
    let folder = folder("rows");
    let either = "[retry-after, exponential]";
    for (spec, code, name, by, retry) in [
        (MEMFAULT, "200", "Success", None, "never"),
        (MEMFAULT, "404", "", Some("`unlisted`"), "never"),
        (MEMFAULT, "100", "", Some("`unlisted`"), "never"),
        (MEMFAULT, "599", "", Some("`unlisted`"), "never"),
        (MEMFAULT, "transport", "", None, "never"),
        (OTLP, "429", "Too Many Requests", None, either),
        (
            OTLP,
            "404",
            "",
            Some("the row 4XX other client errors"),
            "never",
        ),
        (OTLP, "4XX", "other client errors", None, "never"),
        (OTLP, "302", "", Some("`unlisted`"), "never"),
        (
            PROMETHEUS,
            "599",
            "",
            Some("the row 5XX server errors"),
            either,
        ),
        (PROMETHEUS, "5XX", "server errors", None, either),
        (PROMETHEUS, "204", "No Content", None, "never"),
        (PROMETHEUS, "299", "", Some("the row 2XX success"), "never"),
    ] {
        let json = json_of(&folder, &[spec, code]);
        let number = code.parse::<u16>().map_or(json!(code), Value::from);
        assert_eq!(json["code"], number, "{spec} {code}");
        assert_eq!(json["name"], name, "{spec} {code}");
        assert_eq!(json["by"], json!(by), "{spec} {code}");
        assert_eq!(json["retry"], retry, "{spec} {code}");
        let out = explain(&folder, &[spec, code]).quiet();
        let title = format!("{code} {name}");
        let by = by.map(|by| format!("(by {by})\n")).unwrap_or_default();
        let head = format!("{}: {retry}\n{by}", title.trim_end());
        assert!(out.starts_with(&head), "{out}");
    }
}

#[test]
fn a_bounded_timeline_is_not_endless() {
    let folder = folder("long");
    let spec = common::edited(
        &common::table(PROMETHEUS),
        &[(
            "max_retries: unlimited",
            "max_retries: unlimited\nmax_elapsed: 30d",
        )],
    );
    folder.write(PROMETHEUS, spec);
    let out = explain(&folder, &[PROMETHEUS, "500"]).quiet();
    assert!(
        out.ends_with("and so on, for more than 100000 retries\n"),
        "{out}"
    );
}

#[test]
fn never_stops_whatever_the_header() {
    let out = explain(&folder("never"), &[MEMFAULT, "404", "--retry-after", "7"]).quiet();
    assert_eq!(
        out,
        "\
404: never
(by `unlisted`)

0 s  first attempt
is not retried
"
    );
}

#[test]
fn without_a_response_there_is_no_header() {
    let arguments = [MEMFAULT, "transport", "--retry-after", "7"];
    let ended = explain(&folder("no-header"), &arguments).with(2);
    assert_contains(&ended.err, "leave --retry-after, --header and --error out");
    assert_eq!(ended.out, "");
}

#[test]
fn what_is_no_code_is_refused() {
    let folder = folder("no-code");
    for (code, message) in [
        ("1000", "error: `1000` is not a status code: "),
        ("0429", "error: `0429` is not a status code: "),
        ("+429", "error: `+429` is not a status code: "),
        ("99", "error: `99` is not a status code: "),
        ("65965", "error: `65965` is not a status code: "),
        ("abc", "error: `abc` is not a status code: "),
        ("", "error: `` is not a status code: "),
        ("0XX", "error: `0XX` is not a status code: "),
        ("XX4", "error: `XX4` is not a status code: "),
    ] {
        let ended = explain(&folder, &[MEMFAULT, code]).with(2);
        assert!(ended.err.starts_with(message), "{code}: {}", ended.err);
        assert_eq!((ended.errors(), ended.out.as_str()), (1, ""), "{code}");
    }
}

/// `unlisted` decides about them.
#[test]
fn codes_without_a_row_are_explained() {
    let folder = folder("unlisted");
    for code in ["418", "600", "999"] {
        let out = explain(&folder, &[MEMFAULT, code]).quiet();
        assert!(
            out.starts_with(&format!("{code}: never\n(by `unlisted`)\n")),
            "{out}"
        );
    }
    let out = explain(&folder, &[MEMFAULT, "4XX"]).quiet();
    assert!(
        out.starts_with("4XX: never\n(by `unlisted`, but for codes that have a row)\n"),
        "{out}"
    );
}

#[test]
fn a_class_in_small_letters_is_a_class() {
    let folder = folder("small");
    let ended = explain(&folder, &[PROMETHEUS, "5xx"]).with(0);
    assert_eq!(ended.err, "note: `5xx` is taken for the class `5XX`\n");
    assert_eq!(ended.out, explain(&folder, &[PROMETHEUS, "5XX"]).quiet());
}

#[cfg(unix)]
#[test]
fn a_header_may_be_any_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = folder("bytes");
    let value = OsStr::from_bytes(b"\xff1");
    let ended = folder.run_os(&[
        "explain".as_ref(),
        MEMFAULT.as_ref(),
        "429".as_ref(),
        "--retry-after".as_ref(),
        value,
    ]);
    let out = ended.quiet();
    assert!(
        out.ends_with("the response's Retry-After is invalid\n"),
        "{out}"
    );
}

#[test]
fn standard_input_is_a_spec() {
    let folder = folder("stdin");
    let out = folder
        .run_with_input(&["explain", "-", "503"], &folder.read(MEMFAULT))
        .quiet();
    assert_eq!(out, explain(&folder, &[MEMFAULT, "503"]).quiet());
}

#[test]
fn a_header_needs_a_code() {
    let ended = explain(&folder("usage"), &[MEMFAULT, "--retry-after", "7"]).with(2);
    assert_contains(&ended.err, "<CODE>");
    assert_eq!(ended.out, "");
}

#[test]
fn a_spec_with_errors_explains_nothing() {
    let folder = Folder::new("wrong");
    let spec = common::edited(
        &common::memfault(),
        &[("retry: exponential", "retry: exponentail")],
    );
    folder.write(MEMFAULT, spec);
    for arguments in [&[MEMFAULT][..], &[MEMFAULT, "429"]] {
        let ended = explain(&folder, arguments).with(1);
        assert_contains(&ended.err, "error[SPEC0301]");
        assert_eq!(ended.out, "");
    }
    explain(&folder, &["missing.yaml"]).with(2);
}

fn conditions(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("conditions.yaml", common::table("conditions.yaml"));
    folder
}

/// What holds, by what, and the first wait or the end.
fn conditional(folder: &Folder, arguments: &[&str]) -> (String, String, String) {
    let arguments = [&["conditions.yaml"], arguments, &["--format", "json"]].concat();
    let found = explain(folder, &arguments).with(0).json();
    let first = &found["retries"][0];
    let end = match &first["wait_seconds"] {
        Value::Null => found["reason"].as_str().unwrap().to_owned(),
        wait => format!(
            "{wait} s, {} to {}",
            first["shortest_seconds"], first["longest_seconds"]
        ),
    };
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("retry"), text("by"), end)
}

const MINUTE: &str = "60.0 s, 60.0 to 61.0";
const HALF: &str = "0.5 s, 0.375 to 0.5";
const BY_CLASS: &str = "the row 5XX Server Error";

/// Arguments; what holds, by what, and the first wait or the end.
#[rustfmt::skip]
const CONDITIONAL: &[(&[&str], &str, &str, &str)] = &[
        (&["429"], "[retry-after, minute]", "", MINUTE),
        (
            &["429", "--error", "quota"],
            "[retry-after, minute]",
            "",
            MINUTE,
        ),
        (
            &["429", "--error", "billing"],
            "never",
            "the error billing",
            "not retried",
        ),
        (
            &["429", "--error", "slow_down"],
            "exponential",
            "the error slow_down",
            HALF,
        ),
        (
            &["429", "--header", "retry-after-ms: 250"],
            "[retry-after, minute]",
            "",
            "0.25 s, 0.25 to 0.3",
        ),
        (
            &[
                "429",
                "--header",
                "Retry-After-Ms: soon",
                "--retry-after",
                "2.5",
            ],
            "[retry-after, minute]",
            "",
            "2.5 s, 2.5 to 3.0",
        ),
        (
            &["429", "--retry-after", "121"],
            "[retry-after, minute]",
            "",
            "the server asks for 2 min 1 s, which is too long",
        ),
        (
            &["429", "--header", "X-RateLimit-Reset: 253402300799"],
            "[retry-after, minute]",
            "",
            MINUTE,
        ),
        (
            &["404", "--header", "x-should-retry: true"],
            "exponential",
            "the header X-Should-Retry: true",
            HALF,
        ),
        (
            &["503", "--header", "X-SHOULD-RETRY:false"],
            "never",
            "the header X-Should-Retry: false",
            "not retried",
        ),
        (
            &["504"],
            "[if-idempotent, retry-after, exponential]",
            BY_CLASS,
            HALF,
        ),
        (
            &["504", "--not-idempotent"],
            "[if-idempotent, retry-after, exponential]",
            BY_CLASS,
            "the request is not idempotent",
        ),
        (
            &["504", "--error", "x"],
            "never",
            "the error x",
            "not retried",
        ),
        (
            &["503", "--error", "x"],
            "[if-idempotent, exponential]",
            "",
            HALF,
        ),
        (&["connect", "--not-idempotent"], "exponential", "", HALF),
        (
            &["transport", "--not-idempotent"],
            "[if-idempotent, exponential]",
            "",
            "the request is not idempotent",
        ),
];

#[test]
fn conditions_decide_as_the_spec_says() {
    let folder = conditions("conditions");
    for (arguments, retry, by, end) in CONDITIONAL {
        let arguments: Vec<&str> = arguments.to_vec();
        let found = conditional(&folder, &arguments);
        let expected = (retry.to_string(), by.to_string(), end.to_string());
        assert_eq!(found, expected, "{arguments:?}");
    }
    let arguments = [
        "--header",
        "X-RateLimit-Remaining: 0",
        "--header",
        "X-RateLimit-Reset: 253402300799",
    ];
    let (.., end) = conditional(&folder, &[&["429"], &arguments[..]].concat());
    assert!(
        end.starts_with("the server asks for ") && end.ends_with(", which is too long"),
        "{end}"
    );
}

#[test]
fn assumed_values_are_marked_and_listed() {
    let folder = conditions("assumed");
    let table = explain(&folder, &["conditions.yaml"]).quiet();
    for line in [
        "\nretries at most: 4 (assumed)\n",
        "; slow_down: exponential (assumed)\n",
        "(jitter: +1s) (assumed: waits, repeat, max_retries, jitter)\n",
        "\nWhat the source does not say:\n- max_retries: 4\n- max_elapsed: 15m\n",
        "\n- 429.errors.slow_down: exponential\n- backoff.minute.waits: [1m]\n",
    ] {
        assert_contains(&table, line);
    }
    let row = explain(&folder, &["conditions.yaml", "429", "--error", "slow_down"]).quiet();
    assert!(
        row.starts_with("429 Too Many Requests: exponential (assumed)\n(by the error slow_down)\n")
    );
    let values = &json_of(&folder, &["conditions.yaml"])["assumed_values"];
    assert_eq!(values["backoff.minute.jitter"], "+1s");
    assert_eq!(values.as_object().unwrap().len(), 7);
}

#[test]
fn a_header_without_a_colon_is_refused() {
    let folder = conditions("no-colon");
    for line in ["Retry-After 7", ": 7", ""] {
        let ended = explain(&folder, &["conditions.yaml", "429", "--header", line]).with(2);
        assert_contains(&ended.err, "write `--header 'NAME: VALUE'`");
    }
}

#[test]
fn what_the_table_does_not_read_is_noted() {
    let folder = conditions("not-read");
    let arguments = [
        "conditions.yaml",
        "429",
        "--header",
        "X-Other: 7",
        "--error",
        "Billing",
    ];
    let ended = explain(&folder, &arguments).with(0);
    assert_eq!(
        ended.err,
        "note: no row has the error `Billing`\nnote: this table does not read the header `X-Other`\n"
    );
}
