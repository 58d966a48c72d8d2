//! The two traits by which the compiler knows the table.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::emit::module::{Module, Place, doc, import, integer};
use crate::emit::schedule::constant;
use crate::model::{Model, Row};

pub(super) const MODULE: Module = Module {
    name: "documented",
    tokens,
    exports: |_| vec![format_ident!("Documented"), format_ident!("Scheduled")],
};

/// Hides the implementations from rustdoc, since they would crowd the page of `Status`: the docs of the
/// traits list the codes. A macro would be shorter, but compiler messages would point into it.
fn tokens(model: &Model, place: Place) -> TokenStream {
    let root = place.root();
    let used: BTreeSet<&str> = scheduled_rows(model)
        .map(|(_, schedule)| schedule)
        .collect();
    let constants: Vec<Ident> = used.into_iter().map(constant).collect();
    let imports = import("schedule", &constants);
    let traits = traits(model, place);
    let documented = model.rows.iter().map(|row| {
        let (code, variant) = (integer(row.code), format_ident!("{}", row.variant));
        quote! {
            #[doc(hidden)]
            impl Documented<#code> for Status {
                const STATUS: Self = Self::#variant;
            }
        }
    });
    let scheduled = scheduled_rows(model).map(|(row, schedule)| {
        let (code, schedule) = (integer(row.code), constant(schedule));
        quote! {
            #[doc(hidden)]
            impl Scheduled<#code> for Status {
                const BACKOFF: &'static Backoff = &#schedule;
            }
        }
    });
    quote! {
        use #root retrospec::Backoff;
        #imports
        use super::status::Status;

        #traits
        #(#documented)*
        #(#scheduled)*
    }
}

fn traits(model: &Model, place: Place) -> TokenStream {
    // Braces would be taken for parameters.
    let api = model.api.replace('{', "{{").replace('}', "}}");
    let documented_message = format!("HTTP {{CODE}} is not in {api}'s table");
    let (documented_about, documented_note) = match codes(model.rows.iter()) {
        None => (
            "`Status` does not implement this: no code has a row.".to_owned(),
            "no code has a row of its own".to_owned(),
        ),
        Some(codes) => (
            format!("`Status` implements this for every code that has a row: {codes}."),
            format!("the documented codes are {codes}"),
        ),
    };
    let scheduled_message = format!("HTTP {{CODE}} has no backoff in {api}'s table");
    let (scheduled_about, scheduled_note) = match codes(scheduled_rows(model).map(|(row, _)| row)) {
        None => (
            "`Status` does not implement this: no row is retried by a schedule.".to_owned(),
            "no code has one".to_owned(),
        ),
        Some(codes) => (
            format!(
                "`Status` implements this for every row that is retried by a schedule: {codes}."
            ),
            format!("the codes that have one are {codes}"),
        ),
    };
    let (documented_about, scheduled_about) = (doc(&documented_about), doc(&scheduled_about));
    // Without a prelude, the compiler does not know `diagnostic`.
    let said = |message: String, label: &str, note: String| {
        (place == Place::Crate).then(|| {
            quote!(#[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)])
        })
    };
    let documented_said = said(
        documented_message,
        "`{Self}` has no row {CODE}",
        documented_note,
    );
    let scheduled_said = said(
        scheduled_message,
        "`{Self}` has no schedule for {CODE}",
        scheduled_note,
    );
    quote! {
        #documented_about
        #documented_said
        pub trait Documented<const CODE: u16>: sealed::Sealed {
            /// The row.
            const STATUS: Status;
        }

        #scheduled_about
        #scheduled_said
        pub trait Scheduled<const CODE: u16>: Documented<CODE> {
            /// The schedule.
            const BACKOFF: &'static Backoff;
        }

        mod sealed {
            pub trait Sealed {}
            impl Sealed for super::Status {}
        }
    }
}

fn scheduled_rows(model: &Model) -> impl Iterator<Item = (&Row, &str)> {
    model
        .rows
        .iter()
        .filter_map(|row| Some((row, row.retry.action.schedule()?)))
}

fn codes<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<String> {
    let codes: Vec<String> = rows.map(|row| row.code.to_string()).collect();
    (!codes.is_empty()).then(|| codes.join(", "))
}
