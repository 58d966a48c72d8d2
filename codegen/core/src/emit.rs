//! Model to files, in memory.

mod behavior;
mod conditions;
mod docs;
mod documented;
mod http;
mod layout;
mod manifest;
mod module;
mod root;
mod schedule;
mod status;
mod usage;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::header;
use crate::model::Model;

use module::{Module, Place};

pub use docs::{escape, page, rows, table, words};

/// Text files by their path below a crate's root, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Where generated code is going to stand.
#[derive(Clone, Debug)]
pub struct Target {
    /// The spec, as the headers of the files name it.
    pub spec: String,
    /// What to run once the spec has changed: a command, and the folder if need be.
    pub command: String,
    /// The folder of the crate `retrospec`, as the generated `Cargo.toml` names it; `None` takes it
    /// from the registry.
    pub runtime_path: Option<String>,
}

const MODULES: [Module; 4] = [
    behavior::MODULE,
    documented::MODULE,
    schedule::MODULE,
    status::MODULE,
];

/// Returns the modules that this table has, each with what it offers.
fn modules(model: &Model) -> Vec<(Module, Vec<Ident>)> {
    MODULES
        .into_iter()
        .map(|module| {
            let exports = (module.exports)(model);
            (module, exports)
        })
        .filter(|(_, exports)| !exports.is_empty())
        .collect()
}

/// Returns the files of a crate of its own.
pub(crate) fn crate_files(model: &Model, name: &str, target: &Target) -> Files {
    let header = header::line(&target.spec, &target.command);
    let file = |name: &str, tokens: &TokenStream| {
        let text = format!("// {header}\n\n{}", layout::items(tokens));
        (format!("src/{name}.rs"), text)
    };
    let modules = modules(model);
    let mut files: Files = modules
        .iter()
        .map(|(module, _)| file(module.name, &(module.tokens)(model, Place::Crate)))
        .collect();
    files.extend([file(http::NAME, &http::tokens(model))]);
    let manifest = manifest::text(model, name, target.runtime_path.as_deref());
    files.insert("Cargo.toml".to_owned(), format!("# {header}\n\n{manifest}"));
    let unformatted =
        "# The generator lays out its files by itself.\ndisable_all_formatting = true\n";
    files.insert(
        "rustfmt.toml".to_owned(),
        format!("# {header}\n\n{unformatted}"),
    );
    let root = root::text(model, name, &modules);
    files.insert("src/lib.rs".to_owned(), format!("// {header}\n\n{root}"));
    files
}

/// Returns the same items as one file without inner attributes, for `include!`.
pub(crate) fn include_file(model: &Model, spec: &str, command: &str) -> String {
    let text = layout::items(&include_tokens(model, &TokenStream::new()));
    format!("// {}\n\n{text}", header::line(spec, command))
}

/// Returns them in one module, so that neither its imports nor what is in scope around it gets in the way of the
/// other. `also` stands in it as well.
pub(crate) fn include_tokens(model: &Model, also: &TokenStream) -> TokenStream {
    let modules: Vec<TokenStream> = modules(model)
        .into_iter()
        .map(|(module, exports)| {
            let name = format_ident!("{}", module.name);
            let body = (module.tokens)(model, Place::Included);
            quote! {
                mod #name {
                    use ::core::prelude::rust_2021::*;
                    #body
                }
                pub use self::#name::{#(#exports),*};
            }
        })
        .collect();
    quote! {
        #[allow(
            dead_code,
            unreachable_pub,
            unused_imports,
            reason = "not everything that a table offers is used everywhere"
        )]
        #[allow(
            clippy::all,
            clippy::nursery,
            clippy::pedantic,
            clippy::restriction,
            reason = "the generator is linted, not its users"
        )]
        mod retrospec_table {
            #also
            #(#modules)*
        }
        #[allow(unreachable_pub, unused_imports, reason = "not everything that a table offers is used everywhere")]
        pub use self::retrospec_table::*;
    }
}
