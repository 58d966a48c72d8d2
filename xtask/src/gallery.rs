//! The page that lists the gallery's specs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use retrospec_codegen::internal::disk::{self, Change};
use retrospec_codegen::internal::model::{Assumed, Model};
use retrospec_codegen::internal::terminal::{Failure, report};
use retrospec_codegen::{Source, check};

const SPECS: &str = "spec/gallery";
const PAGE: &str = "spec/gallery/README.md";

/// Compares the page with what the specs say, or reports the errors of the specs.
pub(crate) fn compare(specs: &[PathBuf]) -> Result<Change, Failure> {
    let mut models = Vec::new();
    let mut is_refused = false;
    for path in specs {
        let source = Source::from_bytes(disk::slashed(path), &disk::read_spec(path)?);
        let checked = check(&source);
        report(&checked.diagnostics, &source);
        match checked.model {
            Some(model) => models.push((path.as_path(), model)),
            None => is_refused = true,
        }
    }
    if is_refused {
        return Err(Failure::Refused);
    }
    let sections = [(SPECS, page(&models))];
    Ok(disk::compare_sections(Path::new(PAGE), &sections)?)
}

fn page(models: &[(&Path, Model)]) -> String {
    let mut text = String::from("| API | Rows | Assumed | Source |\n|---|---|---|---|\n");
    for (path, model) in models {
        let file = path.file_name().unwrap_or_default().display();
        let rows = model.rows.len() + model.classes.len();
        let sources = model
            .sources
            .iter()
            .map(|source| format!("[{}](<{}>)", source.title, source.url));
        let sources: Vec<String> = sources.collect();
        let _ = writeln!(
            text,
            "| [{}]({file}) | {rows} | {} | {} |",
            model.api,
            assumed(model),
            sources.join("; ")
        );
    }
    let values: usize = models
        .iter()
        .map(|(_, model)| model.all_assumed().len())
        .sum();
    let _ = write!(
        text,
        "\n{} tables, with {values} assumed values.\n",
        models.len()
    );
    text
}

fn assumed(model: &Model) -> String {
    let value = |Assumed { key, value }: Assumed| format!("`{key}: {value}`");
    let values: Vec<String> = model.all_assumed().into_iter().map(value).collect();
    if values.is_empty() {
        return "nothing".to_owned();
    }
    values.join(", ")
}
