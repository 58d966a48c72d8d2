//! `retrospec diff`: what changed, and whether `version` grew enough.

use std::fmt::Write as _;
use std::path::PathBuf;

use retrospec_codegen::internal::diff::{Difference, diff};
use retrospec_codegen::internal::terminal::{Failure, print, say};
use retrospec_codegen::internal::version::{Bump, actual_bump, bumped, is_enough, required_bump};
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
    let (old, new) = (input::model(&arguments.old), input::model(&arguments.new));
    let ((_, old), (_, new)) = (old?, new?);
    let differences = diff(&old, &new);
    let (old, new) = (old.version, new.version);
    let required = required_bump(&old, &differences);
    let needed = bumped(&old, required);
    let enough = is_enough(&old, &new, required);
    if arguments.format == Format::Json {
        let changes: Vec<Value> = differences
            .iter()
            .map(|difference| {
                json!({
                    "impact": difference.impact.to_string(),
                    "place": difference.place,
                    "change": difference.change,
                })
            })
            .collect();
        let result = json!({
            "changes": changes,
            "old_version": old.to_string(),
            "new_version": new.to_string(),
            "required_bump": required.to_string(),
            "actual_bump": actual_bump(&old, &new).to_string(),
            "enough": enough,
            "needed_version": needed.to_string(),
        });
        print(&format!("{result:#}\n"))?;
    } else {
        print(&text(&differences, required))?;
    }
    if enough {
        return Ok(());
    }
    let went = if new == old {
        format!("is still {old}")
    } else {
        format!("went from {old} to {new}")
    };
    let file = arguments.new.display();
    say(&format!(
        "error: `version` {went}: write `version: {needed}` in {file}\n"
    ));
    Err(Failure::Refused)
}

fn text(differences: &[Difference], required: Bump) -> String {
    let mut text = String::new();
    for difference in differences {
        let _ = writeln!(text, "{difference}");
    }
    match required {
        Bump::None => text.push_str("nothing changed for clients\n"),
        required => {
            let _ = writeln!(text, "\n`version` needs a {required} bump");
        }
    }
    text
}
