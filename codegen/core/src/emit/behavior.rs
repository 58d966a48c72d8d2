//! What to do with each code, and the table as the engine sees it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::emit::conditions;
use crate::emit::docs;
use crate::emit::module::{Module, Place, doc, import, integer};
use crate::emit::schedule::{constant, duration, max_retries};
use crate::model::{Action, Behavior, Class, Jitter, Model, Schedule};

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
    let mut names = conditions::imports(model);
    names.extend(["Policy", "RetryBehavior", "StatusTable"]);
    if model.classes.iter().any(|row| !row.name.is_empty()) {
        names.push("Row");
    }
    // As rustfmt sorts them: functions first.
    names.sort_by_key(|name| (name.starts_with(char::is_uppercase), *name));
    let names = names.into_iter().map(|name| format_ident!("{name}"));
    quote! {
        use #root core::time::Duration;
        use #root retrospec::{#(#names),*};
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

fn retry_behavior(model: &Model) -> TokenStream {
    let arms = arms(model, |behavior| &behavior.action);
    let allow = has_twins(&arms).then(|| {
        quote!(#[allow(clippy::match_same_arms, reason = "a row before a class, and the class")])
    });
    let unlisted = expression(&model.unlisted.action);
    let (code, body) = if arms.is_empty() {
        (quote!(_code), unlisted)
    } else {
        let arms = arms.iter().map(|arm| {
            let (codes, behavior) = (arm.patterns(), expression(arm.value));
            quote!(#codes => #behavior)
        });
        let body = quote! {
            match code {
                #(#arms,)*
                _ => #unlisted,
            }
        };
        (quote!(code), body)
    };
    let conditions = conditions::are_in(model).then(|| {
        quote! {
            ///
            /// This is without the table's conditions: headers, error codes, whether the request is idempotent.
            /// [`policy`] applies them.
        }
    });
    quote! {
        /// Returns what the table says about `code`: its row, else its class's, else what holds for
        /// unlisted codes.
        #conditions
        #[must_use]
        #allow
        pub const fn retry_behavior(#code: u16) -> RetryBehavior { #body }
    }
}

/// Returns the arms of a match over all rows, by what `of` takes from their behavior. Rows that say the same
/// share an arm. Those that say what holds without them have none: such arms would cost instructions and tell
/// a reader nothing.
fn arms<'a, T: PartialEq>(model: &'a Model, of: impl Fn(&'a Behavior) -> T) -> Vec<Arm<T>> {
    let mut exact = Vec::new();
    for row in &model.rows {
        let without = model
            .class(Class::of(row.code))
            .map_or(&model.unlisted, |class| &class.retry);
        if of(&row.retry) != of(without) {
            add(&mut exact, of(&row.retry), row.code, row.code);
        }
    }
    let mut classes = Vec::new();
    for row in &model.classes {
        if of(&row.retry) != of(&model.unlisted) {
            let codes = row.class.codes();
            add(&mut classes, of(&row.retry), *codes.start(), *codes.end());
        }
    }
    exact.extend(classes);
    exact
}

/// The codes that say the same, as ranges from the first to the last.
pub(super) struct Arm<T> {
    pub(super) value: T,
    ranges: Vec<(u16, u16)>,
}

/// Returns whether two arms say the same, with no arm between them that would decide otherwise.
fn has_twins<T: PartialEq>(arms: &[Arm<T>]) -> bool {
    arms.iter().enumerate().any(|(at, arm)| {
        let later = arms[at + 1..].iter().enumerate();
        let mut twins = later.filter(|(_, twin)| twin.value == arm.value);
        twins.any(|(distance, twin)| {
            let between = || arms[at + 1..].iter().take(distance);
            !between().any(|other| other.overlaps(arm))
                || !between().any(|other| other.overlaps(twin))
        })
    })
}

/// Adds codes to the arm of their value. They come in ascending order.
pub(super) fn add<T: PartialEq>(arms: &mut Vec<Arm<T>>, value: T, first: u16, last: u16) {
    let Some(arm) = arms.iter_mut().find(|arm| arm.value == value) else {
        let ranges = vec![(first, last)];
        arms.push(Arm { value, ranges });
        return;
    };
    match arm.ranges.last_mut() {
        Some((_, end)) if *end + 1 == first => *end = last,
        _ => arm.ranges.push((first, last)),
    }
}

impl<T> Arm<T> {
    fn overlaps(&self, other: &Self) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|(first, last)| {
            other
                .ranges
                .iter()
                .any(|(from, to)| first <= to && from <= last)
        })
    }

    /// Returns the codes as a pattern.
    pub(super) fn patterns(&self) -> TokenStream {
        let patterns = self.ranges.iter().map(|(first, last)| {
            let (start, end) = (integer(*first), integer(*last));
            match last - first {
                0 => quote!(#start),
                1 => quote!(#start | #end),
                _ => quote!(#start..=#end),
            }
        });
        quote!(#(#patterns)|*)
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
    let transport = expression(&model.transport.action);
    let connect = (model.connect.action != model.transport.action).then(|| {
        let connect = expression(&model.connect.action);
        quote!(const CONNECT: RetryBehavior = #connect;)
    });
    let max_retry_after = model.max_retry_after.map(|longest| {
        let longest = duration(longest);
        quote!(const MAX_RETRY_AFTER: Duration = #longest;)
    });
    let retry_after_jitter = model.retry_after_jitter.map(|percent| {
        let percent = integer(percent);
        quote!(const RETRY_AFTER_JITTER: u8 = #percent;)
    });
    let is_added = |schedule: &Schedule| matches!(schedule.jitter, Jitter::Added(_));
    let has_added_jitter = model.schedules.iter().any(is_added);
    let conditional = conditions::conditional(model);
    let conditions = conditions::items(model);
    let name = name(model);
    quote! {
        impl StatusTable for Status {
            const MAX_RETRIES: Option<u32> = #max_retries;
            const MAX_ELAPSED: Option<Duration> = #max_elapsed;
            const TRANSPORT: RetryBehavior = #transport;
            #connect
            #conditional
            #max_retry_after
            #retry_after_jitter
            const HAS_ADDED_JITTER: bool = #has_added_jitter;

            fn retry_behavior(code: u16) -> RetryBehavior { retry_behavior(code) }

            #name
            #conditions
        }
    }
}

/// Returns the lookup of a row's name.
fn name(model: &Model) -> TokenStream {
    if model.classes.iter().all(|row| row.name.is_empty()) {
        return quote! {
            fn name(code: u16) -> Option<&'static str> { Self::from_code(code).map(Self::name) }
        };
    }
    let exact =
        (!model.rows.is_empty()).then(|| quote!(Row::Exact(status) => Some(status.name()),));
    quote! {
        fn name(code: u16) -> Option<&'static str> {
            match Self::row(code) {
                #exact
                Row::Class(row) if !row.name().is_empty() => Some(row.name()),
                _ => None,
            }
        }
    }
}

pub(super) fn expression(action: &Action) -> TokenStream {
    match action {
        Action::Never | Action::Undecided => quote!(RetryBehavior::DoNotRetry),
        Action::RetryAfter => quote!(RetryBehavior::RetryAfter),
        Action::Backoff(name) => {
            let schedule = constant(name);
            quote!(RetryBehavior::Backoff(&#schedule))
        }
        Action::RetryAfterOrBackoff(name) => {
            let schedule = constant(name);
            quote!(RetryBehavior::RetryAfterOrBackoff(&#schedule))
        }
    }
}
