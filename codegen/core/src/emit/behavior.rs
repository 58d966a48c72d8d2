//! What to do with each code, and the table as the engine sees it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::emit::docs;
use crate::emit::module::{Module, Place, doc, integer};
use crate::emit::schedule::{constant, duration};
use crate::model::{Behavior, Model};

pub(super) const MODULE: Module = Module {
    name: "behavior",
    tokens,
    exports,
};

fn exports(model: &Model) -> Vec<Ident> {
    let max_retries = model.max_retries.map(|_| "MAX_RETRIES");
    let names = ["policy", "retry_behavior"].into_iter().chain(max_retries);
    names.map(|name| format_ident!("{name}")).collect()
}

fn tokens(model: &Model, place: Place) -> TokenStream {
    let root = place.root();
    let imports = model
        .schedules
        .iter()
        .map(|schedule| constant(&schedule.name));
    let max_retries = model.max_retries.map(|retries| {
        let retries = integer(retries);
        quote! {
            /// How often one request may be sent again, whatever the cause.
            pub const MAX_RETRIES: u32 = #retries;
        }
    });
    let retry_behavior = retry_behavior(model);
    let about_policy = doc(&format!(
        "{}'s table as it stands.",
        docs::escape(&model.api)
    ));
    let status_table = status_table(model);
    quote! {
        use #root core::time::Duration;
        use #root retrospec::{Policy, RetryBehavior, StatusTable};
        use super::{Status, #(#imports),*};

        #max_retries

        #retry_behavior

        #about_policy
        #[must_use]
        pub const fn policy() -> Policy<Status> {
            Policy::new()
        }

        #status_table
    }
}

/// Rows that say the same share an arm, and those that say what holds without them have none: such
/// arms would cost instructions and tell a reader nothing.
fn retry_behavior(model: &Model) -> TokenStream {
    let class = |code: u16| model.classes.iter().find(|row| row.class == code / 100);
    let mut exact = Vec::new();
    for row in &model.rows {
        let without = class(row.code).map_or(&model.unlisted, |class| &class.retry);
        if row.retry != *without {
            add(&mut exact, &row.retry, row.code, row.code);
        }
    }
    let mut classes = Vec::new();
    for row in &model.classes {
        if row.retry != model.unlisted {
            add(
                &mut classes,
                &row.retry,
                row.class * 100,
                row.class * 100 + 99,
            );
        }
    }
    let arms: Vec<TokenStream> = exact.iter().chain(&classes).map(Arm::tokens).collect();
    let unlisted = expression(&model.unlisted);
    let (code, body) = if arms.is_empty() {
        (quote!(_code), unlisted)
    } else {
        let body = quote! {
            match code {
                #(#arms,)*
                _ => #unlisted,
            }
        };
        (quote!(code), body)
    };
    quote! {
        /// What the table says about any code: its row, else its class's, else what holds for
        /// unlisted codes.
        #[must_use]
        #[allow(clippy::match_same_arms, reason = "an exact row can say again what holds elsewhere")]
        pub const fn retry_behavior(#code: u16) -> RetryBehavior { #body }
    }
}

/// The codes that say the same, as ranges from the first to the last.
struct Arm<'a> {
    behavior: &'a Behavior,
    ranges: Vec<(u16, u16)>,
}

/// The codes come in ascending order.
fn add<'a>(arms: &mut Vec<Arm<'a>>, behavior: &'a Behavior, first: u16, last: u16) {
    let Some(arm) = arms.iter_mut().find(|arm| arm.behavior == behavior) else {
        let ranges = vec![(first, last)];
        arms.push(Arm { behavior, ranges });
        return;
    };
    match arm.ranges.last_mut() {
        Some((_, end)) if *end + 1 == first => *end = last,
        _ => arm.ranges.push((first, last)),
    }
}

impl Arm<'_> {
    fn tokens(&self) -> TokenStream {
        let patterns = self.ranges.iter().map(|(first, last)| {
            let (start, end) = (integer(*first), integer(*last));
            match last - first {
                0 => quote!(#start),
                1 => quote!(#start | #end),
                _ => quote!(#start..=#end),
            }
        });
        let behavior = expression(self.behavior);
        quote!(#(#patterns)|* => #behavior)
    }
}

fn status_table(model: &Model) -> TokenStream {
    let max_retries = match model.max_retries {
        Some(_) => quote!(Some(MAX_RETRIES)),
        None => quote!(None),
    };
    let max_elapsed = match model.max_elapsed {
        Some(elapsed) => {
            let elapsed = duration(elapsed);
            quote!(Some(#elapsed))
        }
        None => quote!(None),
    };
    let transport = expression(&model.transport);
    quote! {
        impl StatusTable for Status {
            const MAX_RETRIES: Option<u32> = #max_retries;
            const MAX_ELAPSED: Option<Duration> = #max_elapsed;
            const TRANSPORT: RetryBehavior = #transport;

            fn retry_behavior(code: u16) -> RetryBehavior { retry_behavior(code) }

            fn name(code: u16) -> Option<&'static str> { Self::from_code(code).map(Self::name) }
        }
    }
}

fn expression(behavior: &Behavior) -> TokenStream {
    match behavior {
        Behavior::Never => quote!(RetryBehavior::DoNotRetry),
        Behavior::RetryAfter => quote!(RetryBehavior::RetryAfter),
        Behavior::Backoff(name) => {
            let schedule = constant(name);
            quote!(RetryBehavior::Backoff(&#schedule))
        }
        Behavior::RetryAfterOrBackoff(name) => {
            let schedule = constant(name);
            quote!(RetryBehavior::RetryAfterOrBackoff(&#schedule))
        }
    }
}
