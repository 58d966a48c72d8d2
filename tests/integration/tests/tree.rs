//! What `retrospec-client` adds to the dependencies of a program that has its HTTP client already.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The crates that a program with these dependencies is built from, each with its version.
fn crates(dependencies: &str) -> BTreeSet<String> {
    static PROGRAMS: AtomicU32 = AtomicU32::new(0);
    let name = format!("program-{}", PROGRAMS.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/main.rs"), "fn main() {}\n").unwrap();
    fs::copy(
        Path::new(ROOT).join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .unwrap();
    let manifest = format!(
        "[package]\nname = \"program\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let named = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    tree.lines().skip(1).map(named).collect()
}

fn client(feature: &str) -> String {
    format!("retrospec-client = {{ path = '{ROOT}/runtime/client', features = ['{feature}'] }}\n")
}

/// What is there with the feature and was not there without it.
fn added(feature: &str, program: &str) -> BTreeSet<String> {
    let without = crates(program);
    let with = crates(&(program.to_owned() + &client(feature)));
    with.difference(&without).cloned().collect()
}

const OURS: [&str; 2] = ["retrospec v0.1.0", "retrospec-client v0.1.0"];
const REQWEST: &str = "reqwest = { version = '0.13', default-features = false }\n";
const HTTP: &str = "http = '1'\n";
const TOWER: &str = "tower = { version = '0.5', default-features = false, features = ['retry'] }\n";

#[test]
fn the_client_adds_two_crates() {
    let ours = OURS.map(str::to_owned);
    let http_and_tower = format!("{HTTP}{TOWER}");
    for (feature, program) in [
        ("reqwest", REQWEST),
        (
            "reqwest-blocking",
            "reqwest = { version = '0.13', default-features = false, features = ['blocking'] }\n",
        ),
        (
            "reqwest-0-12",
            "reqwest = { version = '0.12', default-features = false }\n",
        ),
        (
            "reqwest-0-12-blocking",
            "reqwest = { version = '0.12', default-features = false, features = ['blocking'] }\n",
        ),
        ("tower", &http_and_tower),
        (
            "ureq",
            "ureq = { version = '3', default-features = false }\nhttp = '1'\n",
        ),
        (
            "hyper-util",
            "http = '1'\nhyper-util = { version = '0.1', features = ['client-legacy', 'http1'] }\n",
        ),
        (
            "reqwest-middleware",
            "reqwest-middleware = { version = '0.5', default-features = false }\n",
        ),
    ] {
        let added = added(feature, program);
        assert_eq!(added, BTreeSet::from(ours.clone()), "{feature}");
    }
}

#[test]
fn the_feature_tower_adds_tower() {
    let mut tower = crates(TOWER);
    tower.extend(OURS.map(str::to_owned));
    let added = added("tower", HTTP);
    assert!(added.is_subset(&tower), "{added:?}");
    assert!(
        added.iter().any(|name| name.starts_with("tower ")),
        "{added:?}"
    );
}
