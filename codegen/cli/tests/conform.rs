//! `retrospec conform`: clients with one planted mistake each, clients that are none, and what is printed.

mod common;

use std::env;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::{Ended, Folder, assert_contains};
use serde_json::Value;

/// The client's waits in seconds are those of [`TABLE`].
const WAITS: [f64; 3] = [1.0, 2.0, 1.0];
const TABLE: &str = "\
api: Example
source: {title: Errors, url: https://example.com/errors, read: 2026-11-22}
max_retries: 3
backoff:
  steps: {waits: [1s, 2s, 1s]}
statuses:
  - {code: 200, name: OK, retry: never}
  - {code: 429, name: Too Many Requests, retry: retry-after}
  - {code: 500, name: Internal Server Error, retry: never}
  - {code: 502, name: Bad Gateway, retry: steps}
  - {code: 503, name: Service Unavailable, retry: [retry-after, steps]}
unlisted: never
transport: never
";

/// The variable that tells the client its mistake.
const MISTAKE: &str = "MISTAKE";
/// The variable that names a file for the code of each first answer.
const ORDER: &str = "ORDER";

/// The client: this test file, started as a command.
#[test]
#[ignore = "the other tests start it"]
fn client() {
    let Ok(url) = env::var("RETROSPEC_URL") else {
        return;
    };
    let mistake = env::var(MISTAKE).unwrap_or_default();
    let address = url.strip_prefix("http://").unwrap();
    for retries in 0.. {
        let response = send(address);
        if let (0, Ok(path)) = (retries, env::var(ORDER)) {
            let mut file = File::options()
                .append(true)
                .create(true)
                .open(path)
                .unwrap();
            writeln!(file, "{}", &response[9..12]).unwrap();
        }
        let Some(wait) = wait_of_client(&mistake, &response, retries) else {
            break;
        };
        thread::sleep(Duration::from_secs_f64(wait));
    }
}

/// Returns the response, or as much of it as came.
fn send(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = "PUT /x HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    response
}

fn wait_of_client(mistake: &str, response: &str, retries: usize) -> Option<f64> {
    let code = response.contains("\r\n\r\n").then(|| &response[9..12])?;
    let limit = if mistake == "six retries" { 6 } else { 3 };
    let first = if mistake == "a doubled first wait" && retries == 0 {
        2.0
    } else {
        1.0
    };
    let unit = if mistake == "hours" { 3600.0 } else { 1.0 };
    let scheduled = WAITS.get(retries).unwrap_or(&1.0) * first * unit;
    let asked = header(response).map(|value| seconds(mistake, value));
    let wait = match code {
        "429" => asked??,
        "503" if mistake == "no header on 503" => scheduled,
        "503" => match asked.flatten() {
            Some(0.0) | None => scheduled,
            Some(wait) => wait,
        },
        "502" => scheduled,
        "500" if mistake == "500 is retried" => scheduled,
        "200" if mistake == "200 is retried" && retries == 1 => scheduled,
        _ => return None,
    };
    (retries < limit && wait <= 86_400.0).then_some(wait)
}

fn header(response: &str) -> Option<&str> {
    let mut lines = response.lines();
    lines.find_map(|line| line.strip_prefix("Retry-After: "))
}

/// Returns what the header asks for, or nothing if it is invalid.
fn seconds(mistake: &str, value: &str) -> Option<f64> {
    if let Ok(seconds) = value.parse::<f64>() {
        let unit = if mistake == "milliseconds" {
            0.001
        } else {
            1.0
        };
        return (seconds >= 0.0 && !value.starts_with('-')).then_some(seconds * unit);
    }
    if !value.contains(':') {
        return None;
    }
    // The test has no parser of dates, but knows how far ahead they are: by 2 s, on the second.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let passed = f64::from(now.subsec_millis()) / 1000.0;
    match mistake {
        "dates" => Some((2.0 - passed) / 1000.0),
        _ => Some(2.0 - passed),
    }
}

/// Runs the client with a mistake.
fn conform(folder: &Folder, arguments: &[&str], mistake: &str) -> Ended {
    folder.write("table.yaml", TABLE);
    let exe = env::current_exe().unwrap();
    let exe = exe.to_str().unwrap();
    let client = ["--", exe, "--exact", "client", "--ignored", "--quiet"];
    let arguments = [&["conform", "table.yaml"], arguments, &client].concat();
    folder.run_with(&arguments, &[(MISTAKE, mistake)])
}

/// Returns the scenarios with this verdict.
fn with_verdict(json: &Value, verdict: &str) -> Vec<String> {
    let scenarios = json["scenarios"].as_array().unwrap().iter();
    let names = scenarios.filter(|scenario| scenario["verdict"] == verdict);
    let names = names.map(|scenario| scenario["name"].as_str().unwrap().to_owned());
    names.collect()
}

/// Whether a mistake shows in a scenario.
type Shows = fn(&str) -> bool;

/// Returns the value of `Retry-After` in a scenario.
fn value(name: &str) -> Option<&str> {
    Some(
        name.split_once("Retry-After: ")?
            .1
            .split(", ")
            .next()
            .unwrap(),
    )
}

/// Whether the header asks for a wait, and by a number.
fn is_number(name: &str) -> bool {
    value(name).is_some_and(|value| {
        value.starts_with(['1', '2']) && value.len() < 30 && !is_too_long(name)
    }) || value(name).is_some_and(|value| value.contains("two lines"))
}

fn is_date(name: &str) -> bool {
    value(name).is_some_and(|value| value.starts_with("a date"))
}

fn is_too_long(name: &str) -> bool {
    value(name).is_some_and(|value| value.starts_with("1000"))
}

/// Whether the row has a schedule, and no header replaces it.
fn is_scheduled(name: &str) -> bool {
    let is_asked = is_number(name) || is_date(name) || is_too_long(name);
    name.starts_with("502") || (name.starts_with("503") && !is_asked)
}

/// Whether the client sends a second request, and at least one more is due if it fails again.
fn is_retried(name: &str) -> bool {
    let is_zero = value(name) == Some("0");
    let is_asked = is_number(name) || is_date(name) || is_zero;
    is_scheduled(name) || ((name.starts_with("429") || name.starts_with("503")) && is_asked)
}

#[test]
fn each_mistake_shows_where_it_belongs() {
    let mistakes: [(&str, i32, Shows); 8] = [
        ("none", 0, |_| false),
        ("milliseconds", 1, |name| {
            is_number(name) && (name.starts_with("429") || name.starts_with("503"))
        }),
        ("500 is retried", 1, |name| name.starts_with("500")),
        ("no header on 503", 1, |name| {
            // Two lines may be read as one, which is invalid.
            let is_asked = value(name).is_some_and(|value| !value.contains("two lines"));
            name.starts_with("503") && is_asked && !is_scheduled(name)
        }),
        ("six retries", 1, |name| {
            name.ends_with("forever") && is_retried(name)
        }),
        ("a doubled first wait", 1, is_scheduled),
        ("dates", 1, is_date),
        ("200 is retried", 1, |name| {
            name.ends_with("then 200") && is_retried(name)
        }),
    ];
    thread::scope(|scope| {
        for (mistake, status, shows) in mistakes {
            scope.spawn(move || {
                let folder = Folder::new(mistake);
                let ended = conform(&folder, &["--format", "json"], mistake).with(status);
                let found = ended.json();
                let all = found["scenarios"].as_array().unwrap().iter();
                let names = all.map(|scenario| scenario["name"].as_str().unwrap());
                let expected: Vec<&str> = names.filter(|name| shows(name)).collect();
                let wrong = with_verdict(&found, "wrong");
                assert_eq!(wrong, expected, "{mistake}: {}", ended.out);
                assert_eq!(found["wrong"], expected.len(), "{mistake}");
                assert_eq!(found["unseen"], 0, "{mistake}: {}", ended.out);
                assert_eq!(expected.is_empty(), mistake == "none");
            });
        }
    });
}

#[test]
fn what_patience_does_not_show_is_unseen() {
    let folder = Folder::new("patience");
    let arguments = ["--only", "502,500", "--patience", "2s", "--format", "json"];
    let found = conform(&folder, &arguments, "none").with(0).json();
    assert_eq!(with_verdict(&found, "unseen"), ["502, forever"]);
    let scenario = &found["scenarios"][0];
    assert_eq!(scenario["due_seconds"], serde_json::json!([1.0, 2.0, 1.0]));
    assert_eq!(scenario["seen_seconds"].as_array().unwrap().len(), 1);
    assert_contains(scenario["detail"].as_str().unwrap(), "no retry 2 in ");
    assert_eq!((&found["ok"], &found["unseen"]), (&4.into(), &1.into()));
}

#[test]
fn only_names_codes_classes_and_transport() {
    let folder = Folder::new("only");
    let names = |only: &str| {
        let arguments = ["--only", only, "--patience", "9s", "--format", "json"];
        let found = conform(&folder, &arguments, "none").with(0).json();
        with_verdict(&found, "ok")
    };
    assert_eq!(
        names("404"),
        ["404, forever", "404, Retry-After: 2, then 200"]
    );
    let class = names("4XX");
    assert_eq!(class[0], "429, forever");
    assert_eq!(class[class.len() - 2], "490 (no row), forever");
    assert_eq!(names("404, 404").len(), 2);
    assert_eq!(
        names("transport"),
        [
            "reset before the response, then 200",
            "reset within the head, then 200",
            "reset within the body, then 200",
            "reset after the response, forever"
        ]
    );
    let refused = conform(&folder, &["--only", "99"], "none").with(2);
    assert_contains(&refused.err, "`99` is not a status code");
    let refused = conform(&folder, &["--only", "connect"], "none").with(2);
    assert_contains(&refused.err, "leave `connect` out");
}

#[test]
fn each_format_has_the_verdicts() {
    let folder = Folder::new("formats");
    let only = ["--only", "500"];
    let text = conform(&folder, &only, "500 is retried").with(1).out;
    assert_eq!(
        text,
        "Example, 30 s of patience\n\n\
         wrong   500, forever: sent again 3 times; never was due\n\
         wrong   500, Retry-After: 2, then 200: sent again 1 time; never was due\n\n\
         2 scenarios: 0 ok, 2 wrong, 0 unseen\n"
    );
    let junit = [&only[..], &["--format", "junit"]].concat();
    let xml = conform(&folder, &junit, "500 is retried").with(1).out;
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failures = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"));
    let messages: Vec<_> = failures
        .map(|node| node.attribute("message").unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "sent again 3 times; never was due",
            "sent again 1 time; never was due"
        ]
    );
    let suite = document
        .descendants()
        .find(|node| node.has_tag_name("testsuite"));
    assert_eq!(suite.unwrap().attribute("failures"), Some("2"));
}

/// Runs a shell's command, and returns what is printed.
#[cfg(unix)]
fn shell(folder: &Folder, script: &str, status: i32) -> Ended {
    folder.write("table.yaml", TABLE);
    let arguments = [
        "conform",
        "table.yaml",
        "--only",
        "500",
        "--patience",
        "2s",
        "--",
    ];
    folder
        .run(&[&arguments[..], &["sh", "-c", script]].concat())
        .with(status)
}

#[cfg(unix)]
#[test]
fn what_is_no_client_gets_a_verdict() {
    let folder = Folder::new("no_client");
    let ended = shell(&folder, "echo cannot find it >&2; exit 3", 1);
    assert_contains(
        &ended.out,
        "wrong   500, forever: no request came; the command ended after ",
    );
    assert_contains(&ended.out, " with exit status 3: cannot find it\n");
    assert_contains(&ended.err, "error: no request came: send it to ");
    let ended = shell(&folder, "sleep 77", 1);
    assert_contains(&ended.out, "unseen  500, forever: no request came\n");
    let command = ["conform", "table.yaml", "--", "./not-there"];
    let ended = folder.run(&command).with(2);
    assert_contains(&ended.err, "error: cannot run ./not-there: ");
    let quoted = folder
        .run(&["conform", "table.yaml", "--", "curl {url}"])
        .with(2);
    assert_contains(
        &quoted.err,
        "leave out the quotes around the command, or write `sh -c",
    );
    let assigned = folder
        .run(&["conform", "table.yaml", "--", "A={url}", "curl"])
        .with(2);
    assert_contains(&assigned.err, "write `env NAME=VALUE COMMAND`");
    assert_eq!(ended.out, "");
    let ended = folder.run(&["conform", "table.yaml"]).with(2);
    assert_contains(&ended.err, "<COMMAND>...");
}

/// Returns how many processes have this in their command line.
#[cfg(target_os = "linux")]
fn running(mark: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines
        .filter(|line| line.starts_with(format!("sleep\0{mark}").as_bytes()))
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_running() {
    let folder = Folder::new("left");
    // One that is awaited, one that is not, one whose parent is gone, and one that left its group.
    shell(&folder, "sleep 7101 & (sleep 7102 &) ; sleep 7103", 1);
    let ended = shell(&folder, "setsid sleep 7104 & (sleep 7105 &) ; exit 0", 1);
    // What still runs may still send.
    assert_contains(&ended.out, "unseen  500, forever: no request came\n");
    assert_eq!(
        (7101..=7105)
            .map(|n| running(&n.to_string()))
            .sum::<usize>(),
        0
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_can_clean_up() {
    let folder = Folder::new("clean");
    shell(
        &folder,
        "trap 'echo done >> cleaned; exit' TERM; sleep 7107 & wait",
        1,
    );
    assert_eq!(folder.read("cleaned"), "done\n".repeat(2));
}

#[cfg(unix)]
#[test]
fn a_crash_is_not_a_conforming_end() {
    let folder = Folder::new("crash");
    folder.write("table.yaml", TABLE);
    let exe = env::current_exe().unwrap();
    let script = format!(
        "{} --exact client --ignored --quiet; kill -SEGV $$",
        exe.display()
    );
    let ended = shell(&folder, &script, 0);
    assert_contains(&ended.out, "unseen  500, forever: the command ended after ");
    assert_contains(&ended.out, " with signal 11 (SIGSEGV)");
}

#[cfg(unix)]
#[test]
fn what_stderr_says_is_printable() {
    let folder = Folder::new("printable");
    folder.write("table.yaml", TABLE);
    let script = "printf 'red \\033[31m \\357\\277\\277\\357\\277\\276%0999d' 1 >&2; exit 1";
    let options = [
        "conform",
        "table.yaml",
        "--only",
        "500",
        "--format",
        "junit",
        "--",
    ];
    let xml = folder
        .run(&[&options[..], &["sh", "-c", script]].concat())
        .with(1)
        .out;
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"));
    let message = failure.unwrap().attribute("message").unwrap();
    assert!(
        message.contains(": red [31m 0000") && message.ends_with("..."),
        "{message}"
    );
    assert!(message.len() < 400);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_prints_what_is_known() {
    let folder = Folder::new("ctrl_c");
    folder.write("table.yaml", TABLE);
    let child = Command::new(env!("CARGO_BIN_EXE_retrospec"))
        .args([
            "conform",
            "table.yaml",
            "--jobs",
            "2",
            "--",
            "sh",
            "-c",
            "sleep 7106",
        ])
        .current_dir(folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while running("7106") < 2 {
        assert!(begin.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(10));
    }
    let signal = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(signal.unwrap().success());
    let ended = Ended::new(child.wait_with_output().unwrap()).with(2);
    assert_contains(&ended.out, "40 scenarios: 0 ok, 0 wrong, 40 unseen");
    assert_contains(&ended.out, ": no request came; interrupted\n");
    assert_contains(&ended.out, ": not run: interrupted\n");
    assert_contains(
        &ended.err,
        "error: interrupted before all scenarios were done",
    );
    assert_eq!(running("7106"), 0);
}

#[test]
fn the_longest_scenarios_run_first() {
    let folder = Folder::new("order");
    folder.write("table.yaml", TABLE);
    let exe = env::current_exe().unwrap();
    let options = ["--only", "500,502", "--jobs", "1", "--patience", "2s"];
    let client = ["--exact", "client", "--ignored", "--quiet"];
    let command = ["conform", "table.yaml"];
    let arguments = [
        &command,
        &options[..],
        &["--", exe.to_str().unwrap()],
        &client,
    ]
    .concat();
    folder.run_with(&arguments, &[(ORDER, "order")]).with(0);
    assert_eq!(folder.read("order"), "502\n502\n502\n500\n500\n");
}

#[test]
fn a_hundred_scenarios_run_side_by_side() {
    // Two of the rows wait for an hour, which nobody awaits. The others end at once.
    let row = |code: u16| format!("  - {{code: {code}, name: Row {code}, retry: never}}\n");
    let rows = (550..580).map(row).collect::<Vec<_>>().concat();
    let table = TABLE.replace("[1s, 2s, 1s]", "[1h, 1h, 1h]");
    let folder = Folder::new("hundred");
    folder.write(
        "hundred.yaml",
        table.replace("unlisted", &(rows + "unlisted")),
    );
    let exe = env::current_exe().unwrap();
    let exe = exe.to_str().unwrap();
    let begin = Instant::now();
    let options = ["--patience", "5s", "--jobs", "32", "--format", "json"];
    let client = ["--", exe, "--exact", "client", "--ignored", "--quiet"];
    let arguments = [&["conform", "hundred.yaml"], &options[..], &client].concat();
    let found = folder.run_with(&arguments, &[(MISTAKE, "hours")]).json();
    let (count, took) = (
        found["scenarios"].as_array().unwrap().len(),
        begin.elapsed(),
    );
    println!("{count} scenarios with 5 s of patience took {took:.1?}");
    assert_eq!((count, &found["wrong"]), (100, &0.into()));
    let unseen = with_verdict(&found, "unseen");
    let is_scheduled = |name: &String| name.starts_with("502") || name.starts_with("503");
    assert!(unseen.iter().all(is_scheduled), "{unseen:?}");
    assert!(unseen.len() > 5, "{unseen:?}");
}
