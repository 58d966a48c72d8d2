use std::path::PathBuf;

use retrospec_codegen::{Diagnostic, Severity, Source};
use serde_json::{Value, json};

use crate::output::print;
use crate::{Failure, Format, input};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The tables, in YAML.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Every spec is read before one that is wrong ends the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut found = Vec::new();
    let mut all_right = true;
    for path in &arguments.specs {
        let source = input::read(path)?;
        let checked = retrospec_codegen::check(&source);
        all_right &= checked.model.is_some();
        if arguments.format == Format::Json {
            found.extend(
                checked
                    .diagnostics
                    .iter()
                    .map(|diagnostic| to_json(diagnostic, &source)),
            );
            continue;
        }
        input::say(&checked.diagnostics, &source);
        if let Some(model) = checked.model {
            let rows = model.rows.len() + model.classes.len();
            let line = format!("{}: {}, {rows} rows, no errors\n", source.name(), model.api);
            print(&line)?;
        }
    }
    if arguments.format == Format::Json {
        print(&format!("{:#}\n", Value::Array(found)))?;
    }
    if all_right {
        Ok(())
    } else {
        Err(Failure::Content)
    }
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
    let severity = match diagnostic.code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "file": source.name(),
        "code": diagnostic.code.id(),
        "severity": severity,
        "message": diagnostic.message,
        "labels": labels,
        "help": diagnostic.help,
    })
}
