//! A saved page in any form: which rows and waits it has, and how a spec differs from it.

#[path = "page/forms.rs"]
mod forms;

use forms::{Form, Page, Row};
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::page::{Fault, Fingerprints, MAX_BYTES, doubt, read, verify};
use retrospec_codegen::{Source, check};

fn model(rows: &str, head: &str) -> Model {
    let spec =
        format!("api: Parcels\n{head}\nstatuses:\n{rows}unlisted: never\ntransport: never\n");
    let checked = check(&Source::new("parcels.yaml", spec.clone()));
    checked
        .model
        .unwrap_or_else(|| panic!("{:?}\n{spec}", checked.diagnostics))
}

const ONE_SOURCE: &str =
    "source: {title: Codes, url: https://example.com, read: 2026-11-22}\nmax_retries: 5";
const TWO_SOURCES: &str = "source:\n  - {title: Codes, url: https://example.com, read: 2026-11-22}\n  \
                           - {title: SDK, url: https://example.com/sdk, read: 2026-11-22}\nmax_retries: 5";
const WAITS: &str = "\nbackoff: {slow: {initial: 8s, multiplier: 8, documented_waits: [8s, 64s, 512s, 4096s, 32768s]}}";

/// The table of [`Page::parcels`].
fn parcels() -> Model {
    let row = |row: &Row| {
        format!(
            "  - {{code: {}, name: {}, retry: slow}}\n",
            row.code, row.name
        )
    };
    let rows: String = Page::parcels().rows.iter().map(row).collect();
    model(&rows, &format!("{ONE_SOURCE}{WAITS}"))
}

/// A table with these rows and no waits.
fn table(codes: &[&str], head: &str) -> Model {
    let row = |code: &&str| format!("  - {{code: {code}, name: N{code}, retry: never}}\n");
    let rows: String = codes.iter().map(row).collect();
    model(&rows, head)
}

fn differences(model: &Model, page: &str, known: Option<&Fingerprints>) -> Vec<String> {
    let page = read(page.as_bytes()).unwrap_or_else(|fault| panic!("{fault}\n{page}"));
    let found = verify(model, &page, known);
    found.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn fingerprints(model: &Model, page: &str) -> Fingerprints {
    Fingerprints::of(&read(page.as_bytes()).unwrap(), model)
}

fn known() -> Vec<(Form, Fingerprints)> {
    let of = |form| {
        (
            form,
            fingerprints(&parcels(), &Page::parcels().render(form)),
        )
    };
    Form::ALL.map(of).to_vec()
}

#[test]
fn every_form_says_the_same() {
    let (model, known) = (parcels(), known());
    for form in Form::ALL {
        let page = Page::parcels().render(form);
        assert_eq!(differences(&model, &page, None), [""; 0], "{page}");
        for (other, known) in &known {
            assert_eq!((known.rows(), known.waits()), (9, 5), "{other:?}");
            assert_eq!(
                differences(&model, &page, Some(known)),
                [""; 0],
                "{form:?}, {other:?}"
            );
        }
    }
}

/// Each word of each row, in each form.
#[test]
fn a_changed_word_names_its_row() {
    let (model, page) = (parcels(), Page::parcels());
    let mut tried = 0;
    for (form, known) in known() {
        for (n, row) in page.rows.iter().enumerate() {
            let texts = [&row.name, &row.meaning, &row.retry];
            for (which, text) in texts.into_iter().enumerate() {
                for (at, word) in text.split(' ').enumerate() {
                    if word.contains('$') {
                        continue;
                    }
                    let words = text.split(' ').enumerate();
                    let words = words.map(|(n, word)| if n == at { "Another" } else { word });
                    let changed = words.collect::<Vec<_>>().join(" ");
                    let mut page = page.clone();
                    let row = &mut page.rows[n];
                    *[&mut row.name, &mut row.meaning, &mut row.retry][which] = changed;
                    let named = format!(
                        "{}: its text on the page has changed; it is now: ",
                        place(&parcels(), &row.code)
                    );
                    let page = page.render(form);
                    let found = differences(&model, &page, Some(&known));
                    assert!(
                        found.len() == 1 && found[0].starts_with(&named),
                        "{form:?}, {word}\n{found:?}\n{page}"
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

fn place(model: &Model, code: &str) -> String {
    let row = model.row(code.parse().unwrap()).unwrap();
    format!("{code} {}", row.name)
}

/// At each place of each form.
#[test]
fn a_new_row_is_named() {
    let (model, page) = (parcels(), Page::parcels());
    let new = Row {
        code: "529".to_owned(),
        name: "Site is overloaded".to_owned(),
        meaning: "Too many parcels came at once.".to_owned(),
        retry: "Never".to_owned(),
    };
    for (form, known) in known() {
        for n in 0..=page.rows.len() {
            let mut page = page.clone();
            page.rows.insert(n, new.clone());
            let page = page.render(form);
            let named = ["529 Site is overloaded: no row has this code"];
            for known in [None, Some(&known)] {
                assert_eq!(differences(&model, &page, known), named, "{form:?}\n{page}");
            }
        }
    }
}

#[test]
fn a_row_that_is_gone_is_named() {
    let (model, page) = (parcels(), Page::parcels());
    for (form, known) in known() {
        for n in 0..page.rows.len() {
            let mut page = page.clone();
            let place = place(&model, &page.rows.remove(n).code);
            let page = page.render(form);
            let named = [format!("{place}: no longer on the page")];
            assert_eq!(
                differences(&model, &page, Some(&known)),
                named,
                "{form:?}\n{page}"
            );
            let named = [format!("{place}: not on the page")];
            assert_eq!(differences(&model, &page, None), named, "{form:?}\n{page}");
        }
    }
}

#[test]
fn a_wait_that_is_gone_is_named() {
    let (model, page) = (parcels(), Page::parcels());
    for (form, known) in known() {
        for (n, wait) in ["8s", "64s", "512s", "4096s", "32768s"]
            .into_iter()
            .enumerate()
        {
            // Attempts 1 to 5 are no waits, though they are numbers.
            for other in ["7", "10", "3", "600", "99,999"] {
                let mut page = page.clone();
                page.waits[n] = other.to_owned();
                let page = page.render(form);
                // What stands there instead may be named as well.
                let missing = |known| {
                    let mut found = differences(&model, &page, known);
                    found.retain(|found| !found.ends_with("on the page, and not in the spec"));
                    found
                };
                let named = [format!(
                    "backoff.slow: the wait {wait} is no longer on the page"
                )];
                assert_eq!(missing(Some(&known)), named, "{form:?}\n{page}");
                let named = [format!("backoff.slow: the wait {wait} is not on the page")];
                assert_eq!(missing(None), named, "{form:?}\n{page}");
            }
        }
    }
}

#[test]
fn waits_may_stand_in_prose_in_any_unit() {
    let model = parcels();
    let table = "<table><tr><th>Code</th></tr><tr><td>503 Depot Closed</td></tr></table>";
    let rest = |page: &str| {
        let page = format!("{table}<p>{page}</p>");
        let found = differences(&model, &page, None);
        found.iter().filter(|found| found.contains("wait")).count()
    };
    assert_eq!(rest("8, 64 s, 512 s, 4,096 and 32768 seconds"), 0);
    assert_eq!(
        rest("8000 ms, 1 min 4 s, 8m32s, about 1.1 hours, 9.1 hours"),
        0
    );
    assert_eq!(rest("80 seconds, 64 minutes, 5,12, v4096, 32.768"), 5);
    assert_eq!(rest("nothing"), 5);
    let column =
        "<table><tr><th>Min. wait (seconds)<tr><td>8<tr><td>64<tr><td>512<tr><td>4096</table>";
    assert_eq!(rest(&format!("{column} 32768 s")), 1);
    let ruled = "429\tSlow\n503\tDown\n\nAs here.\n\n  Attempt   Wait (seconds)\n  --------- --------------\n  1         8\n  \
                 2         64\n  3         512\n";
    assert_eq!(
        differences(&model, ruled, None)
            .iter()
            .filter(|found| found.contains("wait"))
            .count(),
        2
    );
    // Right after the table.
    let page = format!("{table}8, 64, 512, 4096, 32768 s<table><tr><td>None</table>");
    assert!(
        !differences(&model, &page, None)
            .iter()
            .any(|found| found.contains("wait"))
    );
}

/// Rows of these codes, in a table whose header is `header`.
fn html(header: &str, codes: &[&str]) -> String {
    let rows = codes
        .iter()
        .map(|code| format!("<tr><td>{code}</td><td>words</td></tr>"));
    let rows: String = rows.collect();
    format!("<table><tr><th>{header}</th><th>Words</th></tr>{rows}</table>")
}

#[test]
fn a_table_of_something_else_is_not_taken() {
    let codes = html("Status", &["429", "503"]);
    for other in [
        html("Wait (ms)", &["100", "200", "400"]),
        html("Limit", &["100", "500"]),
        html("Size", &["100MB", "500MB"]),
        html("Year", &["2025", "2026"]),
        html("Close code", &["4001", "4002"]),
        html("Error code", &["132", "187", "215", "429"]),
        html("Day", &["365"]),
        html("Number", &["200", "200"]),
    ] {
        let page = format!("{other}{codes}{other}");
        assert_eq!(
            differences(&table(&["429", "503"], ONE_SOURCE), &page, None),
            [""; 0],
            "{other}"
        );
        assert_eq!(
            read(other.as_bytes()).unwrap_err(),
            Fault::NoTable,
            "{other}"
        );
    }
}

#[test]
fn any_column_may_hold_the_codes() {
    let model = table(&["429", "503"], ONE_SOURCE);
    for page in [
        "<table><tr><th>Name<th>HTTP status<tr><td>Slow<td>429<tr><td>Down<td>503</table>",
        "<table><tr><td>429<td>Slow<tr><td>503<td>Down</table>",
        "<table><tr><th>What<tr><td>429 Slow<tr><td>503: Down</table>",
        "<div role=table><div role=row><div role=cell>429</div><div role=cell>Slow</div></div>\
         <div role=row><div role=cell>503</div><div role=cell>Down</div></div></div>",
        "<table><tr><td><table><tr><th>Code<th>A<tr><td>429<td>Slow<tr><td>503<td>Down</table></table>",
        "<ul><li><code>429</code> - Slow</li><li><code>503</code> - Down</li></ul>",
        "<h2>429 Slow</h2><p>Wait.</p><h2>503 Down</h2><p>Wait.</p>",
        "<pre>\n429  Slow\n503  Down\n</pre>",
        "Name\tStatus\nSlow\t429\nDown\t503\n",
        "Name      Status   Again\nSlow      429      yes\nDown      503      yes\n",
        "Status | Name\n--- | ---\n429 | Slow\n503 | Down\n",
        "| Status | Name |\n| 429 | Slow |\n| 503 | Down |\n",
        "* 429 - `slow`: Wait.\n* 503 - `down`: Wait.\n",
        "- **429**: Slow\n- **503**: Down\n",
        "429\nSlow\n503\nDown\n",
        "HTTP 429 Slow\nHTTP 503 Down\n",
        "<!-- a table -->\n\n| Code |\n|---|\n|429 Slow|\n|503 Down|\n",
        "\u{feff}<html><table><tr><th>Code<tr><td>429<tr><td>503</table>",
    ] {
        assert_eq!(differences(&model, page, None), [""; 0], "{page}");
        assert_eq!(fingerprints(&model, page).rows(), 2, "{page}");
    }
}

#[test]
fn tables_of_other_codes_are_one() {
    let page = html("Code", &["200", "202"]) + &html("Code", &["500-599", "429"]);
    let model = table(&["200", "202", "429", "5XX"], ONE_SOURCE);
    assert_eq!(differences(&model, &page, None), [""; 0]);
    let text = "Code\tMeaning\n200\tDone\n\nCode\tMeaning\n429\tSlow\n";
    assert_eq!(
        fingerprints(&table(&["200", "429"], ONE_SOURCE), text).rows(),
        2
    );
}

#[test]
fn a_code_in_two_tables_is_refused() {
    let two = |key: &str| {
        html("Code", &["200", key]) + &html("Status", &[key, "503"]).replace("words", "others")
    };
    for key in ["429", "5XX"] {
        let fault = Fault::TwoTables {
            key: key.to_owned(),
            tables: ["Code | Words", "Status | Words"].map(str::to_owned),
        };
        assert_eq!(read(two(key).as_bytes()).unwrap_err(), fault);
    }
    for (text, names) in [
        (
            "429\tSlow\n503\tDown\n\nVersion 2\n\n429\tFast\n503\tDown\n",
            ["429 Slow", "429 Fast"],
        ),
        (
            "Code\tMeaning\n429\tSlow\n503\tDown\nCode\tMeaning\n429\tFast\n",
            ["429 Slow", "429 Fast"],
        ),
        (
            "| Code | A |\n|--|--|\n| 429 | Slow |\n\nand\n\n| Code | B |\n|--|--|\n| 429 | Fast |\n",
            ["Code | A", "Code | B"],
        ),
    ] {
        let fault = Fault::TwoTables {
            key: "429".to_owned(),
            tables: names.map(str::to_owned),
        };
        assert_eq!(read(text.as_bytes()).unwrap_err(), fault, "{text}");
    }
}

#[test]
fn a_copy_of_a_table_is_the_same_table() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let one = html("Code", &["429", "503"]);
    let known = fingerprints(&model, &one);
    for page in [
        one.repeat(2),
        format!("{one}<div class='md:hidden'>{one}</div>"),
        "| Code | Words |\n|--|--|\n| 429 | words |\n| 503 | words |\n\n".repeat(2),
    ] {
        assert_eq!(differences(&model, &page, Some(&known)), [""; 0], "{page}");
    }
}

#[test]
fn rows_of_one_code_are_one_row() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let page = |second: &str| {
        format!(
            "<table><tr><th>Code<th>Why<tr><td rowspan=2>429<td>Too fast<tr><td>{second}<tr><td>503<td>Down</table>"
        )
    };
    let known = fingerprints(&model, &page("Too much"));
    let apart = "Code | Why\n--|--\n429 | Too fast\n429 | Too much\n503 | Down\n";
    assert_eq!(differences(&model, apart, Some(&known)), [""; 0]);
    let found = differences(&model, &page("Too long"), Some(&known));
    assert_eq!(
        found,
        ["429 N429: its text on the page has changed; it is now: Too fast Too long"]
    );
}

#[test]
fn a_heading_over_a_class_is_no_row() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let page = |heading: &str| {
        format!(
            "<table><tr><th>Code<th>Why<tr>{heading}<tr><td>429<td>Slow<tr>{heading}<tr><td>503<td>Down</table>"
        )
    };
    let known = fingerprints(&model, &page("<th colspan=2>Later"));
    for heading in [
        "<td>4xx Errors",
        "<td colspan=2>4xx Errors",
        "<th colspan=2>4xx Errors",
        "<td><b>4xx</b> Errors<td>",
        "<td>4xx Errors<td>4xx Errors",
        "<th>Code<th>Why",
        "<td>Code<td>Why",
    ] {
        assert_eq!(
            differences(&model, &page(heading), Some(&known)),
            [""; 0],
            "{heading}"
        );
    }
    let found = differences(&model, &page("<td>4xx<td>Errors"), Some(&known));
    assert_eq!(found, ["4XX Errors: no row is for this class"]);
}

#[test]
fn a_row_without_a_code_counts() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let named = ["table: a row without a code has changed"];
    let html = |more: &str| {
        format!(
            "{}{more}",
            html("Code", &["429", "503"]).replace("</table>", "")
        )
    };
    let markdown =
        |more: &str| format!("| Code | Words |\n|--|--|\n| 429 | words |\n| 503 | words |\n{more}");
    for page in [&html as &dyn Fn(&str) -> String, &markdown] {
        let rows = [
            "",
            "<td>Others<td>Never",
            "<td>Others<td>Once",
            "<td>Timeout<td>Once",
            "<td colspan=2>All: once",
        ];
        let rows = rows.map(|row| {
            if page("").starts_with('|') {
                row.replace("<td colspan=2>", "| ").replace("<td>", " | ")
            } else {
                format!("<tr>{row}")
            }
        });
        for one in &rows {
            let known = fingerprints(&model, &page(one));
            for other in &rows {
                let expected = if one == other { &[][..] } else { &named };
                assert_eq!(
                    differences(&model, &page(other), Some(&known)),
                    expected,
                    "{one} {other}"
                );
            }
        }
    }
}

#[test]
fn a_changed_header_is_named() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let page = |header: &str| html("Code", &["429", "503"]).replace("Words", header);
    let known = fingerprints(&model, &page("Retry"));
    let markdown =
        |header: &str| format!("| Code | {header} |\n|--|--|\n| 429 | words |\n| 503 | words |\n");
    let text = "Code\tDo not retry\n429\twords\n503\twords\n";
    for same in [
        page("Retry"),
        page("<b>retry</b>"),
        markdown("Retry"),
        text.to_owned(),
    ] {
        assert_eq!(differences(&model, &same, Some(&known)), [""; 0], "{same}");
    }
    for other in [
        page("Do not retry"),
        markdown("Do not retry"),
        page("Retry<th>Wait"),
    ] {
        let found = differences(&model, &other, Some(&known));
        assert_eq!(found, ["table: its header has changed"], "{other}");
    }
}

#[test]
fn a_new_code_is_named_wherever_it_is() {
    let model = table(&["429", "503"], ONE_SOURCE);
    let first = html("Code", &["429", "503"]);
    let more = |row: &str| first.replace("</table>", &format!("<tr>{row}</table>"));
    for page in [
        format!("{first}{}", html("HTTP status code", &["529"])),
        format!("{first}{}", html("Status", &["529", "530"])),
        format!("{first}{}", html("Code", &["529"])),
        more("<td>Overloaded (529)<td>words"),
        more("<td>529<sup>1</sup><td>words"),
        more("<td><code>529</code><sup>[1]</sup><td>words"),
        more("<td>\u{200b}5\u{ad}29<td>words"),
        more("<td>&#8203;529&shy;<td>words"),
        more("<td>HTTP/2 529<td>words"),
        more("<td>🔗 529<td>words"),
    ] {
        for known in [None, Some(&fingerprints(&model, &first))] {
            let found = differences(&model, &page, known);
            let found: Vec<&String> = found
                .iter()
                .filter(|found| found.starts_with("529"))
                .collect();
            assert_eq!(found.len(), 1, "{page}");
            assert!(found[0].ends_with(": no row has this code"), "{found:?}");
        }
    }
    // Those of another kind.
    let page = first.clone() + &html("Code", &["132", "187", "529"]);
    assert_eq!(differences(&model, &page, None), [""; 0]);
}

#[test]
fn a_row_without_a_fingerprint_is_named() {
    let model = |codes: &[&str]| table(codes, ONE_SOURCE);
    let page = |codes: &[&str]| read(html("Status", codes).as_bytes()).unwrap();
    let mut known = Fingerprints::of(&page(&["429"]), &model(&["429"]));
    let found = verify(
        &model(&["429", "529"]),
        &page(&["429", "529"]),
        Some(&known),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "529 N529: its text on the page has no fingerprint yet"
    );
    assert!(found[0].ends_with_update());

    // A page without a row does not make it forgotten.
    known = Fingerprints::of(&page(&["429", "529"]), &model(&["429", "529"]));
    let found = verify(&model(&["429", "529"]), &page(&["529"]), Some(&known));
    let mut now = Fingerprints::of(&page(&["529"]), &model(&["429", "529"]));
    now.keep(&known, &found);
    assert_eq!(now, known);
    // But one that the spec does not have is.
    let found = verify(&model(&["529"]), &page(&["529"]), Some(&known));
    let mut now = Fingerprints::of(&page(&["529"]), &model(&["529"]));
    now.keep(&known, &found);
    assert_eq!(now.rows(), 1);
}

#[test]
fn pictures_in_cells_count() {
    let model = table(&["429"], ONE_SOURCE);
    let page = |cell: &str| format!("<table><tr><th>Code<th>Again<tr><td>429<td>{cell}</table>");
    for (one, other) in [
        ("✅", "❌"),
        ("<img alt=yes src=a.svg>", "<img alt=no src=a.svg>"),
        ("<svg aria-label=yes></svg>", "<svg aria-label=no></svg>"),
        (
            "<span aria-label=yes>●</span>",
            "<span aria-label=no>●</span>",
        ),
        ("<input type=checkbox checked>", "<input type=checkbox>"),
    ] {
        let known = fingerprints(&model, &page(one));
        assert_eq!(differences(&model, &page(one), Some(&known)), [""; 0]);
        assert_eq!(
            differences(&model, &page(other), Some(&known)).len(),
            1,
            "{one}"
        );
    }
}

#[test]
fn a_row_of_a_list_may_begin_with_a_number() {
    let mixed = "<dl><dt>200 Done<dd>never<dt>429 Slow<dd>never<dt>503<dd>2 s, 6 s</dl>";
    let model = table(&["200", "429", "503"], ONE_SOURCE);
    assert_eq!(differences(&model, mixed, None), [""; 0]);
    let model = table(&["429", "503"], ONE_SOURCE);
    for page in [
        "<ul><li>429: never<li>503: 2 s, 6 s, 18 s</ul>",
        "<dl><dt>429</dt><dd>never</dd><dt>503</dt><dd>2 s, 6 s</dd></dl>",
        "- 429: 5 s\n- 503: 2 s, 6 s\n",
    ] {
        assert_eq!(differences(&model, page, None), [""; 0], "{page}");
    }
}

#[test]
fn a_wait_is_no_number_of_another_kind() {
    let rows = "  - {code: 500, name: Ours, retry: steps}\n";
    let page = |more: &str| format!("{}{more}", html("Status code", &["500"]));
    let column = |header: &str, cells: &[&str]| {
        let cells = cells.iter().zip(1..);
        let cells = cells.map(|(cell, n)| format!("<tr><td>{n}<td>{cell}"));
        let cells: String = cells.collect();
        page(&format!(
            "<table><tr><th>Attempt<th>{header}{cells}</table>"
        ))
    };
    for (waits, page) in [
        (
            "8s, 64s, 512s",
            column("Wait (minutes)", &["8", "64", "512"]),
        ),
        ("1s, 2s, 3s", column("Wait (s)", &["10", "20", "30"])),
        ("500ms", page("")),
        ("500ms", page("<p>500 Internal Server Error")),
        ("2s", page("<p>API version 2")),
        ("22s", page("<p>Updated 2026-11-22")),
        ("22s", page("<p>Updated Nov 22, 2026")),
        ("1m", page("<p>100 requests a minute.")),
        ("8s", page("<p>8 regions")),
    ] {
        let backoff = format!("{ONE_SOURCE}\nbackoff: {{steps: {{waits: [{waits}]}}}}").replace(
            "max_retries: 5",
            &format!("max_retries: {}", waits.split(',').count()),
        );
        let found = differences(&model(rows, &backoff), &page, None);
        let missing = found
            .iter()
            .filter(|found| found.ends_with("is not on the page"));
        assert_eq!(
            missing.count(),
            waits.split(',').count(),
            "{waits}: {found:?}\n{page}"
        );
    }
}

#[test]
fn a_further_wait_is_named_until_it_is_kept() {
    let (model, mut page) = (parcels(), Page::parcels());
    let before = known();
    page.waits.push("262,144".to_owned());
    for (form, known) in before {
        // There, they are no column.
        if form == Form::Bars {
            continue;
        }
        let page = page.render(form);
        let named = ["backoff.slow: the wait 262144s is on the page, and not in the spec"];
        for known in [None, Some(&known)] {
            assert_eq!(differences(&model, &page, known), named, "{form:?}\n{page}");
        }
        let now = fingerprints(&model, &page);
        assert_eq!(Fingerprints::parse(&now.to_json()).as_ref(), Ok(&now));
        assert_eq!(differences(&model, &page, Some(&now)), [""; 0]);
    }
}

#[test]
fn a_page_that_differs_everywhere_is_doubted() {
    let (model, page) = (parcels(), Page::parcels());
    let known = fingerprints(&model, &page.render(Form::Html));
    let doubts = |page: &Page| {
        let page = read(page.render(Form::Html).as_bytes()).unwrap();
        doubt(&verify(&model, &page, Some(&known)), &known)
    };
    assert_eq!(doubts(&page), None);
    let mut other = page.clone();
    other.rows[0].meaning.push_str(" Now.");
    assert_eq!(doubts(&other), None);
    other
        .rows
        .iter_mut()
        .for_each(|row| row.meaning.push_str(" Jetzt."));
    assert!(doubts(&other).unwrap().contains("language"));
    let mut other = page.clone();
    other.rows.truncate(5);
    assert_eq!(doubts(&other), None);
    other.rows.truncate(4);
    assert!(doubts(&other).unwrap().contains("complete"));
}

#[test]
fn what_is_hidden_is_not_read() {
    let model = table(&["429"], ONE_SOURCE);
    let page = |more: &str| format!("<table><tr><th>Code<th>Why<tr><td>429<td>Slow{more}</table>");
    let known = fingerprints(&model, &page(""));
    for more in [
        "<script>no()</script>",
        "<style>no</style>",
        "<span hidden>no</span>",
        "<span style='color: red; display: none'>no</span>",
        "<template>no</template>",
        "<!-- no -->",
    ] {
        assert_eq!(
            differences(&model, &page(more), Some(&known)),
            [""; 0],
            "{more}"
        );
    }
    assert_eq!(
        differences(&model, &page("<span>no</span>"), Some(&known)).len(),
        1
    );
}

#[test]
fn a_class_row_covers_codes_of_the_page() {
    let model = table(&["429", "5XX"], ONE_SOURCE);
    let page = html("Code", &["429", "500", "502"]);
    assert_eq!(differences(&model, &page, None), [""; 0]);
    let known = fingerprints(&model, &page);
    assert_eq!(differences(&model, &page, Some(&known)), [""; 0]);
    let found = |codes: &[&str]| differences(&model, &html("Code", codes), Some(&known));
    assert_eq!(
        found(&["429", "500", "502", "529"]),
        ["529 words: new on the page; the row 5XX covers it"]
    );
    assert_eq!(found(&["429", "500"]), ["502: no longer on the page"]);
    assert_eq!(
        found(&["429", "500", "502", "418"]),
        ["418 words: no row has this code"]
    );
}

#[test]
fn a_class_of_the_page_covers_rows() {
    let model = table(&["429", "502", "503"], ONE_SOURCE);
    for class in ["5xx", "500-599", "500 – 599", "4xx/5xx", "Other 5XX"] {
        let page = html("Code", &["429", "502", class]);
        let found = differences(&model, &page, None);
        assert!(
            found
                .iter()
                .all(|found| found.ends_with("XX words: no row is for this class")),
            "{found:?}"
        );
        assert!(
            found.iter().any(|found| found.starts_with("5XX words:")),
            "{found:?}"
        );
    }
}

#[test]
fn a_class_row_may_be_said_in_a_sentence() {
    let model = table(&["429", "5XX"], ONE_SOURCE);
    let page = html("Code", &["429"]);
    assert_eq!(
        differences(&model, &page, None),
        ["5XX N5XX: not on the page"]
    );
    for sentence in [
        "Retry any 5xx.",
        "Others, `5XX`, are ours",
        "500-599 are retried",
    ] {
        assert_eq!(
            differences(&model, &format!("{page}<p>{sentence}"), None),
            [""; 0],
            "{sentence}"
        );
    }
}

#[test]
fn a_code_may_be_said_in_a_sentence() {
    let model = table(&["200", "429"], ONE_SOURCE);
    let page = |sentence: &str| format!("{}<p>{sentence}", html("Code", &["429"]));
    assert_eq!(
        differences(&model, &page("The answer is HTTP 200."), None),
        [""; 0]
    );
    assert_eq!(
        differences(&model, &page("Send 200 requests."), None),
        ["200 N200: not on the page"]
    );
}

#[test]
fn of_several_sources_a_page_lacks_what_it_had() {
    let head = format!("{TWO_SOURCES}{WAITS}");
    let rows =
        "  - {code: 429, name: Slow, retry: never}\n  - {code: 503, name: Down, retry: slow}\n";
    let model = model(rows, &head);
    let page = |codes: &[&str], waits: &str| html("Code", codes) + waits;
    assert_eq!(differences(&model, &page(&["503"], ""), None), [""; 0]);
    let known = fingerprints(&model, &page(&["429", "503"], "8s and 64s"));
    let found = differences(&model, &page(&["503"], "8s"), Some(&known));
    assert_eq!(
        found,
        [
            "429 Slow: no longer on the page",
            "backoff.slow: the wait 64s is no longer on the page"
        ]
    );
}

#[test]
fn assumed_waits_are_not_missed() {
    let rows = "  - {code: 503, name: Down, retry: slow}\n";
    let page = html("Code", &["503"]);
    for (backoff, missing) in [
        ("{waits: [1s, 2s, 4s, 8s, 16s]}", 5),
        ("{waits: {assumed: [1s, 2s, 4s, 8s, 16s]}}", 0),
        ("{assumed: {waits: [1s, 2s, 4s, 8s, 16s]}}", 0),
        ("{initial: 1s, multiplier: 2}", 0),
        (
            "{initial: 1s, multiplier: 2, documented_waits: [1s, 2s, 4s, 8s, 16s]}",
            5,
        ),
        (
            "{initial: 1s, multiplier: 2, documented_waits: {assumed: [1s, 2s, 4s, 8s, 16s]}}",
            0,
        ),
    ] {
        let model = model(rows, &format!("{ONE_SOURCE}\nbackoff: {{slow: {backoff}}}"));
        assert_eq!(differences(&model, &page, None).len(), missing, "{backoff}");
    }
}

#[test]
fn another_formula_is_another_text() {
    let model = table(&["503"], ONE_SOURCE);
    let page = |formula: &str| format!("| Code | Again |\n|--|--|\n| 503 | after {formula} s |\n");
    let known = fingerprints(&model, &page("$2^{3n}$"));
    for same in ["$2^{3n}$", "\\(2^{3n}\\)", "23n2^{3n}", "2^(3n)", ""] {
        assert_eq!(
            differences(&model, &page(same), Some(&known)),
            [""; 0],
            "{same}"
        );
    }
    for other in ["$2^{2n}$", "23n", "three"] {
        assert_eq!(
            differences(&model, &page(other), Some(&known)).len(),
            1,
            "{other}"
        );
    }
}

#[test]
fn a_page_that_cannot_be_read_says_why() {
    let table = "| Code |\n|--|\n| 429 |\n";
    let utf_16 =
        |bytes: fn(u16) -> [u8; 2]| table.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let latin_1 = [table.as_bytes(), b"\nCaf\xe9\n"].concat();
    let zeros = [table.as_bytes(), b"\0\0\0"].concat();
    let large = table.repeat(MAX_BYTES / table.len() + 1);
    let login = b"<html><form><input type=\"password\" name=p></form></html>";
    let cases: [(&[u8], Fault); 16] = [
        (b"", Fault::Empty),
        (b" \r\n\t\n", Fault::Empty),
        ("\u{feff}\n".as_bytes(), Fault::Empty),
        (&utf_16(u16::to_le_bytes), Fault::Utf16),
        (&utf_16(u16::to_be_bytes), Fault::Utf16),
        (b"\xff\xfe|\0", Fault::Utf16),
        (&latin_1, Fault::NotUtf8 { line: 5 }),
        (&zeros, Fault::Binary),
        (b"\x7fELF\x01", Fault::Binary),
        (b"%PDF-1.7\x01", Fault::Pdf),
        (b"%PDF-1.7\n\xff", Fault::Pdf),
        (login, Fault::Login),
        (large.as_bytes(), Fault::TooLarge),
        (b"Retry after a 503.", Fault::NoTable),
        (b"<html><h1>404 Not Found</h1></html>", Fault::NoTable),
        (&b"<html><div>".repeat(100_000), Fault::Tangled),
    ];
    for (bytes, fault) in cases {
        assert_eq!(read(bytes).unwrap_err(), fault);
        let message = fault.to_string();
        assert!(
            !message.contains('\n') && message.contains(": "),
            "{message}"
        );
    }
}

#[test]
fn a_page_of_the_largest_size_is_read() {
    let table = "<table><tr><th>Code<tr><td>429</table>";
    let page = table.to_owned() + &" ".repeat(MAX_BYTES - table.len());
    let model = self::table(&["429"], ONE_SOURCE);
    assert_eq!(fingerprints(&model, &page).rows(), 1);
}

/// What costs the square of a page's size would take minutes here.
#[test]
fn a_long_table_is_read_at_once() {
    const SIZE: usize = MAX_BYTES / 10;

    let model = table(&["429"], ONE_SOURCE);
    for (start, row) in [
        ("<table><tr><th>Code<th>Words", "<tr><td>429<td>x^2 and $5"),
        (
            "<table><tr><th>Code<th>Words<tr><td>429",
            "<tr><td><td>8 seconds",
        ),
        (
            "<table><tr><th>Code<tr><td>429</table>",
            "<table><tr><td>1<td>8</table>",
        ),
        ("Code\n", "429\tSlow\nwords\n"),
        ("Code\n", "429  Slow\n     words\n"),
        ("Code\n", "| 429 | Slow |\n|  | words |\n"),
        ("| Code |\n|--|\n", "| 429 | Slow |\n"),
    ] {
        let page = start.to_owned() + &row.repeat(SIZE / row.len());
        assert_eq!(fingerprints(&model, &page).rows(), 1, "{row}");
    }
}

/// Cells and rows that stand for many others would take gigabytes, or minutes.
#[test]
fn a_page_that_grows_is_refused() {
    const SIZE: usize = MAX_BYTES / 8;

    let long = "w ".repeat(90);
    let tall = format!("<td rowspan=50>{long}").repeat(90);
    for (start, row) in [
        (
            "<table><tr><th>Code<th>T<tr><td>429<td>x".to_owned(),
            format!("<tr><td>429{tall}{}", "<tr><td>x".repeat(50)),
        ),
        (
            "<table><tr><th>Code<th>T".to_owned(),
            format!("<tr><td>100-150<td>{long}"),
        ),
    ] {
        let page = start + &row.repeat(SIZE / row.len());
        assert_eq!(read(page.as_bytes()).unwrap_err(), Fault::Tangled);
    }
    let row = "<tr><td>100-198, 201-298, 301-398<td>w w w w w w w w w w w w";
    let page = format!("<table><tr><th>Code<th>T{}", row.repeat(SIZE / row.len()));
    assert_eq!(read(page.as_bytes()).unwrap_err(), Fault::NoTable);
}

#[test]
fn fingerprints_come_back_from_their_file() {
    let model = parcels();
    for form in Form::ALL {
        let known = fingerprints(&model, &Page::parcels().render(form));
        let file = known.to_json();
        assert_eq!(Fingerprints::parse(&file).unwrap(), known);
        for sentence in ["parcel", "courier", "again", "Retry"] {
            assert!(!file.contains(sentence), "{file}");
        }
    }
}

#[test]
fn other_files_are_no_fingerprints() {
    for (file, found) in [
        ("", "found invalid JSON"),
        ("{", "found invalid JSON"),
        ("[]", "found other JSON"),
        ("{\"rows\": {}, \"waits\": []}", "found other JSON"),
        (
            "{\"retrospec_page\": 2, \"rows\": {}, \"waits\": []}",
            "expected fingerprints of version 1, found 2",
        ),
        ("{\"retrospec_page\": 1, \"waits\": []}", "found other JSON"),
        ("{\"retrospec_page\": 1, \"rows\": {}}", "found other JSON"),
        (
            "{\"retrospec_page\": 1, \"rows\": {\"99\": \"0123456789abcdef\"}, \"waits\": []}",
            "found `99`",
        ),
        (
            "{\"retrospec_page\": 1, \"rows\": {\"429\": \"words\"}, \"waits\": []}",
            "found `429`: \"words\"",
        ),
        (
            "{\"retrospec_page\": 1, \"rows\": {\"429\": 1}, \"waits\": []}",
            "found `429`: 1",
        ),
        (
            "{\"retrospec_page\": 1, \"rows\": {}, \"waits\": [8]}",
            "expected a wait, found 8",
        ),
    ] {
        let message = Fingerprints::parse(file).unwrap_err();
        assert!(message.contains(found), "{message}");
    }
}

/// What is kept of Memfault's page has the rows and waits that were read off it by hand.
#[test]
fn memfaults_fingerprints_are_of_its_rows() {
    let kept = include_str!("../../../spec/memfault.page.json");
    let kept: serde_json::Value = serde_json::from_str(kept).unwrap();
    let facts = include_str!("../../../tests/support/facts/memfault.txt");
    let facts = facts.lines().filter(|line| !line.starts_with('#'));
    let (mut codes, mut waits) = (Vec::new(), Vec::new());
    for line in facts {
        match line.split(" | ").collect::<Vec<_>>()[..] {
            [code, _, _] if code.parse::<u16>().is_ok() => codes.push(code),
            [wait, seconds] if wait.starts_with("wait ") => waits.push(format!("{seconds}s")),
            _ => {}
        }
    }
    let help =
        "run `retrospec verify spec/memfault.yaml --page FILE --update` with a copy of the page";
    let rows: Vec<&String> = kept["rows"].as_object().unwrap().keys().collect();
    assert_eq!(rows, codes, "{help}");
    assert_eq!(kept["waits"], serde_json::json!(waits), "{help}");
}
