//! What a table goes by beside the status: code, as a person would write it.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::behavior::{Arm, add, expression};
use crate::model::{Action, Behavior, Model, ShouldRetry, WaitForm, WaitHeader};

/// Returns whether what a row says holds under a condition.
pub(super) fn are_in(model: &Model) -> bool {
    model.should_retry.is_some()
        || model.behaviors().any(|behavior| behavior.if_idempotent)
        || !errors(model).is_empty()
}

/// Returns what the code needs of the engine.
pub(super) fn imports(model: &Model) -> Vec<&'static str> {
    let mut names = BTreeSet::new();
    if are_in(model) {
        names.extend(["Outcome", "Reason"]);
    }
    if !model.has_only_retry_after() {
        names.extend(["Outcome", "Reason"]);
        if model.wait_headers.len() > 1 {
            names.insert("first_wait");
        }
    }
    names.into_iter().collect()
}

/// Returns the items of the implementation of `StatusTable`.
pub(super) fn items(model: &Model) -> TokenStream {
    let behavior = are_in(model).then(|| behavior(model));
    let server_wait = (!model.has_only_retry_after()).then(|| server_wait(&model.wait_headers));
    quote! {
        #behavior
        #server_wait
    }
}

fn behavior(model: &Model) -> TokenStream {
    let should_retry = model.should_retry.as_ref().and_then(should_retry);
    let errors = errors(model);
    let arms = errors.iter().map(|(retry, places)| {
        let places = places.iter().map(Place::pattern);
        (quote!(#(#places)|*), result(retry))
    });
    let by_error = returns(
        &quote!((outcome.code(), outcome.error_code())),
        arms.collect(),
    );
    let listed = if_idempotent(model);
    quote! {
        fn behavior(outcome: &Outcome<'_>) -> Result<RetryBehavior, Reason> {
            #should_retry
            #by_error
            #listed
        }
    }
}

/// Returns the code that leaves the function if a pattern fits.
fn returns(value: &TokenStream, mut arms: Vec<(TokenStream, TokenStream)>) -> Option<TokenStream> {
    let (pattern, result) = arms.pop()?;
    if arms.is_empty() {
        return Some(quote! {
            if let #pattern = #value {
                return #result;
            }
        });
    }
    arms.push((pattern, result));
    let arms = arms
        .into_iter()
        .map(|(pattern, result)| quote!(#pattern => return #result));
    Some(quote! {
        match #value {
            #(#arms,)*
            _ => {}
        }
    })
}

/// Returns the code for a header that decides about a response.
fn should_retry(header: &ShouldRetry) -> Option<TokenStream> {
    let name = header.header.to_lowercase();
    let mut cases: Vec<(&Behavior, Vec<Literal>)> = Vec::new();
    for (value, retry) in &header.cases {
        let value = Literal::byte_string(value.as_bytes());
        match cases.iter_mut().find(|(same, _)| *same == retry) {
            Some((_, values)) => values.push(value),
            None => cases.push((retry, vec![value])),
        }
    }
    let arms = cases
        .into_iter()
        .map(|(retry, values)| (quote!((Some(_), Some(#(#values)|*))), result(retry)));
    returns(
        &quote!((outcome.code(), outcome.header(#name))),
        arms.collect(),
    )
}

/// Status codes, and error codes that say the same with each of them.
struct Place<'a> {
    codes: Vec<u16>,
    errors: Vec<&'a str>,
}

impl Place<'_> {
    fn pattern(&self) -> TokenStream {
        let mut arms = Vec::new();
        for code in &self.codes {
            add(&mut arms, (), *code, *code);
        }
        let (codes, errors) = (arms.iter().map(Arm::patterns), &self.errors);
        quote!((Some(#(#codes)|*), Some(#(#errors)|*)))
    }
}

/// Returns the exceptions of all rows, by what they say. Those of a class do not hold for the codes that have a
/// row.
fn errors(model: &Model) -> Vec<(&Behavior, Vec<Place<'_>>)> {
    let exact = model.rows.iter().map(|row| (vec![row.code], &row.errors));
    let classes = model.classes.iter().map(|row| {
        let codes = row.class.codes().filter(|code| model.row(*code).is_none());
        (codes.collect(), &row.errors)
    });
    let mut all: Vec<(&Behavior, Vec<Place<'_>>)> = Vec::new();
    for (codes, errors) in exact.chain(classes) {
        if codes.is_empty() {
            continue;
        }
        let mut of_row: Vec<(&Behavior, Vec<&str>)> = Vec::new();
        for (error, retry) in errors {
            match of_row.iter_mut().find(|(same, _)| *same == retry) {
                Some((_, errors)) => errors.push(error),
                None => of_row.push((retry, vec![error])),
            }
        }
        for (retry, errors) in of_row {
            let codes = codes.clone();
            let Some((_, places)) = all.iter_mut().find(|(same, _)| *same == retry) else {
                all.push((retry, vec![Place { codes, errors }]));
                continue;
            };
            match places.iter_mut().find(|place| place.errors == errors) {
                Some(place) => {
                    place.codes.extend(codes);
                    place.codes.sort_unstable();
                }
                None => places.push(Place { codes, errors }),
            }
        }
    }
    all
}

/// Returns the constant that lists what only a condition leads to: what no status code alone does. A policy may
/// replace the behaviors without a response, so they do not count.
pub(super) fn conditional(model: &Model) -> Option<TokenStream> {
    let mut conditional: Vec<&Action> = Vec::new();
    let rows = model.rows.iter().map(|row| &row.errors);
    let errors = rows
        .chain(model.classes.iter().map(|row| &row.errors))
        .flatten();
    let cases = model.should_retry.iter().flat_map(|header| &header.cases);
    for (_, Behavior { action, .. }) in errors.chain(cases) {
        let is_listed = || (100..=999).any(|code| model.decision(code).action == *action);
        if *action != Action::Never && !conditional.contains(&action) && !is_listed() {
            conditional.push(action);
        }
    }
    let conditional: Vec<TokenStream> = conditional.into_iter().map(expression).collect();
    (!conditional.is_empty())
        .then(|| quote!(const CONDITIONAL: &'static [RetryBehavior] = &[#(#conditional),*];))
}

/// Returns the end of the function: what the rows say, with the condition that the request is idempotent.
fn if_idempotent(model: &Model) -> TokenStream {
    let mut codes = Vec::new();
    for code in 0..=u16::MAX {
        if model.decision(code).if_idempotent {
            add(&mut codes, (), code, code);
        }
    }
    let is_any = (0..=u16::MAX).all(|code| model.decision(code).if_idempotent);
    let without_response = match (model.connect.if_idempotent, model.transport.if_idempotent) {
        (true, true) => Some(quote!(None if outcome.is_not_sent() || outcome.is_no_response())),
        (true, false) => Some(quote!(None if outcome.is_not_sent())),
        (false, true) => Some(quote!(None if outcome.is_no_response())),
        (false, false) => None,
    };
    if codes.is_empty() && without_response.is_none() {
        return quote!(Ok(Self::listed(outcome)));
    }
    let codes = codes.iter().map(|arm| match arm.patterns() {
        _ if is_any => quote!(Some(_)),
        codes => quote!(Some(#codes)),
    });
    let patterns = codes.chain(without_response);
    quote! {
        match outcome.code() {
            #(#patterns => outcome.if_idempotent(Self::listed(outcome)),)*
            _ => Ok(Self::listed(outcome)),
        }
    }
}

/// Returns a behavior as what `StatusTable::behavior` returns.
fn result(behavior: &Behavior) -> TokenStream {
    let expression = expression(&behavior.action);
    if behavior.if_idempotent {
        quote!(outcome.if_idempotent(#expression))
    } else {
        quote!(Ok(#expression))
    }
}

fn server_wait(headers: &[WaitHeader]) -> TokenStream {
    let waits: Vec<TokenStream> = headers.iter().map(wait).collect();
    let body = match &waits[..] {
        [wait] => wait.clone(),
        waits => quote!(first_wait(&[#(#waits),*])),
    };
    quote! {
        fn server_wait(outcome: &Outcome<'_>) -> Result<Duration, Reason> { #body }
    }
}

fn wait(header: &WaitHeader) -> TokenStream {
    let name = header.name.to_lowercase();
    let wait = match header.form {
        WaitForm::RetryAfter => quote!(outcome.retry_after_in(#name)),
        WaitForm::Seconds => quote!(outcome.seconds_in(#name)),
        WaitForm::Milliseconds => quote!(outcome.milliseconds_in(#name)),
        WaitForm::UnixSeconds => quote!(outcome.unix_seconds_in(#name)),
    };
    header
        .only_if
        .iter()
        .rev()
        .fold(wait, |wait, (name, value)| {
            let (name, value) = (name.to_lowercase(), Literal::byte_string(value.as_bytes()));
            quote! {
                match outcome.header(#name) {
                    Some(#value) => #wait,
                    _ => Err(Reason::NoRetryAfter),
                }
            }
        })
}
