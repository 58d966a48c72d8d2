//! The workflows in the README and in `docs/verify.md` do what is said of them.

#![cfg(unix)]

mod common;

use std::env;
use std::path::Path;
use std::process::Command;

use common::{Ended, Folder, assert_contains, edited, memfault};

const README: &str = include_str!("../README.md");

/// Returns the commands of each step of the workflow in a page, in order.
fn steps(text: &str) -> Vec<String> {
    let (_, workflow) = text.split_once("```yaml\nname: ").unwrap();
    let (workflow, _) = workflow.split_once("```").unwrap();
    let mut steps = Vec::new();
    let mut lines = workflow.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((before, command)) = line.split_once("run: ") else {
            continue;
        };
        if command != "|" {
            steps.push(command.to_owned());
            continue;
        }
        let mut script = String::new();
        let indent = " ".repeat(before.len() + 1);
        while let Some(line) = lines.next_if(|line| line.starts_with(&indent)) {
            script.push_str(line.trim_start());
            script.push('\n');
        }
        steps.push(script);
    }
    steps
}

/// Runs a script as GitHub Actions does.
fn bash(folder: &Folder, script: &str) -> Ended {
    let command = Path::new(env!("CARGO_BIN_EXE_retrospec")).parent().unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = [command.to_owned()]
        .into_iter()
        .chain(env::split_paths(&path));
    let output = Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(folder.path(""))
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .env("PATH", env::join_paths(path).unwrap())
        .envs([
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "a"),
            ("GIT_AUTHOR_EMAIL", "a@parcels.example"),
            ("GIT_COMMITTER_NAME", "a"),
            ("GIT_COMMITTER_EMAIL", "a@parcels.example"),
        ])
        .output()
        .unwrap();
    Ended::new(output)
}

#[test]
fn the_workflow_installs_this_package() {
    let install = &steps(README)[0];
    assert!(install.starts_with("cargo install --locked --git ADDRESS "));
    assert!(install.ends_with(env!("CARGO_PKG_NAME")), "{install}");
}

#[test]
fn the_workflow_refuses_drift_and_small_bumps() {
    let steps = steps(README);
    let [_, check, diff] = &steps[..] else {
        panic!("{steps:?}");
    };
    let folder = Folder::new("repository");
    let generate = check.replace(" --check", "");
    let commit = format!("{generate}; git add --all; git commit --quiet --message Change");
    let expect = |statuses: [i32; 2]| {
        [(check, statuses[0]), (diff, statuses[1])].map(|(step, status)| {
            let Ended { out, err, .. } = bash(&folder, step).with(status);
            out + &err
        })
    };

    folder.write("parcels.yaml", memfault());
    bash(&folder, "git init --quiet").with(0);
    bash(&folder, &commit).with(0);
    // Without a tag there is nothing to compare with.
    assert_ne!(bash(&folder, diff).status, Some(0));
    bash(&folder, "git tag v0.1.0").with(0);
    expect([0, 0]);

    let changed = edited(&memfault(), &[("code: 409", "code: 410")]);
    folder.write("parcels.yaml", &changed);
    let [drift, small] = expect([1, 1]);
    assert_contains(&drift, "differs from what its spec says");
    assert_contains(&small, "write `version: 0.2.0` in parcels.yaml");

    let bumped = edited(&changed, &[("version: 0.1.0", "version: 0.2.0")]);
    folder.write("parcels.yaml", bumped);
    bash(&folder, &commit).with(0);
    expect([0, 0]);
}

/// Stands for GitHub's command: an issue is a file, and so is each comment.
const GH: &str = r#"#!/bin/sh
case "$1 $2" in
"issue list") [ ! -e issue ] || echo 7 ;;
"issue create") [ "$3 $4 $5 $6" = "--title $TITLE --body-file body.md" ] && cp body.md issue ;;
"issue view") [ "$3" = 7 ] && cat "$(ls -t comment issue 2> /dev/null | head -n 1)" ;;
"issue comment") [ "$3" = 7 ] && sleep 0.01 && cp body.md comment ;;
*) exit 9 ;;
esac
"#;

#[test]
fn a_changed_page_is_one_issue() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let guide = include_str!("../../../docs/verify.md");
    let (_, guide) = guide.split_once("## Every week").unwrap();
    let steps = steps(guide);
    let [.., check, exists, curl, verify] = &steps[..] else {
        panic!("{steps:?}");
    };
    assert!(curl.starts_with("curl "), "{curl}");
    let folder = Folder::new("page-workflow");
    folder.write("gh", GH);
    fs::set_permissions(folder.path("gh"), fs::Permissions::from_mode(0o755)).unwrap();
    folder.write("parcels.yaml", memfault());
    let page = |rows: &str| format!("<table><tr><th>Code<th>Words{rows}</table>");
    folder.write("page.html", page("<tr><td>200<td>Done"));

    bash(&folder, check).with(0);
    bash(&folder, exists).with(1);
    folder
        .run(&["verify", "parcels.yaml", "--page", "page.html", "--update"])
        .with(1);
    bash(&folder, exists).with(0);

    let verify = format!("PATH=\"$PWD:$PATH\" TITLE='The page'; export PATH TITLE\n{verify}");
    let has = |name: &str| folder.path(name).exists();
    let week = || bash(&folder, &verify).with(0);
    week();
    assert!(has("issue") && !has("comment"));
    assert_contains(&folder.read("issue"), "    202 Accepted: not on the page\n");
    week();
    assert!(!has("comment"));
    folder.write("page.html", page("<tr><td>200<td>Done<tr><td>529<td>Busy"));
    week();
    assert_contains(
        &folder.read("comment"),
        "    529 Busy: no row has this code\n",
    );
    fs::remove_file(folder.path("parcels.yaml")).unwrap();
    bash(&folder, &verify).with(2);
}
