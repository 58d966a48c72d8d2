//! Gets the packages of each language from its registry, into a folder below the target folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::peer::{Language, PEERS, Peer};
use crate::process::output;

const CLIENTS: &str = "benches/peers/clients";
/// These allow any use.
const LICENSES: [&str; 5] = [
    "Apache-2.0",
    "GPL-3.0-or-later",
    "MIT",
    "MIT OR Apache-2.0",
    "curl",
];
/// A program has no metadata: these are in its manual.
const LICENSES_OF_PROGRAMS: [(&str, &str); 2] = [("curl", "curl"), ("wget", "GPL-3.0-or-later")];

const PYTHON_METADATA: &str = "
import importlib.metadata, json, sys
found = {name: importlib.metadata.metadata(name) for name in sys.argv[1:]}
print(json.dumps([
    {'name': name, 'version': data['Version'], 'license': data['License-Expression'] or data['License']}
    for name, data in found.items()
]))
";

/// A package that is there.
#[derive(Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: String,
}

/// What is there, or why it is not.
pub(crate) struct Installed {
    programs: PathBuf,
    python: Result<PathBuf, String>,
    node: Result<PathBuf, String>,
    crates: Result<BTreeMap<String, Package>, String>,
}

impl Installed {
    /// Installs everything; `programs` is the folder with the programs in Rust.
    pub(crate) fn new(programs: &Path) -> Self {
        let folder = programs.join("peers");
        Self {
            programs: programs.to_owned(),
            python: python(&folder.join("python")),
            node: node(&folder.join("node")),
            crates: crates(),
        }
    }

    /// Returns the packages of a client.
    pub(crate) fn packages(&self, peer: &Peer) -> Result<Vec<Package>, String> {
        let packages = match peer.language {
            Language::Shell => peer.packages.iter().map(|name| program(name)).collect(),
            Language::Python => of_python(self.python.as_ref()?, peer.packages),
            Language::JavaScript => {
                let folder = self.node.as_ref()?;
                let packages = peer.packages.iter();
                packages.map(|name| of_node(folder, name)).collect()
            }
            Language::Rust => {
                let crates = self.crates.as_ref()?;
                let find = |name: &&str| crates.get(*name).cloned();
                let found: Option<Vec<Package>> = peer.packages.iter().map(find).collect();
                found.ok_or_else(|| "a crate is not in Cargo.lock".to_owned())
            }
        }?;
        match packages.iter().find(|package| !is_free(package)) {
            None => Ok(packages),
            Some(Package { name, license, .. }) => Err(format!(
                "{name} has the license {license}, which is not known to allow any use"
            )),
        }
    }

    /// Returns the command that runs a client whose packages are there.
    pub(crate) fn command(&self, peer: &Peer) -> Result<Vec<String>, String> {
        let file = format!("{}.{}", peer.stem, peer.language.ending());
        let source = format!("{CLIENTS}/{file}");
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        Ok(match peer.language {
            Language::Shell => vec!["sh".to_owned(), source],
            Language::Python => vec![path(self.python.clone()?), source],
            Language::JavaScript => vec!["node".to_owned(), path(self.node.clone()?.join(file))],
            Language::Rust => vec![path(self.programs.join(peer.stem))],
        })
    }
}

fn is_free(package: &Package) -> bool {
    LICENSES.contains(&package.license.as_str())
}

/// Returns a program on the `PATH`, as it speaks of itself.
fn program(name: &str) -> Result<Package, String> {
    let said = output(Command::new(name).arg("--version"))?;
    let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    let version = said.split_whitespace().find(is_version);
    let license = LICENSES_OF_PROGRAMS.iter().find(|(of, _)| *of == name);
    Ok(Package {
        name: name.to_owned(),
        version: version.unwrap_or("of unknown version").to_owned(),
        license: license.map_or("unknown", |(_, license)| license).to_owned(),
    })
}

/// Returns the interpreter of an environment that has the packages.
fn python(folder: &Path) -> Result<PathBuf, String> {
    output(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let interpreter = folder.join("bin/python");
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    let requirements = format!("{CLIENTS}/requirements.txt");
    output(
        Command::new(&interpreter)
            .args(install)
            .args(["--requirement", &requirements]),
    )?;
    Ok(interpreter)
}

fn of_python(interpreter: &Path, names: &[&str]) -> Result<Vec<Package>, String> {
    let metadata = output(
        Command::new(interpreter)
            .args(["-c", PYTHON_METADATA])
            .args(names),
    )?;
    serde_json::from_str(&metadata).map_err(|error| format!("metadata of {names:?}: {error}"))
}

/// Returns a folder with the packages, and the clients beside them: Node.js looks for packages there only.
fn node(folder: &Path) -> Result<PathBuf, String> {
    let fail = |error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(fail)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(format!("{CLIENTS}/{name}"), folder.join(name)).map_err(fail)?;
    }
    for peer in PEERS
        .iter()
        .filter(|peer| peer.language == Language::JavaScript)
    {
        let file = format!("{}.{}", peer.stem, peer.language.ending());
        fs::write(folder.join(file), peer.text).map_err(fail)?;
    }
    output(Command::new("node").arg("--version"))?;
    let install = [
        "ci",
        "--engine-strict",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
    ];
    output(Command::new("npm").args(install).current_dir(folder))?;
    Ok(folder.to_owned())
}

fn of_node(folder: &Path, name: &str) -> Result<Package, String> {
    let path = folder.join("node_modules").join(name).join("package.json");
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| fail(&error))?;
    serde_json::from_str(&text).map_err(|error| fail(&error))
}

/// Returns what Cargo knows of the crates in the lock file.
fn crates() -> Result<BTreeMap<String, Package>, String> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Known>,
    }
    #[derive(Deserialize)]
    struct Known {
        name: String,
        version: String,
        license: Option<String>,
    }
    let manifest = ["--manifest-path", "benches/peers/Cargo.toml"];
    let metadata = output(
        Command::new("cargo")
            .args(["metadata", "--locked", "--format-version", "1"])
            .args(manifest),
    )?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let package = |known: Known| {
        let license = known.license.unwrap_or_else(|| "unknown".to_owned());
        let package = Package {
            name: known.name.clone(),
            version: known.version,
            license,
        };
        (known.name, package)
    };
    Ok(metadata.packages.into_iter().map(package).collect())
}
