//! The workflow in the README does what the README says of it.

#![cfg(unix)]

mod common;

use std::env;
use std::path::Path;
use std::process::Command;

use common::{Ended, Folder, assert_contains, edited, memfault};

const README: &str = include_str!("../README.md");

/// The commands of each step, in order.
fn steps() -> Vec<String> {
    let (_, workflow) = README.split_once("```yaml\n").unwrap();
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
    let install = &steps()[0];
    assert!(install.starts_with("cargo install --locked --git ADDRESS "));
    assert!(install.ends_with(env!("CARGO_PKG_NAME")), "{install}");
}

#[test]
fn the_workflow_refuses_drift_and_small_bumps() {
    let steps = steps();
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
