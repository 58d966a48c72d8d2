//! `retrospec diff`: what changed, and whether `version` grew enough.

use std::path::PathBuf;

use retrospec_codegen::internal::terminal::{Failure, print, say};
use retrospec_codegen::internal::update::Update;
use serde_json::{Value, json};

use crate::{Format, input};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table that clients have; `-` is standard input.
    old: PathBuf,
    /// The table that they are to get; `-` is standard input.
    new: PathBuf,
    /// How to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    input::check_stdin(&[&arguments.old, &arguments.new])?;
    let (old, new) = (input::draft(&arguments.old), input::draft(&arguments.new));
    let ((_, old), (_, new)) = (old?, new?);
    let update = Update::between(&old, &new);
    match arguments.format {
        Format::Json => print(&format!("{:#}\n", json(&update)))?,
        Format::Text => print(&update.text())?,
    }
    match update.error(&arguments.new.display().to_string()) {
        None => Ok(()),
        Some(error) => {
            say(&error);
            Err(Failure::Refused)
        }
    }
}

fn json(update: &Update) -> Value {
    let changes = update.differences.iter().map(|difference| {
        json!({
            "impact": difference.impact.to_string(),
            "place": difference.place,
            "change": difference.change,
        })
    });
    json!({
        "changes": changes.collect::<Vec<Value>>(),
        "old_version": update.old.to_string(),
        "new_version": update.new.to_string(),
        "required_bump": update.required.to_string(),
        "actual_bump": update.actual().to_string(),
        "draft": update.is_draft,
        "enough": update.is_enough(),
        "needed_version": update.needed().to_string(),
    })
}
