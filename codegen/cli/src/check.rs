//! `retrospec check`: every mistake of any number of specs.

use std::path::{Path, PathBuf};

use retrospec_codegen::internal::disk::slashed;
use retrospec_codegen::internal::terminal::{Failure, print, report, say};
use retrospec_codegen::{Diagnostic, Source};
use serde_json::{Value, json};

use crate::{Format, input};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The tables, in YAML; `-` is standard input.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Checks every spec, and fails after the last one.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let paths: Vec<&Path> = arguments.specs.iter().map(PathBuf::as_path).collect();
    input::check_stdin(&paths)?;
    let mut found = Vec::new();
    let mut failure = None;
    for path in &arguments.specs {
        let source = match input::read(path) {
            Ok(source) => source,
            Err(Failure::Message(message)) => {
                say(&format!("error: {message}\n"));
                found.push(json!({
                    "file": slashed(path),
                    "code": null,
                    "severity": "error",
                    "message": message,
                    "labels": [],
                    "help": null,
                }));
                failure = Some(Failure::Reported);
                continue;
            }
            Err(other) => return Err(other),
        };
        let checked = retrospec_codegen::check(&source);
        if arguments.format == Format::Json {
            let diagnostics = checked.diagnostics.iter();
            found.extend(diagnostics.map(|diagnostic| to_json(diagnostic, &source)));
        } else {
            report(&checked.diagnostics, &source);
        }
        match checked.model {
            Some(model) if arguments.format == Format::Text => {
                let rows = model.rows.len() + model.classes.len();
                let rows = match rows {
                    1 => "1 row".to_owned(),
                    rows => format!("{rows} rows"),
                };
                let name = source.name();
                print(&format!("{name}: {}, {rows}, no errors\n", model.api))?;
            }
            Some(_) => {}
            None => failure = failure.or(Some(Failure::Refused)),
        }
    }
    if arguments.format == Format::Json {
        print(&format!("{:#}\n", Value::Array(found)))?;
    }
    failure.map_or(Ok(()), Err)
}

fn to_json(diagnostic: &Diagnostic, source: &Source) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let (line, column) = source.position(label.span.start);
            let (end_line, end_column) = source.position(label.span.end);
            json!({
                "line": line,
                "column": column,
                "end_line": end_line,
                "end_column": end_column,
                "text": label.text,
            })
        })
        .collect();
    json!({
        "file": source.name(),
        "code": diagnostic.code.id(),
        "severity": diagnostic.code.severity().to_string(),
        "message": diagnostic.message,
        "labels": labels,
        "help": diagnostic.help,
    })
}
