//! `retrospec verify`: a spec against a saved copy of its page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::slice;

use retrospec_codegen::internal::disk::{self, Change, slashed};
use retrospec_codegen::internal::model::Model;
use retrospec_codegen::internal::page::{self, Difference, Fingerprints, Page};
use retrospec_codegen::internal::terminal::{Failure, print, say};

use crate::generate::quoted;
use crate::input;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table, in YAML; `-` is standard input.
    spec: PathBuf,
    /// A saved copy of its page: HTML, Markdown or plain text; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    page: PathBuf,
    /// Write fingerprints of the page's rows beside the spec, so that later runs notice a changed text.
    #[arg(long)]
    update: bool,
}

/// Reads and compares first, so that whatever is wrong stops the run before it writes.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (spec, file) = (&arguments.spec, &arguments.page);
    input::check_stdin(&[spec, file])?;
    let kept = kept_path(spec);
    if arguments.update && kept.is_none() {
        let message = "standard input has no place for fingerprints: give the spec as a file, or leave --update out";
        return Err(message.into());
    }
    let (source, model) = input::model(spec)?;
    let page = read(file)?;
    let old = kept.as_deref().map(disk::read_text).transpose()?.flatten();
    let known = match (&old, &kept) {
        (Some(text), Some(path)) => Some(fingerprints(path, text)?),
        _ => None,
    };
    let found = page::verify(&model, &page, known.as_ref());
    let now = Fingerprints::of(&page, &model);
    match kept {
        Some(path) if arguments.update => update(path, old, &now, &found)?,
        kept if known.is_none() => say(&note(kept.as_deref(), &model)),
        _ => {}
    }
    let left = found
        .iter()
        .filter(|found| !arguments.update || !found.ends_with_update());
    let left: Vec<&Difference> = left.collect();
    if left.is_empty() {
        return print(&agreement(source.name(), &now, &input::name(file)));
    }
    for found in &left {
        print(&format!("{found}\n"))?;
    }
    say(&advice(arguments, source.name(), left.len()));
    Err(Failure::Refused)
}

/// Writes the fingerprints, and says which differences end with that.
fn update(
    path: PathBuf,
    old: Option<String>,
    now: &Fingerprints,
    found: &[Difference],
) -> Result<(), Failure> {
    let change = Change::of(path, old, now.to_json());
    disk::apply(slice::from_ref(&change))?;
    for accepted in found.iter().filter(|found| found.ends_with_update()) {
        print(&format!("accepted   {accepted}\n"))?;
    }
    let (done, path) = (change.kind().done(), slashed(&change.path));
    print(&format!("{done:9}  {path}\n"))
}

/// Returns the file beside a spec that holds its fingerprints, or `None` for standard input.
fn kept_path(spec: &Path) -> Option<PathBuf> {
    (!input::is_stdin(spec)).then(|| spec.with_extension("page.json"))
}

fn read(file: &Path) -> Result<Page, Failure> {
    let bytes = input::bytes(file, page::MAX_BYTES)?;
    page::read(&bytes).map_err(|fault| {
        say(&format!("error: {}: {fault}\n", input::name(file)));
        Failure::Refused
    })
}

fn fingerprints(path: &Path, text: &str) -> Result<Fingerprints, Failure> {
    Fingerprints::parse(text).map_err(|message| {
        let path = slashed(path);
        let help = "move the file away, and run with --update";
        say(&format!("error: {path}: {message}: {help}\n"));
        Failure::Refused
    })
}

/// Says what goes unnoticed without fingerprints.
fn note(kept: Option<&Path>, model: &Model) -> String {
    let mut note = match kept {
        Some(path) => format!(
            "note: without {} a changed text goes unnoticed: run once with --update\n",
            slashed(path)
        ),
        None => "note: standard input has no place for fingerprints, without which a changed text goes unnoticed: \
                 give the spec as a file\n"
            .to_owned(),
    };
    if let sources @ 2.. = model.sources.len() {
        let _ = writeln!(
            note,
            "note: the spec has {sources} sources: a row or a wait that is not on this page may be from another"
        );
    }
    note
}

fn agreement(spec: &str, now: &Fingerprints, file: &str) -> String {
    let count = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let rows = count(now.rows(), "row");
    let waits = match now.waits() {
        0 => String::new(),
        waits => format!(" and {}", count(waits, "wait")),
    };
    format!("{spec}: {rows}{waits} as in {file}\n")
}

fn advice(arguments: &Arguments, spec: &str, count: usize) -> String {
    let page = input::name(&arguments.page);
    let places = match count {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let differ = format!("error: {spec} and {page} differ in {places}");
    if arguments.update || input::is_stdin(&arguments.spec) {
        return format!("{differ}: read the page again, and change the spec\n");
    }
    let (spec, page) = (quoted(spec), quoted(&slashed(&arguments.page)));
    format!(
        "{differ}: read the page again and change the spec, then run `retrospec verify {spec} --page {page} --update`\n"
    )
}
