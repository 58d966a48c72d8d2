//! Generated crates of many sizes and shapes, under the strictest lints there are: the compiler's and
//! clippy's pedantic ones and rustdoc's, all denied.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use retrospec_codegen::internal::{Target, crate_files};
use retrospec_codegen::{Source, check};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// So long that the generated code breaks its line.
const LONG: &str =
    "What this means is said at a length that no line of the generated code has a place for, of";

/// Returns a spec with `count` exact rows, each of some behavior.
fn rows(count: usize, description: &str) -> String {
    let mut spec = String::from(
        "api: Many\nsource: {title: Many, url: https://many.example, read: 2026-11-22}\n\
         max_retries: 3\nbackoff:\n  steps:\n    waits: [1s, 5s, 30s]\n    jitter: 10%\n  \
         line:\n    initial: 250ms\n    multiplier: 1\nstatuses:\n",
    );
    let behaviors = [
        "steps",
        "never",
        "retry-after",
        "[retry-after, line]",
        "line",
    ];
    for (code, retry) in (100..600).zip(behaviors.iter().cycle()).take(count) {
        let _ = writeln!(
            spec,
            "  - {{code: {code}, name: Code {code}, description: \"{description} {code}\", retry: {retry}}}"
        );
    }
    spec + "unlisted: steps\ntransport: line\n"
}

/// A class row that says what an exact row of another class says, and two rows with one name.
const TWINS: &str = "\
api: Twins
source: {title: Twins, url: https://twins.example, read: 2026-11-22}
max_retries: 3
backoff: {steps: {waits: [1s, 5s, 30s]}}
statuses:
  - {code: 404, name: Gone for Now, retry: steps}
  - {code: 410, name: Gone for Now, variant: Gone, description: Gone for good., retry: never}
  - {code: 503, name: Closed, retry: never}
  - {code: 5XX, retry: steps}
unlisted: never
transport: never
";

fn write_crate(folder: &Path, name: &str, text: &str) {
    let source = Source::new("spec.yaml", format!("crate: {name}\n{text}"));
    let checked = check(&source);
    for diagnostic in &checked.diagnostics {
        println!("{}", diagnostic.render(&source, false));
    }
    let target = Target {
        spec: "spec.yaml".to_owned(),
        command: "`cargo test`".to_owned(),
        runtime_path: Some(format!("{ROOT}/runtime/engine")),
    };
    let files = crate_files(&checked.model.unwrap(), &target).unwrap();
    for (path, text) in files {
        let path = folder.join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // An `expect` that nothing fulfills is a warning: no lint is allowed without need.
        fs::write(path, text.replace("#[allow(", "#[expect(")).unwrap();
    }
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {}\n{error}",
        arguments.join(" ")
    );
}

#[test]
fn generated_crates_give_no_lint_anything_to_say() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for count in [1, 13, 32, 33, 500] {
        write_crate(&folder, &format!("long{count}-status"), &rows(count, LONG));
    }
    for count in [97, 98] {
        write_crate(
            &folder,
            &format!("short{count}-status"),
            &rows(count, "Code"),
        );
    }
    write_crate(&folder, "twins-status", TWINS);
    for shape in [
        "inverted",
        "classes_alone",
        "patient",
        "class_with_errors",
        "conditions",
        "one_condition",
        "same_conditions",
    ] {
        let path = format!("{}/shapes/{shape}.yaml", env!("CARGO_MANIFEST_DIR"));
        let name = format!("{}-status", shape.replace('_', "-"));
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("crate:"));
        write_crate(&folder, &name, &lines.collect::<Vec<_>>().join("\n"));
    }
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nmembers = [\"*-status\"]\nresolver = \"2\"\n",
    )
    .unwrap();
    // What is locked here is there already.
    fs::copy(format!("{ROOT}/Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let lints = ["--", "-D", "warnings", "-D", "clippy::pedantic"];
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets"];
    cargo(&folder, &[&clippy[..], &lints].concat());
    cargo(
        &folder,
        &[&clippy[..], &["--all-features"], &lints].concat(),
    );
    cargo(&folder, &["doc", "--quiet", "--workspace", "--no-deps"]);
}
