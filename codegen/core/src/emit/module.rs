//! What every module of the generated code is made of.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::Model;

/// Where generated code stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a crate of its own.
    Crate,
    /// In somebody else's crate, of which nothing is known: not its edition, nor what is in scope.
    Included,
}

impl Place {
    /// Returns what a path to another crate begins with. Somebody else's crate may have no prelude, or a
    /// module of the same name.
    pub(super) fn root(self) -> Option<TokenStream> {
        (self == Self::Included).then(|| quote!(::))
    }
}

/// A module of the generated code.
pub(super) struct Module {
    pub(super) name: &'static str,
    pub(super) tokens: fn(&Model, Place) -> TokenStream,
    /// What it offers; a module that offers nothing is left out.
    pub(super) exports: fn(&Model) -> Vec<Ident>,
}

/// Returns the import of `names` from a module beside this one.
pub(super) fn import(module: &str, names: &[Ident]) -> Option<TokenStream> {
    let module = format_ident!("{module}");
    match names {
        [] => None,
        [name] => Some(quote!(use super::#module::#name;)),
        names => Some(quote!(use super::#module::{#(#names),*};)),
    }
}

/// Returns a line of a doc comment.
pub(super) fn doc(line: &str) -> TokenStream {
    let line = if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    };
    quote!(#[doc = #line])
}

/// Returns `number` with `_` between its thousands if it is long.
pub(super) fn integer(number: impl Into<u64>) -> Literal {
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
