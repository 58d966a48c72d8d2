//! `retrospec verify`: what it prints and writes, and how it ends. How pages are read is tested in the generator.

mod common;

use common::{Ended, Folder, assert_contains, edited, memfault};

/// A page in other words than the vendor's.
const PAGE: &str = "\
# Codes

| Status Code | Name | What it means | Again? |
|---|---|---|---|
| 200 | Success | Here you are. | No |
| 202 | Accepted | Later. | No |
| 204 | No Content | Nothing to see. | No |
| 400 | Bad Request | Your mistake. | No |
| 401 | Unauthorized | Who are you? | No |
| 403 | Forbidden | Not for you. | No |
| 405 | Method Not Allowed | No such thing. | No |
| 409 | Conflict | It is there. | No |
| 429 | Too Many Requests | Slow down. | After `Retry-After` |
| 500 | Internal Server Error | Our mistake. | No |
| 502 | Bad Gateway | Our mistake. | Backoff |
| 503 | Service Unavailable | We sleep. | Backoff |
| 504 | Gateway Timeout | We are slow. | Backoff |

The waits are 8, 64, 512, 4,096 and 32,768 seconds.
";

const UPDATE: [&str; 5] = ["verify", "memfault.yaml", "--page", "page.md", "--update"];

/// A spec, its page, and the fingerprints of the page.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("memfault.yaml", memfault());
    folder.write("page.md", PAGE);
    folder
}

fn kept(name: &str) -> Folder {
    let folder = folder(name);
    folder.run(&UPDATE).quiet();
    folder
}

fn verify(folder: &Folder, page: &str) -> Ended {
    folder.write("page.md", page);
    folder.run(&["verify", "memfault.yaml", "--page", "page.md"])
}

#[test]
fn a_page_that_says_the_same_is_said_so() {
    let out = verify(&kept("same"), PAGE).quiet();
    assert_eq!(
        out,
        "memfault.yaml: 13 rows and 5 waits compared, all as in page.md\n"
    );
}

#[test]
fn each_difference_is_a_line() {
    let page = edited(
        PAGE,
        &[
            ("| 409 | Conflict | It is there. | No |\n", ""),
            ("Slow down.", "Slow down, please."),
            (
                "\nThe waits",
                "| 529 | Site is overloaded | Too much. | Backoff |\n\nThe waits",
            ),
            ("512", "600"),
        ],
    );
    let ended = verify(&kept("lines"), &page).with(1);
    assert_eq!(
        ended.out,
        "\
409 Conflict: no longer on the page
429 Too Many Requests: its text on the page has changed; it is now: Too Many Requests Slow down, please. After Retry-After
529 Site is overloaded: no row has this code
backoff.exponential: the wait 512s is no longer on the page
"
    );
    assert_eq!(
        ended.err,
        "error: memfault.yaml and page.md differ in 4 places: read the page again and change the spec, \
         then run `retrospec verify memfault.yaml --page page.md --update`\n"
    );
}

#[test]
fn the_command_that_accepts_can_be_pasted() {
    let folder = folder("quoted");
    folder.write("the page.md", edited(PAGE, &[("409", "410")]));
    let ended = folder.run(&["verify", "memfault.yaml", "--page", "the page.md"]);
    assert_contains(
        &ended.with(1).err,
        "`retrospec verify memfault.yaml --page 'the page.md' --update`",
    );
}

#[test]
fn without_fingerprints_a_note_says_so() {
    let folder = folder("note");
    let ended = verify(&folder, PAGE).with(0);
    assert_eq!(
        ended.err,
        "note: without memfault.page.json a changed text goes unnoticed: run once with --update\n"
    );
    let page = edited(PAGE, &[("Slow down.", "Hurry up."), ("8, 64", "9, 64")]);
    let ended = verify(&folder, &page).with(1);
    assert_eq!(
        ended.out,
        "backoff.exponential: the wait 8s is not on the page\n"
    );
}

#[test]
fn update_twice_changes_nothing() {
    let folder = folder("twice");
    let agreement = "memfault.yaml: 13 rows and 5 waits compared, all as in page.md\n";
    let out = folder.run(&UPDATE).quiet();
    assert_eq!(out, format!("written    memfault.page.json\n{agreement}"));
    let files = folder.snapshot();
    let out = folder.run(&UPDATE).quiet();
    assert_eq!(out, format!("unchanged  memfault.page.json\n{agreement}"));
    assert_eq!(folder.snapshot(), files);
}

#[test]
fn update_accepts_changed_texts() {
    let folder = kept("accepted");
    folder.write("page.md", edited(PAGE, &[("We sleep.", "We are asleep.")]));
    let out = folder.run(&UPDATE).quiet();
    assert_eq!(
        out,
        "\
accepted   503 Service Unavailable: its text on the page has changed; it is now: Service Unavailable We are asleep. Backoff
written    memfault.page.json
memfault.yaml: 13 rows and 5 waits compared, all as in page.md
"
    );
    folder.run(&UPDATE[..4]).quiet();
}

#[test]
fn update_accepts_no_missing_row() {
    let folder = kept("missing-row");
    let row = "| 529 | Site is overloaded | Too much. | Backoff |\n";
    folder.write(
        "page.md",
        edited(PAGE, &[("\nThe waits", &format!("{row}\nThe waits"))]),
    );
    for done in ["written  ", "unchanged"] {
        let ended = folder.run(&UPDATE).with(1);
        assert_eq!(
            ended.out,
            format!("{done}  memfault.page.json\n529 Site is overloaded: no row has this code\n")
        );
        assert_eq!(
            ended.err,
            "error: memfault.yaml and page.md differ in 1 place: read the page again, and change the spec\n"
        );
    }
    let spec = edited(
        &memfault(),
        &[(
            "statuses:\n",
            "statuses:\n  - {code: 529, name: Site is overloaded, retry: exponential}\n",
        )],
    );
    folder.write("memfault.yaml", spec);
    folder.run(&UPDATE[..4]).quiet();
}

#[test]
fn fingerprints_hold_no_sentence() {
    let folder = kept("no-sentence");
    let file = folder.read("memfault.page.json");
    let has_words = |text: &str| text.chars().filter(char::is_ascii_alphabetic).count() > 20;
    assert!(!file.split('"').any(has_words), "{file}");
    let json: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(json["retrospec_page"], 1);
    assert_eq!(json["rows"].as_object().unwrap().len(), 13);
    assert_eq!(
        json["waits"],
        serde_json::json!(["8s", "64s", "512s", "4096s", "32768s"])
    );
}

#[test]
fn standard_input_is_a_spec_or_a_page() {
    let folder = kept("stdin");
    let out = folder.run_with_input(&["verify", "memfault.yaml", "--page", "-"], PAGE);
    assert_eq!(
        out.quiet(),
        "memfault.yaml: 13 rows and 5 waits compared, all as in <stdin>\n"
    );
    let files = folder.snapshot();
    let ended = folder.run_with_input(&["verify", "-", "--page", "page.md"], &memfault());
    let ended = ended.with(0);
    assert_eq!(
        ended.out,
        "<stdin>: 13 rows and 5 waits compared, all as in page.md\n"
    );
    assert_contains(&ended.err, "give the spec as a file\n");
    for (arguments, message) in [
        (
            &["verify", "-", "--page", "page.md", "--update"][..],
            "error: standard input has no place for fingerprints: give the spec as a file, or leave --update out\n",
        ),
        (
            &["verify", "-", "--page", "-"],
            "error: `-` is standard input, which can be read once: give one of them as a file\n",
        ),
    ] {
        let ended = folder.run_with_input(arguments, &memfault()).with(2);
        assert_eq!((ended.err.as_str(), ended.out.as_str()), (message, ""));
    }
    assert_eq!(folder.snapshot(), files);
}

#[test]
fn a_bad_page_is_one_line_and_writes_nothing() {
    let folder = kept("bad-pages");
    let two = format!("{PAGE}\n{}", PAGE.replace("Here", "There"));
    let utf_16: Vec<u8> = PAGE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let pages: [(&str, &[u8], &str); 10] = [
        ("page.pdf", b"%PDF-1.7\n\xff", "the page is a PDF"),
        (
            "login.html",
            b"<html><input type=password>",
            "found a password field",
        ),
        ("empty.html", b"", "the page is empty"),
        ("none.html", b"<html><p>Nothing</p></html>", "found none"),
        ("none.txt", b"A 503 is for you.", "found none"),
        ("two.md", two.as_bytes(), "expected one row for 200"),
        (
            "latin.html",
            b"<p>Caf\xe9</p>",
            "line 1 of the page is not UTF-8",
        ),
        ("utf16.md", &utf_16, "in UTF-16"),
        ("binary.txt", b"429\0\0\0", "found binary data"),
        ("large.txt", &vec![b'x'; 9 << 20], "larger than 8 MiB"),
    ];
    for (name, bytes, _) in pages {
        folder.write(name, bytes);
    }
    let files = folder.snapshot();
    for (name, _, message) in pages {
        let ended = folder.run(&["verify", "memfault.yaml", "--page", name, "--update"]);
        let ended = ended.with(1);
        assert!(
            ended.err.starts_with(&format!("error: {name}: ")),
            "{}",
            ended.err
        );
        assert_contains(&ended.err, message);
        assert_eq!((ended.err.lines().count(), ended.out.as_str()), (1, ""));
    }
    for name in ["missing.html", "."] {
        let ended = folder.run(&["verify", "memfault.yaml", "--page", name, "--update"]);
        let ended = ended.with(2);
        assert!(
            ended
                .err
                .starts_with(&format!("error: cannot read {name}: ")),
            "{}",
            ended.err
        );
    }
    assert_eq!(folder.snapshot(), files);
}

#[test]
fn other_arguments_are_told_apart() {
    let folder = folder("arguments");
    folder.write("page.html", "<!doctype html><table><tr><td>429");
    for (arguments, message) in [
        (
            ["verify", "page.html", "--page", "memfault.yaml"],
            "error: expected a spec in YAML, found HTML in page.html: the spec comes first, ",
        ),
        (
            ["verify", "memfault.yaml", "--page", "https://a.example/b"],
            "error: expected a file, found an address: download it first, as with `curl ",
        ),
    ] {
        let ended = folder.run(&arguments).with(2);
        assert!(ended.err.starts_with(message), "{}", ended.err);
        assert_eq!((ended.err.lines().count(), ended.out.as_str()), (1, ""));
    }
}

#[test]
fn changed_texts_alone_may_leave_the_spec() {
    let folder = kept("texts-alone");
    let ended = verify(&folder, &edited(PAGE, &[("We sleep.", "We are asleep.")])).with(1);
    assert_eq!(
        ended.err,
        "error: memfault.yaml and page.md differ in 1 place: read the page again, and if the spec is still right, \
         run `retrospec verify memfault.yaml --page page.md --update`\n"
    );
}

#[test]
fn a_page_in_other_words_is_doubted() {
    let folder = kept("doubt");
    let words = [
        ("No |", "Nein |"),
        ("Backoff |", "Warten |"),
        ("After ", "Nach "),
    ];
    let page = words
        .iter()
        .fold(PAGE.to_owned(), |page, (from, to)| page.replace(from, to));
    let ended = verify(&folder, &page).with(1);
    assert_contains(
        &ended.err,
        "note: every row has changed: is the copy in another language or layout?\n",
    );
    let rows = PAGE.lines().filter(|line| !line.starts_with("| 4"));
    let ended = verify(&folder, &rows.collect::<Vec<_>>().join("\n")).with(1);
    assert!(!ended.err.contains("note: "), "{}", ended.err);
    let rows = PAGE
        .lines()
        .filter(|line| !line.starts_with("| 4") && !line.starts_with("| 2"));
    let ended = verify(&folder, &rows.collect::<Vec<_>>().join("\n")).with(1);
    assert_contains(
        &ended.err,
        "note: half of the rows are gone: is the copy complete?\n",
    );
}

#[test]
fn a_cut_page_does_not_forget_rows() {
    let folder = kept("cut");
    let files = folder.read("memfault.page.json");
    let rows = PAGE.lines().filter(|line| !line.starts_with("| 4"));
    folder.write("page.md", rows.collect::<Vec<_>>().join("\n"));
    let ended = folder.run(&UPDATE).with(1);
    assert_contains(&ended.out, "409 Conflict: no longer on the page\n");
    assert_eq!(folder.read("memfault.page.json"), files);
    let ended = verify(&folder, &edited(PAGE, &[("Slow down.", "Speed up.")])).with(1);
    assert_contains(
        &ended.out,
        "429 Too Many Requests: its text on the page has changed",
    );
}

#[test]
fn a_new_row_of_the_spec_is_to_be_kept() {
    let folder = kept("new-row");
    let row = "statuses:\n  - {code: 529, name: Site is overloaded, retry: exponential}\n";
    folder.write(
        "memfault.yaml",
        edited(&memfault(), &[("statuses:\n", row)]),
    );
    let page = |text: &str| {
        edited(
            PAGE,
            &[(
                "\nThe waits",
                &format!("| 529 | Site is overloaded | {text} | Backoff |\n\nThe waits"),
            )],
        )
    };
    let ended = verify(&folder, &page("Too much.")).with(1);
    assert_eq!(
        ended.out,
        "529 Site is overloaded: its text on the page has no fingerprint yet\n"
    );
    let ended = folder.run(&UPDATE).quiet();
    assert_contains(&ended, "accepted   529 Site is overloaded: ");
    let ended = verify(&folder, &page("Far too much.")).with(1);
    assert_contains(
        &ended.out,
        "529 Site is overloaded: its text on the page has changed",
    );
}

#[test]
fn an_empty_file_is_written_anew() {
    let folder = folder("empty");
    folder.write("memfault.page.json", "");
    assert_contains(
        &verify(&folder, PAGE).with(0).err,
        "run once with --update\n",
    );
    assert_contains(
        &folder.run(&UPDATE).quiet(),
        "written    memfault.page.json\n",
    );
    folder.run(&UPDATE[..4]).quiet();
}

#[test]
fn a_refused_spec_writes_nothing() {
    let folder = folder("bad-spec");
    folder.write(
        "memfault.yaml",
        edited(&memfault(), &[("code: 204", "code: 202")]),
    );
    let files = folder.snapshot();
    let ended = folder.run(&UPDATE).with(1);
    assert_contains(&ended.err, "error[SPEC0203]");
    assert_eq!(folder.snapshot(), files);
}

#[test]
fn another_file_is_not_overwritten() {
    let folder = folder("foreign");
    for (text, found) in [
        (&b"\xff"[..], "found bytes that are not UTF-8"),
        (b"{}", "found other JSON"),
        (b"<<<<<<< HEAD", "found invalid JSON"),
        (
            b"{\"retrospec_page\": 9}",
            "expected fingerprints of version 1, found 9",
        ),
    ] {
        folder.write("memfault.page.json", text);
        for arguments in [&UPDATE[..], &UPDATE[..4]] {
            let ended = folder.run(arguments).with(1);
            assert!(
                ended.err.starts_with("error: memfault.page.json: "),
                "{}",
                ended.err
            );
            assert_contains(&ended.err, found);
            assert_contains(&ended.err, "move the file away, and run with --update\n");
            assert_eq!((ended.err.lines().count(), ended.out.as_str()), (1, ""));
            let kept = std::fs::read(folder.path("memfault.page.json")).unwrap();
            assert_eq!(kept, text);
        }
    }
}

#[test]
fn a_checkout_may_turn_line_ends() {
    let folder = kept("crlf");
    let file = folder.read("memfault.page.json");
    folder.write("memfault.page.json", file.replace('\n', "\r\n"));
    verify(&folder, &PAGE.replace('\n', "\r\n")).quiet();
    assert_contains(
        &folder.run(&UPDATE).quiet(),
        "unchanged  memfault.page.json\n",
    );
}
