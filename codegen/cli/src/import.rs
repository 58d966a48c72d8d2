//! `retrospec import`: a draft of a table from an OpenAPI document.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use retrospec_codegen::internal::import::{MAX_DOCUMENT_BYTES, NoDraft, Request, draft};
use retrospec_codegen::internal::terminal::{Failure, print, say};

use crate::input;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The document, OpenAPI 3.0 or 3.1 in YAML or JSON; `-` is standard input.
    openapi: PathBuf,
    /// Take only this operation, as in `GET /status`; can be repeated.
    #[arg(long = "operation", value_name = "METHOD PATH")]
    operations: Vec<String>,
    /// The name of the API, in place of the document's title.
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let source = input::read_up_to(MAX_DOCUMENT_BYTES, &arguments.openapi)?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let request = Request {
        operations: &arguments.operations,
        api: arguments.api.as_deref(),
        read: &today.to_string(),
    };
    match draft(&source, &request) {
        Ok(draft) => {
            print(&draft.text)?;
            let counted = |count: usize, what: &str| {
                let plural = if count == 1 { "" } else { "s" };
                format!("{count} {what}{plural}")
            };
            say(&format!(
                "note: {}, {} undecided, {}\n",
                counted(draft.rows, "row"),
                draft.undecided,
                counted(draft.conflicts, "conflict")
            ));
            Ok(())
        }
        Err(NoDraft::Document(message)) => {
            say(&format!("error: {message}\n"));
            Err(Failure::Refused)
        }
        Err(NoDraft::Request(message)) => Err(Failure::Message(message)),
    }
}
