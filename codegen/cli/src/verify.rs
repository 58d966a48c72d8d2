//! `retrospec verify`: a spec and a saved copy of its page, compared.

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
    check_arguments(arguments)?;
    let kept = kept_path(spec);
    let source = input::read(spec)?;
    if is_html(source.text()) {
        let name = source.name();
        let message = format!(
            "expected a spec in YAML, found HTML in {name}: the spec comes first, as in `retrospec verify SPEC --page FILE`"
        );
        return Err(message.into());
    }
    let (source, model) = input::model_of(source)?;
    let page = read(file)?;
    let old = kept.as_deref().map(kept_text).transpose()?.flatten();
    let known = match (&old, &kept) {
        (Some(text), Some(path)) => Some(fingerprints(path, text)?),
        _ => None,
    };
    let found = page::verify(&model, &page, known.as_ref());
    let now = Fingerprints::of(&page, &model);
    let agreement = agreement(source.name(), &now, &input::name(file));
    match kept {
        Some(path) if arguments.update => {
            let mut now = now;
            if let Some(known) = &known {
                now.keep(known, &found);
            }
            update(path, old, &now, &found)?;
        }
        kept if known.is_none() => say(&note(kept.as_deref(), &model)),
        _ => {}
    }
    let left = found
        .iter()
        .filter(|found| !arguments.update || !found.ends_with_update());
    let left: Vec<&Difference> = left.collect();
    if left.is_empty() {
        return print(&agreement);
    }
    for found in &left {
        print(&format!("{found}\n"))?;
    }
    say(&advice(arguments, source.name(), &left));
    if let Some(doubt) = known.and_then(|known| page::doubt(&found, &known)) {
        say(&format!("note: {doubt}\n"));
    }
    Err(Failure::Refused)
}

fn check_arguments(arguments: &Arguments) -> Result<(), Failure> {
    let (spec, file) = (&arguments.spec, &arguments.page);
    input::check_stdin(&[spec, file])?;
    if arguments.update && input::is_stdin(spec) {
        let message = "standard input has no place for fingerprints: give the spec as a file, or leave --update out";
        return Err(message.into());
    }
    let url = file.to_string_lossy();
    if url.starts_with("http://") || url.starts_with("https://") {
        let message = "expected a file, found an address: download it first, as with `curl --location --output page.html`";
        return Err(message.into());
    }
    Ok(())
}

/// Returns whether a spec is a page of HTML instead: no YAML of a spec begins with a tag.
fn is_html(text: &str) -> bool {
    text.trim_start().starts_with('<')
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

/// Returns the text of a file of fingerprints. One without a byte was begun and not finished.
fn kept_text(path: &Path) -> Result<Option<String>, Failure> {
    match disk::read_text(path) {
        Err(disk::Error::Foreign(_)) => Err(not_fingerprints(
            path,
            "expected fingerprints of a page, found bytes that are not UTF-8",
        )),
        read => Ok(read?.filter(|text| !text.trim().is_empty())),
    }
}

fn read(file: &Path) -> Result<Page, Failure> {
    let bytes = input::bytes(file, page::MAX_BYTES)?;
    page::read(&bytes).map_err(|fault| {
        say(&format!("error: {}: {fault}\n", input::name(file)));
        Failure::Refused
    })
}

fn fingerprints(path: &Path, text: &str) -> Result<Fingerprints, Failure> {
    Fingerprints::parse(text).map_err(|message| not_fingerprints(path, &message))
}

fn not_fingerprints(path: &Path, message: &str) -> Failure {
    let path = slashed(path);
    let help = "move the file away, and run with --update";
    say(&format!("error: {path}: {message}: {help}\n"));
    Failure::Refused
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
    format!("{spec}: {rows}{waits} compared, all as in {file}\n")
}

fn advice(arguments: &Arguments, spec: &str, left: &[&Difference]) -> String {
    let page = input::name(&arguments.page);
    let places = match left.len() {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let differ = format!("error: {spec} and {page} differ in {places}: read the page again");
    if arguments.update || input::is_stdin(&arguments.spec) {
        return format!("{differ}, and change the spec\n");
    }
    let (spec, page) = (quoted(spec), quoted(&slashed(&arguments.page)));
    let command = format!("run `retrospec verify {spec} --page {page} --update`");
    // Only texts have changed, and the spec has none of them.
    if left.iter().all(|found| found.ends_with_update()) {
        return format!("{differ}, and if the spec is still right, {command}\n");
    }
    format!("{differ} and change the spec, then {command}\n")
}
