//! The command line itself.

mod common;

use common::{Folder, assert_contains};

#[test]
fn help_names_subcommands_and_exit_statuses() {
    let out = Folder::new("help").run(&["--help"]).quiet();
    for part in [
        "generate     Write the crate that a spec describes",
        "check        Report every mistake in specs",
        "explain      Show a table, or what a client goes through after one status code",
        "simulate     Show what a table does to a fleet of clients",
        "import       Draft a table from an OpenAPI document",
        "diff         Say what changed for clients, and whether `version` was bumped enough",
        "verify       Compare a table with a saved copy of the page",
        "completions  Print the script by which a shell completes command lines",
        "Exit status: 0; 1 if a spec or a document has errors",
    ] {
        assert_contains(&out, part);
    }
}

#[test]
fn every_subcommand_has_help() {
    let folder = Folder::new("subcommands");
    for (subcommand, usage) in [
        ("generate", "generate [OPTIONS] --out <DIR> <SPEC>"),
        ("check", "check [OPTIONS] <SPEC>..."),
        ("explain", "explain [OPTIONS] <SPEC> [CODE]"),
        ("diff", "diff [OPTIONS] <OLD> <NEW>"),
        ("import", "import [OPTIONS] <OPENAPI>"),
        (
            "simulate",
            "simulate [OPTIONS] --clients <N> --outage <DURATION> --capacity <N/s> <SPEC>",
        ),
        ("verify", "verify [OPTIONS] --page <FILE> <SPEC>"),
        ("completions", "completions <SHELL>"),
    ] {
        let out = folder.run(&[subcommand, "--help"]).quiet();
        assert_contains(&out, &format!("Usage: retrospec {usage}\n"));
    }
}

#[test]
fn the_version_is_the_packages() {
    let out = Folder::new("version").run(&["--version"]).quiet();
    assert_eq!(out, format!("retrospec {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_command_line_is_said_on_stderr() {
    let folder = Folder::new("wrong");
    for (arguments, message) in [
        (&[][..], "Usage: retrospec <COMMAND>"),
        (&["chekc"], "unrecognized subcommand 'chekc'"),
        (&["check"], "<SPEC>..."),
        (&["check", "a.yaml", "--format", "xml"], "'xml'"),
        (&["generate", "a.yaml"], "--out <DIR>"),
        (&["generate", "--out", "a"], "<SPEC>"),
        (&["generate", "a.yaml", "--out", "a", "--chek"], "'--chek'"),
        (&["explain"], "<SPEC>"),
        (&["explain", "a.yaml", "429", "430"], "'430'"),
        (&["diff", "a.yaml"], "<NEW>"),
        (&["verify", "a.yaml"], "--page <FILE>"),
        (&["verify", "--page", "a.html"], "<SPEC>"),
        (&["completions"], "<SHELL>"),
        (&["completions", "tcsh"], "'tcsh'"),
    ] {
        let ended = folder.run(arguments).with(2);
        assert_eq!(ended.out, "", "{arguments:?}");
        assert_contains(&ended.err, message);
    }
}
