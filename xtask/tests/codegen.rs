//! The command as a process: what it prints, what it leaves, and how it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const LOCK: &str = "tests/firmware/Cargo.lock";
const GENERATED: &str = "generated/memfault-status/src/behavior.rs";

/// A copy of what the command reads and writes.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        for part in [
            "spec",
            "generated",
            "tests/table",
            "README.md",
            "Cargo.lock",
            LOCK,
        ] {
            copy(&Path::new(ROOT).join(part), &root.join(part));
        }
        fs::create_dir_all(root.join("xtask")).unwrap();
        let copy = Self(root);
        // Whatever state the repository is in, a test begins with one that is right.
        assert_eq!(copy.run(&["codegen"]).status, Some(0));
        copy
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        run(&self.0, arguments)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn edit(&self, name: &str, edit: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        fs::write(self.path(name), edit(text)).unwrap();
    }

    /// Every file and what is in it.
    fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

fn run(root: &Path, arguments: &[&str]) -> Ended {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .output()
        .unwrap();
    Ended {
        status: status.code(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

#[test]
fn generated_files_are_as_their_specs_say() {
    let ended = run(Path::new(ROOT), &["codegen", "--check"]);
    assert_eq!(ended.status, Some(0), "{}{}", ended.out, ended.err);
}

#[test]
fn a_second_run_changes_nothing() {
    let copy = Copy::new("again");
    let before = copy.snapshot();
    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    assert!(before == copy.snapshot());
    for part in [
        "429          Too Many Requests      Retry-After\n",
        "exponential: 8 s, 1 min 4 s, 8 min 32 s, 1 h 8 min 16 s, 9 h 6 min 8 s\n",
        "\nunchanged  ",
    ] {
        assert!(ended.out.contains(part), "{}", ended.out);
    }
}

#[test]
fn a_changed_byte_is_found_and_mended() {
    let copy = Copy::new("drift");
    let before = copy.snapshot();
    copy.edit(GENERATED, |text| text.replace("429 =>", "428 =>"));
    let drifted = copy.snapshot();

    let ended = copy.run(&["codegen", "--check"]);
    assert_eq!(ended.status, Some(1));
    assert!(
        ended
            .out
            .contains("-        428 => RetryBehavior::RetryAfter,\n"),
        "{}",
        ended.out
    );
    assert!(
        ended
            .out
            .contains("+        429 => RetryBehavior::RetryAfter,\n"),
        "{}",
        ended.out
    );
    assert_eq!(
        ended.err,
        format!(
            "error: {GENERATED} differs from what its spec says\nto fix it, run: cargo xtask codegen\n"
        )
    );
    assert!(drifted == copy.snapshot(), "a check writes nothing");

    let ended = copy.run(&["codegen"]);
    assert!(
        ended.out.contains(&format!("written    {GENERATED}\n")),
        "{}",
        ended.out
    );
    assert!(before == copy.snapshot());
}

#[test]
fn missing_and_stale_files_are_named() {
    let copy = Copy::new("stale");
    let before = copy.snapshot();
    let stale = "generated/memfault-status/src/old.rs";
    fs::rename(copy.path(GENERATED), copy.path(stale)).unwrap();

    let ended = copy.run(&["codegen", "--check"]);
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.err.contains(&format!("{GENERATED} is missing\n")),
        "{}",
        ended.err
    );
    assert!(
        ended
            .err
            .contains(&format!("{stale} is stale: no spec generates it\n")),
        "{}",
        ended.err
    );

    let ended = copy.run(&["codegen"]);
    assert!(
        ended.out.contains(&format!("removed    {stale}\n")),
        "{}",
        ended.out
    );
    assert!(before == copy.snapshot());
}

#[test]
fn a_table_in_the_readme_is_checked_too() {
    let copy = Copy::new("readme");
    copy.edit("README.md", |text| text.replace("| 429 |", "| 430 |"));
    let ended = copy.run(&["codegen", "--check"]);
    assert_eq!(ended.status, Some(1));
    assert!(ended.err.contains("README.md differs"), "{}", ended.err);
}

#[test]
fn a_table_that_the_readme_shows_must_be_there() {
    let copy = Copy::new("renamed");
    fs::rename(
        copy.path("spec/memfault.yaml"),
        copy.path("spec/renamed.yaml"),
    )
    .unwrap();
    let ended = copy.run(&["codegen", "--check"]);
    assert_eq!(ended.status, Some(2), "{}", ended.out);
    assert!(
        ended
            .err
            .contains("spec/memfault.yaml, whose table README.md shows"),
        "{}",
        ended.err
    );
}

#[test]
fn a_readme_that_is_no_text_is_left_alone() {
    let copy = Copy::new("bytes-in-readme");
    let mut bytes = fs::read(copy.path("README.md")).unwrap();
    bytes.push(0xe9);
    fs::write(copy.path("README.md"), bytes).unwrap();
    let before = copy.snapshot();
    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(2), "{}", ended.err);
    assert!(before == copy.snapshot());
}

#[test]
fn a_file_that_somebody_wrote_is_not_overwritten() {
    let copy = Copy::new("foreign");
    fs::write(copy.path(GENERATED), "// mine\n").unwrap();
    copy.edit("spec/memfault.yaml", |text| {
        text.replace("max_retries: 5", "max_retries: 4")
    });
    copy.edit("spec/memfault.yaml", |text| text.replace(", 32768s", ""));
    let before = copy.snapshot();
    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(2), "{}", ended.out);
    assert!(
        ended
            .err
            .contains(&format!("{GENERATED} was not generated")),
        "{}",
        ended.err
    );
    assert!(
        before == copy.snapshot(),
        "the others are not written either"
    );
}

#[test]
fn all_mistakes_come_in_one_run() {
    let copy = Copy::new("mistakes");
    copy.edit("spec/memfault.yaml", |text| {
        text.replace("code: 204", "code: 202")
            .replacen("retry: exponential", "retry: exponentail", 1)
            .replace("4096s", "4095s")
    });
    let before = copy.snapshot();
    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(1));
    for (code, line) in [
        ("SPEC0203", "code: 202"),
        ("SPEC0301", "exponentail"),
        ("SPEC0407", "4095s"),
    ] {
        let spec = fs::read_to_string(copy.path("spec/memfault.yaml")).unwrap();
        let number = 1 + spec
            .lines()
            .enumerate()
            .filter(|(_, text)| text.contains(line))
            .last()
            .unwrap()
            .0;
        assert!(
            ended.err.contains(&format!("error[{code}]")),
            "{}",
            ended.err
        );
        assert!(
            ended.err.contains(&format!("spec/memfault.yaml:{number}:")),
            "{}",
            ended.err
        );
    }
    assert_eq!(ended.err.matches("error[").count(), 3, "{}", ended.err);
    assert!(before == copy.snapshot());
}

#[test]
fn an_unreadable_spec_gets_one_clear_line() {
    for (name, content, status, message) in [
        ("missing", None, 2, "error: there is no spec: spec/*.yaml\n"),
        (
            "empty",
            Some(&b""[..]),
            1,
            "error[SPEC0003]: the spec is empty\n",
        ),
        (
            "bytes",
            Some(b"api: \xff\n"),
            1,
            "error[SPEC0001]: the spec is not valid UTF-8\n",
        ),
    ] {
        let copy = Copy::new(name);
        let spec = copy.path("spec/memfault.yaml");
        match content {
            Some(content) => fs::write(spec, content).unwrap(),
            None => {
                for entry in fs::read_dir(copy.path("spec")).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_file() {
                        fs::remove_file(path).unwrap();
                    }
                }
            }
        }
        let before = copy.snapshot();
        let ended = copy.run(&["codegen"]);
        assert_eq!(ended.status, Some(status), "{name}: {}", ended.err);
        assert!(ended.err.starts_with(message), "{name}: {}", ended.err);
        assert_eq!(
            ended.err.matches("error").count(),
            1,
            "{name}: {}",
            ended.err
        );
        assert!(before == copy.snapshot(), "{name}");
    }
}

#[test]
fn a_crate_whose_spec_is_gone_is_kept() {
    let copy = Copy::new("orphan");
    fs::create_dir(copy.path("generated/orphan-status")).unwrap();
    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended
            .err
            .contains("names the crate generated/orphan-status"),
        "{}",
        ended.err
    );
}

/// Commits the copy, with nothing of the user's configuration.
fn commit(copy: &Copy) {
    for arguments in [
        &["init", "-q"][..],
        &["add", "."],
        &["commit", "-qm", "All", "--allow-empty"],
    ] {
        let status = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b.example"])
            .args(arguments)
            .current_dir(&copy.0)
            .status()
            .unwrap();
        assert!(status.success(), "{arguments:?}");
    }
}

const ROW: &str = "  - code: 599
    name: Site is Asleep
    retry: [retry-after, exponential]

unlisted:";

#[test]
fn a_new_row_comes_with_what_is_next() {
    let copy = Copy::new("next");
    commit(&copy);
    assert!(!copy.run(&["codegen"]).out.contains("next:"));
    copy.edit("spec/memfault.yaml", |text| text.replace("unlisted:", ROW));
    let spec = fs::read_to_string(copy.path("spec/memfault.yaml")).unwrap();
    let version = |line: &str| {
        line.strip_prefix("version: 0.")?
            .split_once('.')?
            .0
            .parse()
            .ok()
    };
    let minor: u32 = spec.lines().find_map(version).unwrap();
    let bumped = format!("version: 0.{}.0", minor + 1);

    let ended = copy.run(&["codegen"]);
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    let (_, next) = ended.out.split_once("since the last commit:\n").unwrap();
    let parts = [
        "breaking  599 Site is Asleep: a new row",
        "`version` needs a minor bump",
        &format!("write `{bumped}` in spec/memfault.yaml"),
        "\nnext:\n  1. write that version",
        "tests/support/facts/memfault.txt",
        "cargo xtask api",
    ];
    for part in parts {
        assert!(next.contains(part), "{part}: {next}");
    }

    copy.edit("spec/memfault.yaml", |text| {
        text.replacen(&format!("version: 0.{minor}."), &format!("{bumped} #"), 1)
    });
    let ended = copy.run(&["codegen"]);
    let (_, next) = ended.out.split_once("\nnext:\n").unwrap();
    assert!(!next.contains("write that version"), "{next}");
    let locked = format!(
        "name = \"memfault-status\"\n{}\"\n",
        bumped.replace(": ", " = \"")
    );
    for lock in ["Cargo.lock", LOCK] {
        assert!(ended.out.contains(&format!("written    {lock}\n")));
        let text = fs::read_to_string(copy.path(lock)).unwrap();
        assert!(text.contains(&locked));
    }
    assert_eq!(copy.run(&["codegen", "--check"]).status, Some(0));
}

#[test]
fn a_version_that_is_too_small_is_refused() {
    let copy = Copy::new("versions");
    commit(&copy);
    let ended = copy.run(&["versions"]);
    assert_eq!(ended.status, Some(0), "{}", ended.err);
    assert!(
        ended
            .err
            .contains("note: git has no older spec/memfault.yaml"),
        "{}",
        ended.err
    );

    copy.edit("spec/memfault.yaml", |text| text.replace("unlisted:", ROW));
    let refused = |when: &str| {
        let ended = copy.run(&["versions"]);
        assert_eq!(ended.status, Some(1), "{when}");
        assert!(
            ended
                .err
                .contains("a minor bump\nerror: `version` is still"),
            "{when}"
        );
    };
    refused("before the commit");
    commit(&copy);
    refused("after it");
    commit(&copy);
    refused("after another one");

    copy.edit("spec/memfault.yaml", |text| {
        text.replacen("\nversion: 0.", "\nversion: 1.", 1)
    });
    commit(&copy);
    assert_eq!(copy.run(&["versions"]).status, Some(0));
}

#[test]
fn tasks_are_listed() {
    for arguments in [&[][..], &["help"], &["--help"]] {
        let ended = run(Path::new(ROOT), arguments);
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""));
        for task in [
            "codegen [--check]",
            "ci ",
            "versions ",
            "features ",
            "api [--check]",
            "firmware ",
            "msrv ",
            "fuzz ",
            "bench ",
            "scoreboard ",
            "coverage ",
        ] {
            assert!(
                ended.out.contains(&format!("\n  {task}")),
                "{task}: {}",
                ended.out
            );
        }
    }
}

#[test]
fn what_is_no_task_is_told_so() {
    for arguments in [&["codegen", "--chek"][..], &["test"]] {
        let ended = run(Path::new(ROOT), arguments);
        assert_eq!(ended.status, Some(2));
        let expected = format!("error: `{}` is not a task\n\nusage: ", arguments.join(" "));
        assert!(ended.err.starts_with(&expected), "{}", ended.err);
    }
}
