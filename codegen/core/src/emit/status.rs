//! The enum, its rows and its conversions.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::conditions;
use crate::emit::docs;
use crate::emit::layout::arm_lines;
use crate::emit::module::{Module, Place, doc, integer};
use crate::model::{Model, Row};

pub(super) const MODULE: Module = Module {
    name: "status",
    tokens,
    exports: |_| vec![format_ident!("Status"), format_ident!("Undocumented")],
};

fn tokens(model: &Model, place: Place) -> TokenStream {
    let root = place.root();
    let class_row = (!model.classes.is_empty()).then(|| quote!(ClassRow,));
    let definition = definition(model);
    let lookups = lookups(model);
    let conversions = conversions(model, root.as_ref());
    quote! {
        use #root core::error;
        use #root core::fmt;
        use #root retrospec::{Backoff, #class_row RetryBehavior, Row};
        use super::behavior::retry_behavior;
        use super::documented::{Documented, Scheduled};

        #definition
        #lookups
        #conversions
    }
}

fn definition(model: &Model) -> TokenStream {
    let about = doc(&format!(
        "A status code in the table of {}'s API. Exhaustive on purpose: a new row is a compile error in every `match`.",
        docs::escape(&model.api)
    ));
    // An enum without variants has no representation.
    let repr = (!model.rows.is_empty()).then(|| quote!(#[repr(u16)]));
    let variants = model.rows.iter().map(|row| {
        let doc = variant_docs(model, row).into_iter().map(|line| doc(&line));
        let (variant, code) = (format_ident!("{}", row.variant), integer(row.code));
        quote!(#(#doc)* #variant = #code)
    });
    quote! {
        #about
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #repr
        pub enum Status { #(#variants,)* }
    }
}

fn variant_docs(model: &Model, row: &Row) -> Vec<String> {
    let mut lines = vec![format!("{} {}.", row.code, docs::escape(&row.name))];
    if !row.description.is_empty() {
        lines.extend([String::new(), docs::escape(&row.description)]);
    }
    lines.extend([
        String::new(),
        format!(
            "Retry: {}.",
            docs::row_words(model, &row.retry, &row.errors, &row.assumed)
        ),
    ]);
    lines
}

fn lookups(model: &Model) -> TokenStream {
    let count = proc_macro2::Literal::usize_unsuffixed(model.rows.len());
    let variants: Vec<_> = model
        .rows
        .iter()
        .map(|row| format_ident!("{}", row.variant))
        .collect();
    let codes: Vec<_> = model.rows.iter().map(|row| integer(row.code)).collect();
    let names: Vec<_> = model.rows.iter().map(|row| &row.name).collect();
    let descriptions: Vec<_> = model.rows.iter().map(|row| &row.description).collect();
    let (code, name, description) = if model.rows.is_empty() {
        (
            quote!(match self {}),
            quote!(match self {}),
            quote!(match self {}),
        )
    } else {
        (
            quote!(self as u16),
            quote!(match self { #(Self::#variants => #names,)* }),
            quote!(match self { #(Self::#variants => #descriptions,)* }),
        )
    };
    let from_code = if model.rows.is_empty() {
        quote! {
            pub const fn from_code(_code: u16) -> Option<Self> { None }
        }
    } else {
        quote! {
            pub const fn from_code(code: u16) -> Option<Self> {
                match code {
                    #(#codes => Some(Self::#variants),)*
                    _ => None,
                }
            }
        }
    };
    let row = row(model);
    let conditions = conditions::are_in(model).then(|| {
        quote! {
            ///
            /// This is without the table's conditions: headers, error codes, whether the request is idempotent.
            /// A policy applies them.
        }
    });
    let many = is_long(&model.rows)
        .then(|| quote!(#[allow(clippy::too_many_lines, reason = "an arm is a row")]));
    let same = |texts: &[&String]| {
        let distinct: BTreeSet<_> = texts.iter().collect();
        (distinct.len() < texts.len())
            .then(|| quote!(#[allow(clippy::match_same_arms, reason = "an arm is a row")]))
    };
    let (same_names, same_descriptions) = (same(&names), same(&descriptions));
    quote! {
        #many
        impl Status {
            /// Every status code of the table, in ascending order.
            pub const ALL: [Self; #count] = [#(Self::#variants),*];

            /// Returns the row for `code`, or `None` if the table has none.
            #[must_use]
            #from_code

            #row

            /// Returns the status code.
            #[must_use]
            pub const fn code(self) -> u16 { #code }

            /// Returns the name that the source gives to it.
            #[must_use]
            #same_names
            pub const fn name(self) -> &'static str { #name }

            /// Returns what it means.
            #[must_use]
            #same_descriptions
            pub const fn description(self) -> &'static str { #description }

            /// Returns what to do with a request that got it.
            #conditions
            #[must_use]
            pub const fn retry_behavior(self) -> RetryBehavior { retry_behavior(self.code()) }

            /// Returns the row for `CODE`, which the compiler checks to be in the table.
            #[must_use]
            pub const fn of<const CODE: u16>() -> Self where Self: Documented<CODE> {
                <Self as Documented<CODE>>::STATUS
            }

            /// Returns the schedule for `CODE`, which the compiler checks to have one.
            #[must_use]
            pub const fn backoff_of<const CODE: u16>() -> &'static Backoff where Self: Scheduled<CODE> {
                <Self as Scheduled<CODE>>::BACKOFF
            }
        }
    }
}

/// Returns the lookup that tells a row of the code, one of its class and none apart.
fn row(model: &Model) -> TokenStream {
    let classes: Vec<_> = model
        .classes
        .iter()
        .map(|row| {
            let codes = row.class.codes();
            let (start, end) = (integer(*codes.start()), integer(*codes.end()));
            let class = integer(row.class.0);
            let (name, description) = (&row.name, &row.description);
            (
                quote!(#start..=#end),
                quote!(Row::Class(ClassRow::new(#class, #name, #description))),
            )
        })
        .collect();
    let (codes, rows): (Vec<_>, Vec<_>) = classes.into_iter().unzip();
    let body = if model.rows.is_empty() {
        quote! {
            match code {
                #(#codes => #rows,)*
                _ => Row::Unlisted,
            }
        }
    } else if codes.is_empty() {
        quote! {
            match Self::from_code(code) {
                Some(status) => Row::Exact(status),
                None => Row::Unlisted,
            }
        }
    } else {
        quote! {
            match (Self::from_code(code), code) {
                (Some(status), _) => Row::Exact(status),
                #((None, #codes) => #rows,)*
                (None, _) => Row::Unlisted,
            }
        }
    };
    quote! {
        /// Returns the row that holds for `code`: its own, that of its class, or none.
        #[must_use]
        pub const fn row(code: u16) -> Row<Self> { #body }
    }
}

/// Returns whether a function with an arm for each row has more lines than the 100 that Clippy allows.
fn is_long(rows: &[Row]) -> bool {
    let lines = |text: fn(&Row) -> &str| {
        let arms = rows.iter().map(|row| arm_lines(&row.variant, text(row)));
        arms.sum::<usize>() + 2
    };
    // `from_code` has one more arm.
    let longest = (rows.len() + 3)
        .max(lines(|row| &row.name))
        .max(lines(|row| &row.description));
    longest > 100
}

fn conversions(model: &Model, root: Option<&TokenStream>) -> TokenStream {
    let write = match root {
        Some(root) => quote!(#root core::write!),
        None => quote!(write!),
    };
    let message = format!(
        "HTTP {{}} is not in {}'s table",
        model.api.replace('{', "{{").replace('}', "}}")
    );
    quote! {
        /// Writes it as in `429 Too Many Requests`.
        impl fmt::Display for Status {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                #write(f, "{} {}", self.code(), self.name())
            }
        }

        impl From<Status> for u16 {
            fn from(status: Status) -> Self { status.code() }
        }

        impl TryFrom<u16> for Status {
            type Error = Undocumented;

            fn try_from(code: u16) -> Result<Self, Undocumented> {
                Self::from_code(code).ok_or(Undocumented(code))
            }
        }

        /// A status code that has no exact row in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct Undocumented(u16);

        impl Undocumented {
            /// Returns the status code.
            #[must_use]
            pub const fn code(self) -> u16 { self.0 }
        }

        impl fmt::Display for Undocumented {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                #write(f, #message, self.0)
            }
        }

        impl error::Error for Undocumented {}
    }
}
