//! C programs, linked with the static library.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::ffi::OsStr;
use std::fmt::Write;
use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use memfault_retry::{INVALID, Response, Span, WAIT, Wait, number};
use retrospec::Reason;
use retrospec_test_support::Facts;

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
const OUT: &str = env!("CARGO_TARGET_TMPDIR");

/// What `--print native-static-libs` says of std. Little or none of it is used.
const SYSTEM: [&str; 7] = [
    "-lgcc_s",
    "-lutil",
    "-lrt",
    "-lpthread",
    "-lm",
    "-ldl",
    "-lc",
];

/// Built as README.md says.
static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let target = Path::new(OUT).join("library");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(PACKAGE)
        .args(["rustc", "--quiet", "--lib", "--release"]);
    run(cargo
        .args(["--crate-type", "staticlib", "--target-dir"])
        .arg(&target));
    target.join("release/libmemfault_retry.a")
});

/// Compiles and links `source`, and returns what the program prints.
fn output_of(source: &str) -> String {
    let program = Path::new(OUT).join(source.replace(['/', '.'], "-"));
    let include: [&OsStr; 2] = ["-I".as_ref(), "include".as_ref()];
    let mut cc = Command::new("cc");
    cc.current_dir(PACKAGE)
        .args(["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]);
    cc.args(include).arg(source).arg(&*LIBRARY).args(SYSTEM);
    run(cc.arg("-o").arg(&program));
    run(&mut Command::new(program))
}

fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{error}",
        output.status
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_loop_waits_as_documented() {
    let facts = Facts::memfault();
    let mut sent = vec![0];
    for wait in &facts.waits {
        sent.push(sent[sent.len() - 1] + wait.as_secs());
    }
    let lines = |sent: &[u64]| {
        sent.iter().fold(String::new(), |text, second| {
            text + &format!("{second} s: 503\n")
        })
    };
    let exhausted = number(Reason::MaxRetries);
    let not_retried = number(Reason::NotRetried);
    let expected = format!(
        "unavailable\n{all}result {exhausted}\n\
         limited\n0 s: 429\n120 s: 429\n150 s: 202\nresult {not_retried}\n\
         unreachable\n0 s: 1\n{first} s: 0\nresult {not_retried}\n\
         restart\n{before}result {WAIT}\n{after}result {exhausted}\n",
        all = lines(&sent),
        first = sent[1],
        before = lines(&sent[..3]),
        after = lines(&sent[3..]),
    );
    assert_eq!(output_of("main.c"), expected);
}

#[test]
fn the_header_is_what_rust_has() {
    let mut expected = String::new();
    let mut line =
        |name: &str, value: usize| writeln!(expected, "{name} {value}").expect("a string");
    macro_rules! layout {
        ($($name:literal $type:ident $($field:ident)*;)*) => {$(
            line($name, size_of::<$type>());
            $(line(concat!($name, ".", stringify!($field)), offset_of!($type, $field));)*
        )*};
    }
    layout! {
        "span" Span seconds nanoseconds;
        "wait" Wait retry duration waited elapsed;
        "response" Response retry_after retry_after_length date date_length now passed random code;
    }
    for (name, value) in [
        ("INVALID", INVALID),
        ("WAIT", WAIT),
        ("NOT_RETRIED", number(Reason::NotRetried)),
        ("NO_RETRY_AFTER", number(Reason::NoRetryAfter)),
        ("INVALID_RETRY_AFTER", number(Reason::InvalidRetryAfter)),
        ("NO_CLOCK", number(Reason::NoClock)),
        (
            "TOO_LONG",
            number(Reason::RetryAfterTooLong(std::time::Duration::MAX)),
        ),
        ("MAX_RETRIES", number(Reason::MaxRetries)),
        ("MAX_ELAPSED", number(Reason::MaxElapsed)),
        ("OTHER", number(Reason::Canceled)),
        // Pointers that are not right, and headers.
        ("no wait", INVALID),
        ("no response", INVALID),
        ("nothing", INVALID),
        ("odd wait", INVALID),
        ("odd response", INVALID),
        ("no header", number(Reason::NoRetryAfter)),
        ("empty header", number(Reason::InvalidRetryAfter)),
        ("part of a text", WAIT),
        ("endless header", number(Reason::NoRetryAfter)),
    ] {
        writeln!(expected, "{name} {value}").expect("a string");
    }
    // It ends here if no stored bytes led to a wrong result.
    assert_eq!(output_of("tests/header.c"), expected);
}
