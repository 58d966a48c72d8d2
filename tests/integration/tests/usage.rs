//! The example in each shipped crate's docs, copied as it is: against a server that answers each row, it does
//! what the page says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use retrospec::Reason;
use retrospec_conformance::{Reply, Script, Server};
use retrospec_test_support::Facts;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const CRATES: [&str; 3] = [
    "memfault-status",
    "otlp-status",
    "prometheus-remote-write-status",
];

/// In place of the hidden line of the example: a GET over a socket, of which it is told the code and the
/// headers.
const SEND: &str = r#"
let address = std::env::args().nth(2).unwrap();
let send = || -> std::io::Result<Response> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(&address)?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let header = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(": "));
        lines.find(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1.as_bytes().to_vec())
    };
    Ok(Response {
        code: text[9..12].parse().unwrap(),
        retry_after: header("retry-after"),
        date: header("date"),
    })
};
"#;

/// The code of the example, without its fences.
fn example(krate: &str) -> String {
    let root = fs::read_to_string(format!("{ROOT}/generated/{krate}/src/lib.rs")).unwrap();
    let docs = root.lines().filter_map(|line| line.strip_prefix("//!"));
    let lines = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let code = lines
        .skip_while(|line| *line != "```no_run")
        .skip(1)
        .take_while(|line| *line != "```");
    code.fold(String::new(), |code, line| code + line + "\n")
}

/// A program of all examples, which notes the waits in place of sleeping. `main` prints them, and why there
/// is no further one.
fn program() -> String {
    let mut program = String::new();
    let mut arms = String::new();
    for krate in CRATES {
        let example = example(krate);
        assert_eq!(example.matches("std::thread::sleep").count(), 1, "{krate}");
        let hidden = example.lines().find(|line| line.starts_with("# "));
        let body = example
            .replace(hidden.expect("a hidden line"), SEND)
            .replace("std::thread::sleep", "|wait| waits.push(wait)");
        let name = krate.replace('-', "_");
        let _ = write!(
            program,
            "fn {name}() {{ let mut waits = Vec::new();\n{body}\nlet _ = result; println!(\"{{waits:?}} {{:?}}\", stop.reason); }}\n"
        );
        let _ = writeln!(arms, "\"{krate}\" => {name}(),");
    }
    program
        + &format!(
            "fn main() {{ match &*std::env::args().nth(1).unwrap() {{ {arms} _ => {{}} }} }}\n"
        )
}

/// Builds the program once.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("usage");
        fs::create_dir_all(folder.join("src")).unwrap();
        let dependencies = CRATES.map(|krate| format!("{krate} = {{ path = \"{ROOT}/generated/{krate}\" }}\n"));
        let manifest = format!(
            "[package]\nname = \"usage\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n[dependencies]\n\
             retrospec = {{ path = \"{ROOT}/runtime/engine\" }}\n{}",
            dependencies.concat()
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/main.rs"), program()).unwrap();
        // What is locked here is there already.
        fs::copy(format!("{ROOT}/Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet"])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder.join("target/debug/usage")
    })
}

/// The waits in milliseconds, and the reason, if a code comes once with this header and then 200.
fn run(krate: &str, code: u16, header: Option<&str>) -> String {
    let mut answer = Reply::status(code).header("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    if let Some(value) = header {
        answer = answer.header("Retry-After", value);
    }
    let server = Server::start(Script::new(answer).then(Reply::status(200)));
    let address = server.url("").replace("http://", "");
    let output = Command::new(built())
        .args([krate, &address])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn follows(krate: &str, facts: &Facts) {
    let rows = facts.exact_rows().into_iter().map(|(code, _)| code);
    let mut actions = BTreeSet::new();
    // And codes of which only a class or nothing has a row.
    for code in rows.chain([418, 599]) {
        let action = facts.action(code);
        actions.insert(action);
        for (header, asked) in [
            (None, Err(Reason::NoRetryAfter)),
            (Some("1"), Ok(Duration::from_secs(1))),
            (
                Some("Sun, 06 Nov 1994 08:49:39 GMT"),
                Ok(Duration::from_secs(2)),
            ),
        ] {
            let found = run(krate, code, header);
            let expected = facts.decision(action, asked, 0);
            // OTLP's schedule is spread by half.
            if krate == "otlp-status" && expected == Ok(facts.waits[0]) {
                assert!(found.ends_with("s] NotRetried\n"), "{found}");
                let wait: f64 = found[1..].split('s').next().unwrap().parse().unwrap();
                let first = facts.waits[0].as_secs_f64();
                assert!((first / 2.0..=first * 1.5).contains(&wait), "{found}");
                continue;
            }
            let expected = match expected {
                Ok(wait) => format!("[{wait:?}] NotRetried\n"),
                Err(reason) => format!("[] {reason:?}\n"),
            };
            assert_eq!(found, expected, "{krate}: {code} with {header:?}");
        }
    }
    assert!(actions.len() > 1, "{actions:?}");
}

#[test]
fn the_example_follows_memfault() {
    follows("memfault-status", &Facts::memfault());
}

#[test]
fn the_example_follows_otlp() {
    follows("otlp-status", &Facts::otlp());
}

#[test]
fn the_example_follows_prometheus() {
    follows(
        "prometheus-remote-write-status",
        &Facts::prometheus_remote_write(),
    );
}
