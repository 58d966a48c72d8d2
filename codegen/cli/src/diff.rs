use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::PathBuf;

use retrospec_codegen::diff::{self, Bump, Difference};
use serde_json::{Value, json};

use crate::output::{print, say};
use crate::{Failure, Format, input};

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
    let differences = diff::diff(&old, &new);
    let required = diff::required_bump(&old, &differences);
    let actual = diff::actual_bump(&old, &new);
    let enough = actual >= required && new.version >= old.version;
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
            "old_version": old.version.to_string(),
            "new_version": new.version.to_string(),
            "required_bump": required.to_string(),
            "actual_bump": actual.to_string(),
            "enough": enough,
            "needed_version": diff::bumped(&old.version, required).to_string(),
        });
        print(&format!("{result:#}\n"))?;
    } else {
        print(&text(&differences, required))?;
    }
    if enough {
        return Ok(());
    }
    let needed = diff::bumped(&old.version, required);
    let went = match new.version.cmp(&old.version) {
        Ordering::Equal => format!("is still {}", old.version),
        _ => format!("went from {} to {}", old.version, new.version),
    };
    let file = arguments.new.display();
    say(&format!(
        "error: `version` {went}: write `version: {needed}` in {file}\n"
    ));
    Err(Failure::Content)
}

fn text(differences: &[Difference], required: Bump) -> String {
    let lines = differences.iter().map(|difference| {
        let Difference {
            impact,
            place,
            change,
        } = difference;
        format!("{impact:8}  {place}: {change}\n")
    });
    let mut text: String = lines.collect();
    match required {
        Bump::None => text.push_str("nothing changed for clients\n"),
        required => {
            let _ = writeln!(text, "\n`version` needs a {required} bump");
        }
    }
    text
}
