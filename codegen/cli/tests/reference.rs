//! The examples of `spec/README.md`: what it shows is what the command prints.
//!
//! `BLESS=1 cargo test -p retrospec-cli --test reference` writes what it prints now.

mod common;

use std::fs;
use std::path::Path;

use common::Folder;

const SECTION: &str = "### Each key by an example";

/// Returns a spec with other values for the top-level keys that `change` has.
fn changed(base: &str, change: &str) -> String {
    let key =
        |line: &str| Some(line.split_once(':')?.0.to_owned()).filter(|key| !key.starts_with(' '));
    let keys: Vec<String> = change.lines().filter_map(key).collect();
    let mut is_replaced = false;
    let mut spec = String::new();
    for line in base.lines() {
        if let Some(key) = key(line) {
            is_replaced = keys.contains(&key);
        }
        if !is_replaced {
            spec.extend([line, "\n"]);
        }
    }
    spec + change
}

/// Returns the words of a command line as a shell does.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn each_example_prints_what_is_shown() {
    let path = Path::new(common::ROOT).join("spec/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, section) = text.split_once(SECTION).unwrap();
    let (section, after) = section.split_once("\n### ").unwrap();

    let folder = Folder::new("reference");
    let (mut base, mut spec, mut examples) = (String::new(), String::new(), 0);
    let mut shown = String::new();
    for part in section.split_inclusive("```\n") {
        if let Some((text, block)) = part.split_once("```yaml\n") {
            let block = block.strip_suffix("```\n").unwrap();
            if base.is_empty() {
                base = block.to_owned();
            }
            spec = changed(&base, block);
            folder.write("example.yaml", spec.clone());
            shown.extend([text, "```yaml\n", block, "```\n"]);
        } else if let Some((text, block)) = part.split_once("```console\n$ retrospec ") {
            let command = block.lines().next().unwrap();
            let arguments = words(command);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let printed = folder.run(&arguments).with(0);
            assert_eq!(printed.err, "", "{spec}");
            shown.extend([
                text,
                "```console\n$ retrospec ",
                command,
                "\n",
                &printed.out,
                "```\n",
            ]);
            examples += 1;
        } else {
            shown.push_str(part);
        }
    }
    assert!(examples > 8, "{examples}");
    let expected = format!("{before}{SECTION}{shown}\n### {after}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert_eq!(text, expected);
    }
}
