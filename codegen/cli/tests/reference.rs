//! The examples of `spec/README.md`, `tools/fleet/README.md` and `docs/verify.md`: what they show is what the command
//! prints.
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

/// What a block with a command begins with.
const COMMAND: &str = "```console\n$ retrospec ";

/// Returns a block with what its command prints now.
fn rerun(folder: &Folder, text: &str, block: &str) -> String {
    let command = block.lines().next().unwrap();
    let arguments = words(command);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = folder.run(&arguments).with(0);
    assert_eq!(printed.err, "", "{command}");
    format!("{text}{COMMAND}{command}\n{}```\n", printed.out)
}

/// Returns a block with all that its command says now, however it ends.
fn rerun_any(folder: &Folder, text: &str, block: &str) -> String {
    let command = block.lines().next().unwrap();
    let arguments = words(command);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let said = folder.run(&arguments);
    format!("{text}{COMMAND}{command}\n{}{}```\n", said.out, said.err)
}

/// Compares a page with what it should be, or writes it.
fn bless(path: &Path, text: &str, expected: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, expected).unwrap();
    } else {
        assert_eq!(text, expected);
    }
}

#[test]
fn each_fleet_is_as_its_page_says() {
    let root = Path::new(common::ROOT);
    let path = root.join("tools/fleet/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let memfault = fs::read_to_string(root.join("spec/memfault.yaml")).unwrap();
    let folder = Folder::new("fleets");
    folder.write("spec/memfault.yaml", &memfault);
    let (mut shown, mut examples) = (String::new(), 0);
    for part in text.split_inclusive("```\n") {
        if let Some((_, block)) = part.split_once("```yaml\n") {
            let change = block.strip_suffix("```\n").unwrap();
            folder.write("better.yaml", changed(&memfault, change));
            shown.push_str(part);
        } else if let Some((text, block)) = part.split_once(COMMAND) {
            shown.push_str(&rerun(&folder, text, block));
            examples += 1;
        } else {
            shown.push_str(part);
        }
    }
    assert_eq!(examples, 8);
    bless(&path, &text, &shown);
}

/// The picture is what the command on the page draws.
#[test]
fn the_picture_of_the_fleet_is_drawn_anew() {
    let root = Path::new(common::ROOT);
    let folder = Folder::new("fleet-picture");
    let memfault = fs::read_to_string(root.join("spec/memfault.yaml")).unwrap();
    folder.write("spec/memfault.yaml", memfault);
    let page = fs::read_to_string(root.join("tools/fleet/README.md")).unwrap();
    let (_, command) = page.split_once("is drawn by `retrospec ").unwrap();
    let (command, _) = command.split_once('`').unwrap();
    let command = command.replace("docs/", "").replace('\n', " ");
    let arguments = words(&command);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    folder.run(&arguments).quiet();
    let path = root.join("docs/fleet.svg");
    bless(
        &path,
        &fs::read_to_string(&path).unwrap(),
        &folder.read("fleet.svg"),
    );
}

#[test]
fn a_page_is_verified_as_its_guide_says() {
    let path = Path::new(common::ROOT).join("docs/verify.md");
    let text = fs::read_to_string(&path).unwrap();
    let (example, rest) = text.split_once("## What is read").unwrap();
    let folder = Folder::new("verify");
    let (mut shown, mut examples) = (String::new(), 0);
    for part in example.split_inclusive("\n```\n") {
        for (language, file) in [("yaml", "parcels.yaml"), ("markdown", "page.md")] {
            if let Some((_, block)) = part.split_once(&format!("```{language}\n")) {
                folder.write(file, block.strip_suffix("```\n").unwrap());
            }
        }
        if let Some((text, block)) = part.split_once(COMMAND) {
            shown.push_str(&rerun_any(&folder, text, block));
            examples += 1;
        } else {
            shown.push_str(part);
        }
    }
    assert_eq!(examples, 2);
    bless(&path, &text, &format!("{shown}## What is read{rest}"));
}

#[test]
fn each_example_prints_what_is_shown() {
    let path = Path::new(common::ROOT).join("spec/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, section) = text.split_once(SECTION).unwrap();
    let (section, after) = section.split_once("\n### ").unwrap();

    let folder = Folder::new("reference");
    let (mut base, mut examples) = (String::new(), 0);
    let mut shown = String::new();
    for part in section.split_inclusive("```\n") {
        if let Some((text, block)) = part.split_once("```yaml\n") {
            let block = block.strip_suffix("```\n").unwrap();
            if base.is_empty() {
                base = block.to_owned();
            }
            folder.write("example.yaml", changed(&base, block));
            shown.extend([text, "```yaml\n", block, "```\n"]);
        } else if let Some((text, block)) = part.split_once(COMMAND) {
            shown.push_str(&rerun(&folder, text, block));
            examples += 1;
        } else {
            shown.push_str(part);
        }
    }
    assert!(examples > 8, "{examples}");
    let expected = format!("{before}{SECTION}{shown}\n### {after}");
    bless(&path, &text, &expected);
}
