//! What to do with each code, and the table as the engine sees it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::emit::schedule::{constant, duration};
use crate::emit::{doc, docs, integer};
use crate::model::{Behavior, Model};

pub(super) fn tokens(model: &Model) -> TokenStream {
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
        use core::time::Duration;
        use retrospec::{Policy, RetryBehavior, StatusTable};
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

/// The arms of rows that say the same are one, in the order of their first codes.
fn retry_behavior(model: &Model) -> TokenStream {
    let mut arms: Vec<(&Behavior, Vec<TokenStream>)> = Vec::new();
    for row in &model.rows {
        add(&mut arms, &row.retry, integer(row.code).into_token_stream());
    }
    // Ranges come after every exact code.
    let mut class_arms = Vec::new();
    for row in &model.classes {
        let (first, last) = (integer(row.class * 100), integer(row.class * 100 + 99));
        add(&mut class_arms, &row.retry, quote!(#first..=#last));
    }
    let arms = arms.iter().chain(&class_arms).map(|(behavior, patterns)| {
        let behavior = expression(behavior);
        quote!(#(#patterns)|* => #behavior)
    });
    let unlisted = expression(&model.unlisted);
    let body = if model.rows.is_empty() && model.classes.is_empty() {
        unlisted
    } else {
        quote! {
            match code {
                #(#arms,)*
                _ => #unlisted,
            }
        }
    };
    quote! {
        /// What the table says about any code: its row, else its class's, else what holds for
        /// unlisted codes.
        #[must_use]
        #[allow(
            clippy::manual_range_patterns,
            clippy::match_same_arms,
            reason = "the codes stand as the table lists them"
        )]
        pub const fn retry_behavior(code: u16) -> RetryBehavior { #body }
    }
}

fn add<'a>(
    arms: &mut Vec<(&'a Behavior, Vec<TokenStream>)>,
    behavior: &'a Behavior,
    pattern: TokenStream,
) {
    match arms.iter_mut().find(|(known, _)| *known == behavior) {
        Some((_, patterns)) => patterns.push(pattern),
        None => arms.push((behavior, vec![pattern])),
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
