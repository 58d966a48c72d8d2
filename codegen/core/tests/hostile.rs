//! Input that no file under `bad/` can hold, or that is out to do harm.

use std::fmt::Write as _;

use retrospec_codegen::internal::{MAX_BYTES, Target, crate_files, include_file};
use retrospec_codegen::{Checked, Code, Diagnostic, Source, check, generate};

const MEMFAULT: &str = include_str!("../../../spec/memfault.yaml");

/// The codes of what is said.
fn codes(source: &Source) -> Vec<Code> {
    let Checked {
        model, diagnostics, ..
    } = check(source);
    for diagnostic in &diagnostics {
        assert!(!diagnostic.render(source, true).is_empty());
    }
    assert!(model.is_none());
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

#[test]
fn invalid_bytes_are_shown_in_their_line() {
    let source = Source::from_bytes("spec", b"api: \xc3\xa9\nsource: caf\xe9\n");
    assert_eq!(codes(&source), [Code::NotUtf8]);
    let text = check(&source).diagnostics[0].render(&source, false);
    assert!(text.contains("--> spec:2:12\n"), "{text}");
}

#[test]
fn utf16_is_called_by_its_name() {
    let units = |bytes: fn(u16) -> [u8; 2]| "\u{feff}api: A\n".encode_utf16().flat_map(bytes);
    for bytes in [
        units(u16::to_le_bytes).collect::<Vec<u8>>(),
        units(u16::to_be_bytes).collect(),
    ] {
        let source = Source::from_bytes("spec", &bytes);
        let found = check(&source).diagnostics;
        assert_eq!(found[0].code, Code::NotUtf8);
        assert_eq!(
            found[0].help.as_deref(),
            Some("the file is UTF-16: save it as UTF-8")
        );
    }
}

#[test]
fn a_mebibyte_is_read_and_no_more() {
    let padded = |len: usize| {
        let mut text = String::from(MEMFAULT);
        while text.len() < len {
            let line = "# ".repeat(40.min((len - text.len()).div_ceil(2)));
            text.push_str(&line);
            text.push('\n');
        }
        text.truncate(len);
        text
    };
    assert!(
        check(&Source::new("spec", padded(MAX_BYTES)))
            .model
            .is_some()
    );
    assert_eq!(
        codes(&Source::new("spec", padded(MAX_BYTES + 1))),
        [Code::TooLarge]
    );
}

/// Whoever reads a file stops one byte after the limit, perhaps within a character.
#[test]
fn a_cut_spec_is_too_large_not_invalid() {
    let mut bytes = "\u{20ac}".repeat(MAX_BYTES).into_bytes();
    bytes.truncate(MAX_BYTES + 1);
    let source = Source::from_bytes("spec", &bytes);
    assert_eq!(codes(&source), [Code::TooLarge]);
}

/// What stands for a byte that is no text is longer than the byte.
#[test]
fn bytes_are_counted_before_they_are_made_text() {
    let bytes = vec![0xff; MAX_BYTES];
    assert_eq!(codes(&Source::from_bytes("spec", &bytes)), [Code::NotUtf8]);
}

#[test]
fn a_path_does_not_break_out_of_the_header() {
    let source = Source::new("a\npub fn evil() {}\n\u{202e}.yaml", MEMFAULT);
    for (path, text) in generate(&source).files.unwrap() {
        let evil: Vec<usize> = (0..)
            .zip(text.lines())
            .filter_map(|(number, line)| line.contains("evil").then_some(number))
            .collect();
        assert_eq!(evil, [0], "{path}");
        assert!(!text.contains('\u{202e}'), "{path}");
    }
}

#[test]
fn a_path_does_not_break_out_of_the_manifest() {
    let model = check(&Source::new("spec", MEMFAULT)).model.unwrap();
    let target = Target {
        spec: "spec".to_owned(),
        command: "make".to_owned(),
        runtime_path: Some("a\n[evil]\t\"b\\".to_owned()),
    };
    let manifest = &crate_files(&model, &target).unwrap()["Cargo.toml"];
    let path = r#"path = "a\u000A[evil]\u0009\"b\\""#;
    assert!(manifest.contains(path), "{manifest}");
}

#[test]
fn deep_nests_end_early() {
    for nest in ["[", "{a: ", "- ", "? "] {
        let source = Source::new("spec", nest.repeat(20_000));
        let found = codes(&source);
        assert!(
            matches!(found[..], [Code::TooDeep | Code::Syntax]),
            "{nest}: {found:?}"
        );
    }
    let mut blocks = String::new();
    for depth in 0..1_000 {
        let _ = writeln!(blocks, "{}a:", " ".repeat(depth));
    }
    assert_eq!(codes(&Source::new("spec", blocks)), [Code::TooDeep]);
}

#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        let _ = writeln!(bomb, "a{level}: &a{level} [{before}]");
    }
    assert_eq!(codes(&Source::new("spec", bomb)), [Code::Anchor]);
}

#[test]
fn a_great_many_mistakes_are_all_found_in_order() {
    let mut text = MEMFAULT.to_owned();
    for n in 0..20_000 {
        let _ = writeln!(text, "unknown_{n}: x");
    }
    let source = Source::new("spec", text);
    let found = check(&source).diagnostics;
    let line = |found: &Diagnostic| source.position(found.labels[0].span.start).0;
    assert!(found.is_sorted_by_key(line));
    assert_eq!(found.len(), 20_000);
}

/// The same mistake in every encoding of the same text is at the same line and column.
#[test]
fn line_ends_and_wide_characters_keep_places() {
    let text = MEMFAULT
        .replace(
            "name: Conflict",
            "name: \"\u{fc}\u{1f980} Conflict\"\n    variant: Conflict",
        )
        .replace("retry: retry-after", "{retry: never}");
    let text = text.replace("code: 405", "code: 1405");
    let place = |text: String| {
        let source = Source::new("spec", text);
        let found = check(&source).diagnostics;
        found
            .iter()
            .map(|diagnostic| {
                let span = diagnostic.labels[0].span;
                (
                    diagnostic.code,
                    source.position(span.start),
                    source.position(span.end),
                )
            })
            .collect::<Vec<_>>()
    };
    let fixed = text.replace("{retry: never}", "retry: \"\u{e9}\" # \u{1f980}");
    let plain = place(fixed.clone());
    assert_eq!(plain.len(), 2, "{plain:?}");
    assert_eq!(place(fixed.replace('\n', "\r\n")), plain);
    assert_eq!(place(format!("\u{feff}{fixed}")), plain);
    assert_eq!(
        place(format!("\u{feff}{}", fixed.replace('\n', "\r\n"))),
        plain
    );
    // The same for an error of the parser, which counts lines and columns itself.
    let broken = place(text.clone());
    assert_eq!(broken[0].0, Code::Syntax);
    assert_eq!(place(text.replace('\n', "\r\n")), broken);
    assert_eq!(place(format!("\u{feff}{text}")), broken);
}

#[test]
fn line_ends_and_marks_change_no_output() {
    let files = |text: String| generate(&Source::new("spec", text)).files.unwrap();
    let plain = files(MEMFAULT.to_owned());
    assert_eq!(files(MEMFAULT.replace('\n', "\r\n")), plain);
    assert_eq!(files(format!("\u{feff}{MEMFAULT}")), plain);
    assert_eq!(files(MEMFAULT.to_owned()), plain);
}

#[test]
fn the_order_of_rows_and_keys_is_free() {
    for spec in [
        MEMFAULT,
        include_str!("../../../spec/otlp.yaml"),
        include_str!("../../../spec/prometheus-remote-write.yaml"),
    ] {
        let (head, rest) = spec.split_once("statuses:\n").unwrap();
        let (rows, tail) = rest.split_once("\nunlisted").unwrap();
        let mut rows: Vec<&str> = rows.split("  - code").skip(1).collect();
        rows.reverse();
        let rows = rows.join("  - code");
        let reversed = format!("{head}unlisted{tail}statuses:\n  - code{rows}\n");
        let files = |text: &str| generate(&Source::new("spec", text)).files.unwrap();
        assert_eq!(files(&reversed), files(spec));
    }
}

/// The longest wait that a spec can have, and jitter that would double it.
#[test]
fn jitter_beyond_the_longest_duration_is_cut() {
    let spec = MEMFAULT
        .replace("max_retries: 5", "max_retries: 20")
        .replace("initial: 8s", "initial: 1s")
        .replace("multiplier: 8", "multiplier: 10\n    jitter: 100%")
        .replace("    documented_waits:", "    # documented_waits:");
    let generated = generate(&Source::new("spec", spec));
    assert!(generated.files.is_some(), "{:?}", generated.diagnostics);
}

/// Returns a spec with one string in every place that takes one.
fn with_text(text: &str) -> String {
    let quoted = format!("{text:?}");
    MEMFAULT
        .replace("api: Memfault", &format!("api: {quoted}"))
        .replace(
            "title: HTTP Response Status Codes",
            &format!("title: {quoted}"),
        )
        .replace(
            "name: Conflict",
            &format!("name: {quoted}\n    variant: Conflict"),
        )
        .replace(
            "description: The resource is already there.",
            &format!("description: {quoted}"),
        )
        .replace(
            "  - The waits are kept",
            &format!("  - {quoted}\n  - The waits are kept"),
        )
}

#[test]
fn no_text_breaks_out_of_the_code_or_its_docs() {
    for text in [
        "\"); } pub fn evil() {} const X: &str = (\"",
        "\\\"; evil()",
        "*/ evil() /*",
        "]  #![feature(evil)]",
        "{CODE} {evil} {{",
        "` ``` ```rust evil() ```",
        "<script>evil()</script> <!-- evil",
        "| evil | [evil](evil) ![evil](evil)",
        "[`evil`] [evil]: evil",
        "a\n\n# evil\n\n```\nevil()\n```",
        "r#\"evil\"#",
        "$evil {{evil}} %s \\u{41}",
    ] {
        let source = Source::new("spec", with_text(text));
        let files = generate(&source).files.unwrap_or_else(|| panic!("{text}"));
        let model = check(&source).model.unwrap();
        let include = include_file(&model, &source, "test");
        for (path, code) in files.iter().chain([(&"include".to_owned(), &include)]) {
            if path == "rustfmt.toml" {
                assert_eq!(*code, clean(path));
                continue;
            }
            if path == "Cargo.toml" {
                let evil = code.lines().filter(|line| line.contains("evil"));
                assert_eq!(evil.count(), usize::from(text.contains("evil")), "{code}");
                continue;
            }
            let file =
                syn::parse_file(code).unwrap_or_else(|error| panic!("{path}: {error}\n{code}"));
            assert_eq!(
                shape(&file),
                shape(&syn::parse_file(&clean(path)).unwrap()),
                "{text}"
            );
        }
        let root = &files["src/lib.rs"];
        // In the docs it stands in one line each, and every character of Markdown is escaped.
        let docs = root.lines().filter(|line| line.starts_with("//!"));
        for line in docs.filter(|line| line.contains("evil")) {
            // One link is meant: the title of the page, to the page.
            let line = without_escapes(line).replace("Transcribed from [", "");
            for markup in ["`evil", "<script", "[evil", "[`", "<!--", "```"] {
                assert!(!line.contains(markup), "{line}");
            }
            assert!(!line.starts_with("//! # evil"), "{line}");
        }
    }
}

/// Without every `\` and the character it escapes.
fn without_escapes(line: &str) -> String {
    let mut chars = line.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            text.push(c);
        }
    }
    text
}

/// The file without any of these texts.
fn clean(path: &str) -> String {
    let source = Source::new("spec", with_text("plain"));
    if path == "include" {
        return include_file(&check(&source).model.unwrap(), &source, "test");
    }
    generate(&source).files.unwrap()[path].clone()
}

/// The kinds and names of all items, which no text may change.
fn shape(file: &syn::File) -> Vec<String> {
    use quote::ToTokens;

    file.items
        .iter()
        .map(|item| {
            let mut text = String::new();
            for token in item.to_token_stream() {
                if let proc_macro2::TokenTree::Ident(ident) = token {
                    let _ = write!(text, "{ident} ");
                }
            }
            text
        })
        .collect()
}
