//! Every spec of this repository into its crate, the README's tables, the gallery's page, and the lock files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use retrospec_codegen::internal::disk::{self, Change, Kind};
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::terminal::{Failure, print, report, say};
use retrospec_codegen::internal::{Target, crate_files, rows, show};
use retrospec_codegen::{Files, Source, check};

use crate::{gallery, history, locks};

const COMMAND: &str = "cargo xtask codegen";
const SPECS: &str = "spec";
const GALLERY: &str = "spec/gallery";
const CRATES: &str = "generated";
/// The table of the tests.
const TEST_SPEC: &str = "tests/table/spec.yaml";
const TEST_CRATE: &str = "tests/table";
const README: &str = "README.md";
/// The specs whose tables the README shows.
const README_TABLES: [&str; 1] = ["spec/memfault.yaml"];

/// A spec and the crate that is generated from it.
struct Output {
    spec: String,
    model: Model,
    root: PathBuf,
    files: Files,
}

/// Writes the files that the specs describe, or only reports those that differ.
pub(crate) fn run(check: bool) -> Result<(), Failure> {
    let outputs = generate_all()?;
    check_no_orphans(&outputs)?;
    let readme = compare_readme(&outputs)?;
    let mut changes = Vec::new();
    for output in &outputs {
        changes.extend(disk::compare(&output.root, &output.files)?);
    }
    changes.push(readme);
    changes.push(gallery::compare(&yaml_in(GALLERY)?)?);
    let versions: Vec<(&str, String)> = outputs
        .iter()
        .filter_map(|output| {
            Some((
                output.model.crate_name.as_deref()?,
                output.model.version.to_string(),
            ))
        })
        .collect();
    changes.extend(locks::compare(&versions)?);
    if check {
        return report_drift(&changes);
    }
    disk::apply(&changes)?;
    let mut text = String::new();
    for output in &outputs {
        let table = show(&output.model);
        let _ = writeln!(
            text,
            "{} -> {}\n\n{table}",
            output.spec,
            output.root.display()
        );
    }
    let mut unchanged = 0;
    for change in &changes {
        match change.kind() {
            Kind::Unchanged => unchanged += 1,
            kind => {
                let _ = writeln!(text, "{:9}  {}", kind.done(), change.path.display());
            }
        }
    }
    let _ = writeln!(text, "unchanged  {unchanged} files");
    print(&text)?;
    for spec in specs()? {
        print(&history::next(&spec)?)?;
    }
    Ok(())
}

/// Returns the specs of the tables that are shipped.
pub(crate) fn specs() -> Result<Vec<PathBuf>, Failure> {
    let specs = yaml_in(SPECS)?;
    if specs.is_empty() {
        return Err(format!("there is no spec: {SPECS}/*.yaml").into());
    }
    Ok(specs)
}

fn yaml_in(folder: &str) -> Result<Vec<PathBuf>, Failure> {
    paths_in(Path::new(folder), |path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    })
}

/// Reads every spec, and fails after the last one.
fn generate_all() -> Result<Vec<Output>, Failure> {
    let shipped = specs()?.into_iter().map(|spec| (spec, None));
    let of_tests = (PathBuf::from(TEST_SPEC), Some(PathBuf::from(TEST_CRATE)));
    let outputs: Vec<Option<Output>> = shipped
        .chain([of_tests])
        .map(|(spec, root)| generate(&spec, root))
        .collect::<Result<_, _>>()?;
    let outputs: Vec<Output> = outputs
        .into_iter()
        .collect::<Option<_>>()
        .ok_or(Failure::Refused)?;
    for (index, output) in outputs.iter().enumerate() {
        if let Some(twin) = outputs[..index]
            .iter()
            .find(|other| other.root == output.root)
        {
            say(&format!(
                "error: {} and {} both name the crate {}\n",
                twin.spec,
                output.spec,
                output.root.display()
            ));
            return Err(Failure::Refused);
        }
    }
    Ok(outputs)
}

/// Returns what is generated from a spec, or reports its errors and returns `None`. Without a `root`, the folder
/// is that of the crate's name.
fn generate(path: &Path, root: Option<PathBuf>) -> Result<Option<Output>, Failure> {
    let source = Source::from_bytes(disk::slashed(path), &disk::read_spec(path)?);
    let target = Target {
        spec: source.name().to_owned(),
        command: format!("`{COMMAND}`"),
        runtime_path: Some("../../runtime/engine".to_owned()),
    };
    let checked = check(&source);
    report(&checked.diagnostics, &source);
    let Some(model) = checked.model else {
        return Ok(None);
    };
    let named = model.crate_name.as_ref();
    let root = root.or_else(|| named.map(|name| Path::new(CRATES).join(name)));
    match crate_files(&model, &target) {
        Ok(files) => Ok(root.map(|root| Output {
            spec: source.name().to_owned(),
            root,
            model,
            files,
        })),
        Err(diagnostic) => {
            report(&[diagnostic], &source);
            Ok(None)
        }
    }
}

/// A crate without a spec is not removed: the spec may be missing by mistake.
fn check_no_orphans(outputs: &[Output]) -> Result<(), Failure> {
    let folders = paths_in(Path::new(CRATES), Path::is_dir)?;
    match folders
        .iter()
        .find(|folder| !outputs.iter().any(|output| output.root == **folder))
    {
        Some(folder) => Err(format!(
            "no spec in {SPECS}/ names the crate {}: restore the spec, or delete the folder",
            folder.display()
        )
        .into()),
        None => Ok(()),
    }
}

fn compare_readme(outputs: &[Output]) -> Result<Change, Failure> {
    let section = |spec: &&'static str| {
        let output = outputs.iter().find(|output| output.spec == *spec);
        let output =
            output.ok_or_else(|| format!("{spec}, whose table {README} shows, is missing"))?;
        Ok((*spec, rows(&output.model)))
    };
    let sections = README_TABLES.iter().map(section);
    let sections: Vec<(&str, String)> = sections.collect::<Result<_, String>>()?;
    Ok(disk::compare_sections(Path::new(README), &sections)?)
}

fn report_drift(changes: &[Change]) -> Result<(), Failure> {
    match disk::drift(changes, COMMAND) {
        None => print(&format!("{} files are as their specs say\n", changes.len())),
        Some(drift) => {
            print(&drift.diff)?;
            say(&drift.message);
            Err(Failure::Refused)
        }
    }
}

fn paths_in(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if wanted(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
