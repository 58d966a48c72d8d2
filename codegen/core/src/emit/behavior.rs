//! What to do with each code, and the table as the engine sees it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::emit::docs;
use crate::emit::module::{Module, Place, doc, import, integer};
use crate::emit::schedule::{constant, duration, max_retries};
use crate::model::{Behavior, Class, Model};

pub(super) const MODULE: Module = Module {
    name: "behavior",
    tokens,
    exports: |_| vec![format_ident!("policy"), format_ident!("retry_behavior")],
};

fn tokens(model: &Model, place: Place) -> TokenStream {
    let root = place.root();
    let schedules = model.schedules.iter();
    let constants = schedules.map(|schedule| constant(&schedule.name));
    let mut constants: Vec<Ident> = constants.chain(max_retries(model)).collect();
    constants.sort();
    let imports = import("schedule", &constants);
    let retry_behavior = retry_behavior(model);
    let about_policy = doc(&format!(
        "Returns the policy of {}'s table as it stands.",
        docs::escape(&model.api)
    ));
    let status_table = status_table(model);
    quote! {
        use #root core::time::Duration;
        use #root retrospec::{Policy, RetryBehavior, StatusTable};
        #imports
        use super::status::Status;

        #retry_behavior

        #about_policy
        #[must_use]
        pub const fn policy() -> Policy<Status> {
            Policy::new()
        }

        #status_table
    }
}

/// Returns the match over all rows. Rows that say the same share an arm. Those that say what holds
/// without them have none: such arms would cost instructions and tell a reader nothing.
fn retry_behavior(model: &Model) -> TokenStream {
    let mut exact = Vec::new();
    for row in &model.rows {
        let without = model
            .class(Class::of(row.code))
            .map_or(&model.unlisted, |class| &class.retry);
        if row.retry != *without {
            add(&mut exact, &row.retry, row.code, row.code);
        }
    }
    let mut classes = Vec::new();
    for row in &model.classes {
        if row.retry != model.unlisted {
            let codes = row.class.codes();
            add(&mut classes, &row.retry, *codes.start(), *codes.end());
        }
    }
    let arms: Vec<Arm> = exact.into_iter().chain(classes).collect();
    let allow = has_twins(&arms).then(|| {
        quote!(#[allow(clippy::match_same_arms, reason = "a row before a class, and the class")])
    });
    let arms: Vec<TokenStream> = arms.iter().map(Arm::tokens).collect();
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
        /// Returns what the table says about `code`: its row, else its class's, else what holds for
        /// unlisted codes.
        #[must_use]
        #allow
        pub const fn retry_behavior(#code: u16) -> RetryBehavior { #body }
    }
}

/// The codes that say the same, as ranges from the first to the last.
struct Arm<'a> {
    behavior: &'a Behavior,
    ranges: Vec<(u16, u16)>,
}

/// Returns whether two arms say the same, with no arm between them that would decide otherwise.
fn has_twins(arms: &[Arm]) -> bool {
    arms.iter().enumerate().any(|(at, arm)| {
        let later = arms[at + 1..].iter().enumerate();
        let mut twins = later.filter(|(_, twin)| twin.behavior == arm.behavior);
        twins.any(|(distance, twin)| {
            let between = || arms[at + 1..].iter().take(distance);
            !between().any(|other| other.overlaps(arm))
                || !between().any(|other| other.overlaps(twin))
        })
    })
}

/// Adds codes to the arm of their behavior. They come in ascending order.
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
    fn overlaps(&self, other: &Self) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|(first, last)| {
            other
                .ranges
                .iter()
                .any(|(from, to)| first <= to && from <= last)
        })
    }

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
    let max_retries = match max_retries(model) {
        Some(name) => quote!(Some(#name)),
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
            const HAS_ADDED_JITTER: bool = false;
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
