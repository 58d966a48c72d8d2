//! The example packages build and say what they should.

use std::process::Command;

fn run(package: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", package])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{package}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_build_script_generates_the_table() {
    assert_eq!(
        run("example-build-script"),
        "423: again in 2s\n423: again in 3s\nstopped after 2 retries: this outcome is final\n"
    );
}

#[test]
fn a_macro_generates_the_table() {
    assert_eq!(
        run("example-macro")
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .collect::<Vec<_>>(),
        ["200", "409", "423", "429"]
    );
}
