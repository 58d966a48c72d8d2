//! Model to files, in memory.

mod behavior;
mod docs;
mod documented;
mod http;
mod layout;
mod manifest;
mod root;
mod schedule;
mod status;
mod usage;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::header;
use crate::model::Model;

pub use docs::{rows, table};

/// Text files by their path below a crate's root, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Where generated code is going to stand.
#[derive(Clone, Debug)]
pub struct Target {
    /// The spec, as the headers of the files name it.
    pub spec: String,
    /// What to run once it has changed: a command, and where if need be.
    pub command: String,
    /// The folder of the crate `retrospec`, as the generated `Cargo.toml` names it; `None` takes it
    /// from the registry.
    pub runtime_path: Option<String>,
}

/// Where generated code stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a crate of its own.
    Crate,
    /// In somebody else's crate, of which nothing is known: not its edition, nor what is in scope.
    Included,
}

impl Place {
    /// What a path to another crate begins with. Somebody else's crate may have no prelude, or a module of
    /// the same name.
    fn root(self) -> Option<TokenStream> {
        (self == Self::Included).then(|| quote!(::))
    }
}

/// A module of the generated code.
struct Module {
    name: &'static str,
    tokens: fn(&Model, Place) -> TokenStream,
    /// What it offers; without any, the module is left out.
    exports: fn(&Model) -> Vec<Ident>,
}

const MODULES: [Module; 4] = [
    behavior::MODULE,
    documented::MODULE,
    schedule::MODULE,
    status::MODULE,
];

/// The modules that this table has, each with what it offers.
fn modules(model: &Model) -> impl Iterator<Item = (Module, Vec<Ident>)> {
    MODULES
        .into_iter()
        .map(|module| {
            let exports = (module.exports)(model);
            (module, exports)
        })
        .filter(|(_, exports)| !exports.is_empty())
}

/// A crate of its own.
pub(crate) fn crate_files(model: &Model, name: &str, target: &Target) -> Files {
    let header = header::line(&target.spec, &target.command);
    let file = |name: &str, tokens: &TokenStream| {
        let text = format!("// {header}\n\n{}", layout::items(tokens));
        (format!("src/{name}.rs"), text)
    };
    let mut files: Files = modules(model)
        .map(|(module, _)| file(module.name, &(module.tokens)(model, Place::Crate)))
        .collect();
    files.extend([file(http::NAME, &http::tokens(model))]);
    let manifest = manifest::text(model, name, target.runtime_path.as_deref());
    files.insert("Cargo.toml".to_owned(), format!("# {header}\n\n{manifest}"));
    let root = root::text(model, name);
    files.insert("src/lib.rs".to_owned(), format!("// {header}\n\n{root}"));
    files
}

/// The same items as one file without inner attributes, for `include!`.
pub(crate) fn include_file(model: &Model, spec: &str, command: &str) -> String {
    let text = layout::items(&include_tokens(model, &TokenStream::new()));
    format!("// {}\n\n{text}", header::line(spec, command))
}

/// One module holds them, so that neither its imports nor what is in scope around it gets in the way of the
/// other. `also` stands in it as well.
pub(crate) fn include_tokens(model: &Model, also: &TokenStream) -> TokenStream {
    let modules: Vec<TokenStream> = modules(model)
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
        #[allow(clippy::all, clippy::nursery, clippy::pedantic, reason = "the generator is linted, not its users")]
        mod retrospec_table {
            #also
            #(#modules)*
        }
        #[allow(unreachable_pub, unused_imports, reason = "not everything that a table offers is used everywhere")]
        pub use self::retrospec_table::*;
    }
}

/// A line of a doc comment.
fn doc(line: &str) -> TokenStream {
    let line = if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    };
    quote!(#[doc = #line])
}

/// With `_` between its thousands if it is long.
fn integer(number: impl Into<u64>) -> Literal {
    let digits = number.into().to_string();
    let grouped: Vec<&str> = if digits.len() > 4 {
        let first = digits.len() % 3;
        let (head, tail) = digits.split_at(first);
        let groups = (0..tail.len()).step_by(3).map(|at| &tail[at..at + 3]);
        [head]
            .into_iter()
            .filter(|head| !head.is_empty())
            .chain(groups)
            .collect()
    } else {
        vec![&digits]
    };
    grouped
        .join("_")
        .parse()
        .expect("digits and `_` are a literal")
}
