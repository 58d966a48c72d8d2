//! `retrospec completions`.

mod common;

use std::process::Command;

use common::{Folder, assert_contains};

const SUBCOMMANDS: [&str; 10] = [
    "check",
    "completions",
    "conform",
    "diff",
    "explain",
    "generate",
    "import",
    "serve",
    "simulate",
    "verify",
];

#[test]
fn each_script_names_every_subcommand() {
    let folder = Folder::new("scripts");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = folder.run(&["completions", shell]).quiet();
        for subcommand in SUBCOMMANDS {
            assert_contains(&script, subcommand);
        }
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_subcommands_by_the_script() {
    let folder = Folder::new("bash");
    folder.write(
        "retrospec.bash",
        folder.run(&["completions", "bash"]).quiet(),
    );
    let bash = |arguments: &[&str]| {
        let mut command = Command::new("bash");
        let output = command.args(arguments).current_dir(folder.path(""));
        let output = output.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    bash(&["-n", "retrospec.bash"]);
    let complete = "source ./retrospec.bash
        COMP_WORDS=(retrospec '') COMP_CWORD=1
        _retrospec retrospec '' retrospec
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let words = bash(&["-c", complete]);
    let words: Vec<&str> = words.lines().collect();
    for subcommand in SUBCOMMANDS {
        assert!(words.contains(&subcommand), "{words:?}");
    }
}
