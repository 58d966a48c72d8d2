//! `retrospec explain --format markdown` and `--format svg`.

mod common;

use std::fs;
use std::path::Path;

use common::{Ended, Folder, assert_contains};

const SPEC: &str = "spec.yaml";

/// Everything that Markdown or XML could take for markup.
const ODD: &str = r#"
api: "<O&d> | *d*"
source:
  - {title: "[One] | `two`", url: "https://odd.example/a_b?c=d", read: 2026-11-26}
  - {title: Two, url: "https://odd.example/two", read: 2026-11-26}
max_retries: 50
max_retry_after: 2m
backoff:
  many: {initial: 1ms, multiplier: 2, max: 30s, jitter: full}
statuses:
  - code: 429
    name: "Too | Many"
    description: "A <b>line</b> | another\nline, and `code`."
    retry: [retry-after, many]
    errors: {"a|b": never, "c`d": many}
  - {code: 503, name: "]]> -->", variant: Odd, retry: many}
unlisted: {assumed: never}
transport: never
assumed: ["1. not | a list"]
"#;

fn folder(name: &str, spec: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(SPEC, spec);
    folder
}

fn explain(folder: &Folder, arguments: &[&str]) -> Ended {
    folder.run(&[&["explain", SPEC], arguments].concat())
}

fn markdown(folder: &Folder, arguments: &[&str]) -> String {
    let text = explain(folder, &[arguments, &["--format", "markdown"]].concat()).quiet();
    check_tables(&text);
    text
}

/// Each row of a table has as many cells as its head.
#[track_caller]
fn check_tables(text: &str) {
    let cells = |line: &str| line.replace(r"\|", "").matches('|').count();
    let mut head = None;
    for line in text.lines() {
        if !line.starts_with('|') {
            head = None;
            continue;
        }
        assert_eq!(cells(line), *head.get_or_insert(cells(line)), "{line}");
    }
}

/// Returns the texts of a picture.
fn picture(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let svg = explain(folder, &[arguments, &["--format", "svg"]].concat()).quiet();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    texts
        .map(|node| node.text().unwrap_or_default().trim().to_owned())
        .collect()
}

#[test]
fn a_table_is_a_page() {
    let text = markdown(&folder("page", &common::memfault()), &[]);
    assert!(text.starts_with(
        "# Memfault\n\nMemfault's HTTP status codes: which to retry, and how long to wait first.\n\n\
         | Code | Name | Retry | Waits | Meaning |\n|---|---|---|---|---|\n"
    ));
    for part in [
        "\n| 429 | Too Many Requests | after `Retry-After`, never without it | as the server asks | The client went over the rate limit. |\n",
        "\n| 503 | Service Unavailable | by `exponential` | 8 s, 1 min 4 s, 8 min 32 s, 1 h 8 min 16 s, 9 h 6 min 8 s | Memfault is closed for maintenance. |\n",
        "\n| any other |  | never |  |  |\n",
        "\nA request is retried at most 5 times, whatever the cause.\n",
        "\nThe schedule `exponential`: 8 s, then 8 times the wait before.\n\n| Retry | Wait |\n|---|---|\n| 1 | 8 s |\n",
        "\n## What the source does not say\n\nThis transcription decided:\n\n- A code ",
    ] {
        assert_contains(&text, part);
    }
    let end = "\n\nTranscribed from [HTTP Response Status Codes](<https://docs.memfault.com/docs/reference/reference-http-response-status-codes>) as read on 2026-11-22.\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn a_page_has_headers_errors_and_bounds() {
    let text = markdown(
        &folder("conditions", &common::table("conditions.yaml")),
        &[],
    );
    for part in [
        "| 429 | Too Many Requests | after the server's wait, else by `minute`; if the error is `billing`, never; ",
        " (assumed) | as the server asks, else 1 min, 1 min (jitter: +1s) |  |\n",
        "| never sent |  | by `exponential` | 500 ms, 1 s, 2 s, 4 s (jitter: -25%) |  |\n",
        "\nThe header `X-Should-Retry` decides before the rows do.",
        "\n- `Retry-After-Ms`, in milliseconds\n",
        "A request is retried at most 4 times, whatever the cause (assumed). No retry starts later than 15 min ",
        "If the server asks for more than 2 min, there is no retry.",
        "\n| Retry | Wait | With jitter |\n|---|---|---|\n| 1 | 500 ms | 375 ms to 500 ms |\n",
        "\n- `backoff.minute.waits`: `[1m]`\n",
        ", and from [Two](<https://b.example/y>) as read on 2026-11-25.\n",
    ] {
        assert_contains(&text, part);
    }
}

/// These specs may change, but never into one that is not shown.
#[test]
fn every_table_of_the_gallery_is_shown() {
    let gallery = Path::new(common::ROOT).join("spec/gallery");
    let mut tables = 0;
    for entry in fs::read_dir(gallery).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let folder = folder("gallery", &fs::read_to_string(&path).unwrap());
        let text = markdown(&folder, &[]);
        assert_contains(&text, "\nTranscribed from [");
        assert!(text.ends_with(".\n") && !text.contains("\n\n\n"), "{text}");
        markdown(&folder, &["429"]);
        let texts = picture(&folder, &["429", "--retry-after", "7"]);
        assert!(
            texts.iter().any(|text| text == "first attempt"),
            "{texts:?}"
        );
        tables += 1;
    }
    assert!(tables >= 12);
}

#[test]
fn a_row_is_a_section_with_its_timeline() {
    let folder = folder("section", &common::memfault());
    assert_eq!(
        markdown(&folder, &["503"]),
        "\
## 503 Service Unavailable

Memfault is closed for maintenance.

Retry: by `exponential`.

| Retry | Wait | Since the first attempt |
|---|---|---|
| 1 | 8 s | 8 s |
| 2 | 1 min 4 s | 1 min 12 s |
| 3 | 8 min 32 s | 9 min 44 s |
| 4 | 1 h 8 min 16 s | 1 h 18 min |
| 5 | 9 h 6 min 8 s | 10 h 24 min 8 s |

Gives up after 10 h 24 min 8 s: it was retried as often as allowed.
"
    );
    assert_eq!(
        markdown(&folder, &["404"]),
        "## 404\n\nRetry: never, by \\`unlisted\\`.\n\nIs not retried.\n"
    );
    assert!(
        markdown(&folder, &["429"])
            .ends_with("\n\nGives up at once: the response has no Retry-After.\n")
    );
}

#[test]
fn a_section_shows_jitter_and_the_last_retry() {
    let folder = folder("long", ODD);
    let text = markdown(&folder, &["503"]);
    for part in [
        "| Retry | Wait | With jitter | Since the first attempt, without jitter |\n",
        "\n| 12 | 2.048 s | 0 s to 2.048 s | 4.095 s |\n| ... | ... | ... | ... |\n| 50 | 30 s | 0 s to 30 s | ",
    ] {
        assert_contains(&text, part);
    }
    let text = markdown(&folder, &["429", "--retry-after", "soon"]);
    let note = "\nThe response's Retry-After is invalid, so \\`many\\` holds.\n";
    assert_contains(&text, note);
}

#[test]
fn markup_in_a_table_stays_text() {
    let folder = folder("odd", ODD);
    let text = markdown(&folder, &[]);
    for part in [
        r"# \<O\&d\> \| \*d\*",
        r"| 429 | Too \| Many | after `Retry-After`, else by `many`; if the error is a\|b, never; if the error is c\`d, by `many` |",
        r"| A \<b\>line\</b\> \| another line, and \`code\`. |",
        r"- 1\. not \| a list",
        r"[\[One\] \| \`two\`](<https://odd.example/a_b?c=d>)",
    ] {
        assert_contains(&text, part);
    }
    assert_contains(&markdown(&folder, &["503"]), r"## 503 \]\]\> --\>");
    let texts = picture(&folder, &["503"]);
    assert_eq!(texts[0], "<O&d> | *d*: 503 ]]> -->");
}

#[test]
fn the_waits_of_a_row_are_a_picture() {
    let folder = folder("picture", &common::memfault());
    let texts = picture(&folder, &["503"]);
    for text in [
        "Memfault: 503 Service Unavailable",
        "retry 5",
        "10 h 24 min",
        "Gives up after 10 h 24 min 8 s: it was retried as often as allowed.",
    ] {
        assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
    }
    let texts = picture(&folder, &["404"]);
    assert!(texts.contains(&"Is not retried.".to_owned()), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("jitter")));
}

#[test]
fn a_picture_shows_jitter_and_few_retries() {
    let texts = picture(&folder("few", ODD), &["503"]);
    let jitter = "Dots are without jitter. Jitter puts them anywhere on their bars.";
    assert!(texts.contains(&jitter.to_owned()), "{texts:?}");
    assert!(texts.contains(&"retry 12".to_owned()) && !texts.contains(&"retry 13".to_owned()));
    let end = texts.iter().find(|text| text.starts_with("The first 12 "));
    assert!(end.is_some(), "{texts:?}");
}

#[test]
fn a_picture_needs_a_code() {
    let ended = explain(
        &folder("no-code", &common::memfault()),
        &["--format", "svg"],
    )
    .with(2);
    assert_contains(&ended.err, "error: `--format svg` draws ");
    assert_contains(&ended.err, "write a status code after the spec");
    assert_eq!(ended.out, "");
}

#[test]
fn only_explain_has_these_formats() {
    let folder = folder("others", &common::memfault());
    for format in ["markdown", "svg"] {
        let arguments = ["check", SPEC, "--format", format];
        let ended = folder.run(&arguments).with(2);
        assert_contains(&ended.err, format);
        assert_eq!(ended.out, "");
    }
}
