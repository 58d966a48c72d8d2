//! The example packages can be copied out: they hold all that they need, build and say what they should.

use std::fs;
use std::path::Path;
use std::process::Command;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/examples-target"),
        )
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", folder.display());
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a copy of what `cargo package` would pack, and nothing else.
fn run_packed(example: &str) -> String {
    let (from, to) = (
        Path::new(EXAMPLES).join(example),
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("packed-{example}")),
    );
    let _ = fs::remove_dir_all(&to);
    let listed = cargo(&from, &["package", "--list", "--allow-dirty"]);
    // Cargo makes the others.
    let sources = listed.lines().filter(|file| from.join(file).is_file());
    for file in sources {
        let path = to.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(from.join(file), path).unwrap();
    }
    let manifest = fs::read_to_string(to.join("Cargo.toml")).unwrap();
    // The oldest edition that generated items compile in.
    let manifest = manifest.replace("edition = \"2021\"", "edition = \"2018\"");
    let absolute = manifest.replace("path = \"../..", &format!("path = \"{EXAMPLES}/.."));
    assert_ne!(manifest, absolute);
    fs::write(to.join("Cargo.toml"), absolute + "\n[workspace]\n").unwrap();
    // What is locked here is there already.
    fs::copy(format!("{EXAMPLES}/../Cargo.lock"), to.join("Cargo.lock")).unwrap();
    cargo(&to, &["run", "--quiet"])
}

#[test]
fn a_build_script_generates_the_table() {
    assert_eq!(
        run_packed("build-script"),
        "423: again in 2s\n423: again in 3s\nnot retried again after 2 retries\n"
    );
}

#[test]
fn a_macro_generates_the_table() {
    assert_eq!(
        run_packed("macro")
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .collect::<Vec<_>>(),
        ["200", "409", "423", "429"]
    );
}

#[test]
fn both_examples_have_the_same_table() {
    let table = |example| fs::read_to_string(format!("{EXAMPLES}/{example}/parcels.yaml")).unwrap();
    assert_eq!(table("macro"), table("build-script"));
}
