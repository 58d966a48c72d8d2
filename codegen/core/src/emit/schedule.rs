//! The number of retries and the waits, as constants.

use std::time::Duration;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::duration::human;
use crate::emit::docs;
use crate::emit::module::{Module, Place, doc, integer};
use crate::model::{Jitter, Model, Schedule};

pub(super) const MODULE: Module = Module {
    name: "schedule",
    tokens,
    exports,
};

fn exports(model: &Model) -> Vec<Ident> {
    let constants = model.schedules.iter().flat_map(|schedule| {
        let name = constant(&schedule.name);
        [format_ident!("{name}_WAITS"), name]
    });
    let mut names: Vec<Ident> = constants.chain(max_retries(model)).collect();
    names.sort();
    names
}

fn tokens(model: &Model, place: Place) -> TokenStream {
    let root = place.root();
    let jitter = model
        .schedules
        .iter()
        .any(|schedule| !matches!(schedule.jitter, Jitter::None | Jitter::Added(_)))
        .then(|| quote!(, Jitter));
    let imports = (!model.schedules.is_empty()).then(|| {
        quote! {
            use #root core::time::Duration;
            use #root retrospec::{Backoff #jitter};
        }
    });
    let max_retries = max_retries(model).zip(model.max_retries);
    let max_retries = max_retries.map(|(name, retries)| {
        let retries = integer(retries);
        quote! {
            /// How often one request may be retried, whatever the cause.
            pub const #name: u32 = #retries;
        }
    });
    let schedules = model.schedules.iter().map(schedule);
    quote! {
        #imports

        #max_retries
        #(#schedules)*
    }
}

/// Returns the constant of the number of retries, or `None` if it is not limited.
pub(super) fn max_retries(model: &Model) -> Option<Ident> {
    model.max_retries.map(|_| format_ident!("MAX_RETRIES"))
}

/// Returns the constant of a schedule.
pub(super) fn constant(name: &str) -> Ident {
    format_ident!("{}", name.to_uppercase())
}

fn schedule(schedule: &Schedule) -> TokenStream {
    let name = constant(&schedule.name);
    let waits = format_ident!("{name}_WAITS");
    let count = Literal::usize_unsuffixed(schedule.waits.len());
    let durations = schedule.waits.iter().map(|wait| duration(*wait));
    let about_waits = doc(&format!(
        "The waits of [`{name}`]{}.",
        list(&schedule.waits)
    ));
    let about = doc(&format!(
        "The schedule `{}`: {}.",
        schedule.name,
        docs::schedule(schedule)
    ));
    let repeat_last = schedule.repeat_last.then(|| quote!(.repeat_last()));
    let jitter = match schedule.jitter {
        Jitter::None => None,
        Jitter::Full => Some(quote!(.jitter(Jitter::Full))),
        Jitter::Equal => Some(quote!(.jitter(Jitter::Equal))),
        Jitter::Percent(percent) => {
            let percent = integer(percent);
            Some(quote!(.jitter(Jitter::Percent(#percent))))
        }
        Jitter::Down(percent) => {
            let percent = integer(percent);
            Some(quote!(.jitter(Jitter::Down(#percent))))
        }
        Jitter::Up(percent) => {
            let percent = integer(percent);
            Some(quote!(.jitter(Jitter::Up(#percent))))
        }
        Jitter::Added(millis) => {
            let millis = integer(millis);
            Some(quote!(.added_jitter(#millis)))
        }
    };
    quote! {
        #about_waits
        pub const #waits: [Duration; #count] = [#(#durations),*];

        #about
        pub const #name: Backoff = Backoff::new(&#waits) #repeat_last #jitter;
    }
}

/// Returns the waits as in `: 8 s, 1 min 4 s` if they are few.
fn list(waits: &[Duration]) -> String {
    if waits.len() > 10 {
        return String::new();
    }
    let waits: Vec<String> = waits.iter().map(|wait| human(*wait)).collect();
    format!(": {}", waits.join(", "))
}

/// Returns the constructor that a person would choose.
pub(super) fn duration(duration: Duration) -> TokenStream {
    let (secs, nanos) = (duration.as_secs(), duration.subsec_nanos());
    if nanos == 0 {
        let secs = integer(secs);
        quote!(Duration::from_secs(#secs))
    } else if let (0, Ok(millis)) = (nanos % 1_000_000, u64::try_from(duration.as_millis())) {
        let millis = integer(millis);
        quote!(Duration::from_millis(#millis))
    } else {
        let (secs, nanos) = (integer(secs), integer(nanos));
        quote!(Duration::new(#secs, #nanos))
    }
}
