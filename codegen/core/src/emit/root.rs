//! The generated crate's root.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proc_macro2::Ident;

use crate::emit::docs::{assumed, escape, table};
use crate::emit::module::Module;
use crate::emit::{http, layout, usage};
use crate::model::Model;

pub(super) fn text(model: &Model, name: &str, modules: &[(Module, Vec<Ident>)]) -> String {
    let mut text = String::new();
    for line in documentation(model, name).lines() {
        text.push_str(if line.is_empty() { "//!" } else { "//! " });
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(
        "\n#![no_std]\n#![forbid(unsafe_code)]\n\
         // The table's texts are quoted as they are.\n\
         #![allow(clippy::doc_markdown)]\n\n",
    );
    let http = format!("#[cfg(feature = \"http\")]\nmod {};\n", http::NAME);
    let declarations = modules
        .iter()
        .map(|(module, _)| (module.name, format!("mod {};\n", module.name)));
    let declarations: BTreeMap<&str, String> = declarations.chain([(http::NAME, http)]).collect();
    text.extend(declarations.into_values());
    text.push('\n');
    for (module, exports) in modules {
        let names: Vec<String> = exports.iter().map(Ident::to_string).collect();
        text.push_str(&layout::import(module.name, &names));
    }
    text
}

fn documentation(model: &Model, name: &str) -> String {
    let api = escape(&model.api);
    let sources = model.sources.iter().map(|source| {
        let title = escape(&source.title);
        format!("[{title}](<{}>) as read on {}", source.url, source.read)
    });
    let sources: Vec<String> = sources.collect();
    let mut text = format!(
        "{api}'s HTTP status codes: which to retry, and how long to wait first.\n\n\
         Transcribed from {}.\n\n",
        sources.join(", and from "),
    );
    text.push_str(&table(model));
    let assumptions = assumed(model);
    if !assumptions.is_empty() {
        let _ = write!(
            text,
            "\n# What the source does not say\n\nThis transcription decided:\n\n{assumptions}"
        );
    }
    text.push_str(&usage::section(model, &name.replace('-', "_")));
    text
}
