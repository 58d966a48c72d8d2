//! The generated crate's root.

use std::collections::BTreeMap;

use proc_macro2::Ident;

use crate::emit::module::Module;
use crate::emit::{docs, http, layout, usage};
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
    [
        docs::summary(model),
        docs::sources(model) + "\n",
        docs::table(model),
        docs::not_said(model, "#"),
        usage::section(model, &name.replace('-', "_")),
    ]
    .concat()
}
