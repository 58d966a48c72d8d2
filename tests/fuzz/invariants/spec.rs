//! Any bytes as a spec: read without a panic; and what is taken makes a sound model and sound code.

use std::collections::BTreeSet;
use std::time::Duration;

use retrospec_codegen::internal::diff::diff;
use retrospec_codegen::internal::model::{Action, Behavior, Jitter, Model, Schedule, ScheduleKind};
use retrospec_codegen::internal::{include_file, show, table};
use retrospec_codegen::{Source, check, generate};

/// Whether the spec is taken.
pub(crate) fn check_spec(bytes: &[u8]) -> bool {
    let source = Source::from_bytes("spec.yaml", bytes);
    let checked = check(&source);
    let mut last = 0;
    for diagnostic in &checked.diagnostics {
        assert!(!diagnostic.render(&source, true).is_empty());
        for label in &diagnostic.labels {
            let (start, end) = (label.span.start, label.span.end);
            let place = source.text().get(start..end);
            assert!(place.is_some(), "{start}..{end}: {diagnostic:?}");
        }
        let start = diagnostic.labels[0].span.start;
        assert!(last <= start, "out of order: {diagnostic:?}");
        last = start;
    }
    let errors = checked.diagnostics.iter().filter(|found| found.is_error());
    assert_eq!(checked.model.is_none(), errors.count() > 0);
    let Some(model) = checked.model else {
        return false;
    };
    check_model(&model);
    check_code(&model, &source);
    true
}

fn check_model(model: &Model) {
    assert!(!model.rows.is_empty() || !model.classes.is_empty());
    assert!(model.rows.is_sorted_by(|a, b| a.code < b.code));
    assert!(model.classes.is_sorted_by(|a, b| a.class < b.class));
    assert!(model.rows.iter().all(|row| (100..=999).contains(&row.code)));
    assert!(
        model
            .classes
            .iter()
            .all(|row| (1..=9).contains(&row.class.0))
    );

    let variants: BTreeSet<&str> = model.rows.iter().map(|row| &*row.variant).collect();
    assert_eq!(variants.len(), model.rows.len());
    for variant in variants {
        assert!(variant.starts_with(|c: char| c.is_ascii_uppercase()));
        assert!(variant.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        syn::parse_str::<syn::Ident>(variant).unwrap();
    }

    assert!(
        model
            .max_retries
            .is_none_or(|max| (1..=1_000).contains(&max))
    );
    assert!(model.max_elapsed.is_none_or(|max| !max.is_zero()));
    check_texts(model);
    check_behaviors(model);
    assert!(model.schedules.is_sorted_by(|a, b| a.name < b.name));
    for schedule in &model.schedules {
        check_schedule(schedule, model.max_retries);
    }
    assert_eq!(diff(model, model), []);
}

/// One line each, of what can be seen.
fn check_texts(model: &Model) {
    let sources = model.sources.iter();
    let sources = sources.flat_map(|source| [&source.title, &source.url, &source.read]);
    let rows = model.rows.iter();
    let required = [&model.api]
        .into_iter()
        .chain(sources)
        .chain(rows.clone().map(|row| &row.name))
        .chain(&model.assumed);
    for text in required.clone() {
        assert!(!text.is_empty());
    }
    let classes = model.classes.iter();
    let optional = rows
        .map(|row| &row.description)
        .chain(classes.flat_map(|row| [&row.name, &row.description]));
    for text in required.chain(optional) {
        assert!(!text.contains(char::is_control), "{text:?}");
        assert_eq!(text.trim(), text);
    }
    assert!(!model.sources.is_empty());
    for source in &model.sources {
        assert!(source.url.starts_with("http://") || source.url.starts_with("https://"));
        let read = source.read.bytes();
        let shape = read.map(|byte| {
            if byte.is_ascii_digit() {
                '0'
            } else {
                char::from(byte)
            }
        });
        assert_eq!(shape.collect::<String>(), "0000-00-00");
    }
    let conditions = model.wait_headers.iter().flat_map(|header| &header.only_if);
    let names = model.wait_headers.iter().map(|header| &header.name);
    let names = names
        .chain(conditions.map(|(name, _)| name))
        .chain(model.should_retry.iter().map(|header| &header.header));
    for name in names {
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!name.contains([':', '"']), "{name}");
    }
}

fn check_behaviors(model: &Model) {
    let actions = || model.behaviors().map(|behavior| &behavior.action);
    let named: BTreeSet<&str> = actions().filter_map(Action::schedule).collect();
    let defined: BTreeSet<&str> = model.schedules.iter().map(|s| &*s.name).collect();
    assert_eq!(named, defined);

    let is_bare = actions().any(|action| *action == Action::RetryAfter);
    assert!(!is_bare || model.max_retries.is_some());
    for Behavior { action, .. } in [&model.connect, &model.transport] {
        assert!(matches!(action, Action::Never | Action::Backoff(_)));
    }
    for Behavior {
        if_idempotent,
        action,
    } in model.behaviors()
    {
        assert!(!if_idempotent || *action != Action::Never);
    }
}

/// It lasts as long as there are retries, and its waits are what it says they are.
fn check_schedule(schedule: &Schedule, max_retries: Option<u32>) {
    let Schedule {
        waits, repeat_last, ..
    } = schedule;
    let last = *waits.last().unwrap();
    let max_retries = schedule.max_retries.or(max_retries);
    let lasts = |max: u32| waits.len() >= max as usize;
    assert!(*repeat_last || max_retries.is_some_and(lasts));
    assert!(!repeat_last || !last.is_zero());
    if let Jitter::Percent(percent) | Jitter::Down(percent) | Jitter::Up(percent) = schedule.jitter
    {
        assert!(percent <= 100);
    }
    let ScheduleKind::Formula { multiplier, max } = schedule.kind else {
        return;
    };
    assert!(max_retries.is_none_or(|max| waits.len() <= max as usize));
    assert!(multiplier >= 1_000);
    let max = max.unwrap_or(Duration::MAX);
    assert!(last <= max && waits.iter().all(|wait| !wait.is_zero()));
    for pair in waits.windows(2) {
        let exact = pair[0].as_nanos() * u128::from(multiplier);
        let off = exact.abs_diff(pair[1].as_nanos() * 1_000);
        assert!(off <= 500 || pair[1] == max, "{pair:?} by {multiplier}");
        assert!(exact + 500 >= pair[1].as_nanos() * 1_000);
    }
    assert!(!repeat_last || multiplier == 1_000 || last == max);
}

const STATUS: &str = "src/status.rs";

fn check_code(model: &Model, source: &Source) {
    syn::parse_file(&include_file(model, source, "test")).unwrap();
    assert!(!show(model).is_empty() && !table(model).is_empty());

    let files = generate(source).files;
    assert_eq!(files, generate(source).files);
    assert_eq!(files.is_some(), model.crate_name.is_some());
    let Some(files) = files else {
        return;
    };
    for (path, text) in &files {
        if path == "Cargo.toml" {
            check_manifest(model, text);
            continue;
        }
        if path == "rustfmt.toml" {
            continue;
        }
        let file = syn::parse_file(text);
        let file = file.unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        if path == STATUS {
            assert_eq!(variants(file), rows(model));
        }
    }
    assert!(files.contains_key(STATUS));
}

fn check_manifest(model: &Model, text: &str) {
    let manifest: toml::Table = text.parse().unwrap();
    let package = |key: &str| manifest["package"][key].as_str();
    let ident = package("name").unwrap().replace('-', "_");
    syn::parse_str::<syn::Ident>(&ident).unwrap();
    assert_eq!(package("name"), model.crate_name.as_deref());
    assert_eq!(package("version"), Some(&*model.version.to_string()));
    assert!(package("description").unwrap().contains(&model.api));
}

fn rows(model: &Model) -> Vec<(String, String)> {
    let rows = model.rows.iter();
    rows.map(|row| (row.variant.clone(), row.code.to_string()))
        .collect()
}

/// The variants of the enum and what they stand for, as they are written.
fn variants(status: syn::File) -> Vec<(String, String)> {
    use quote::ToTokens;

    let found = status.items.into_iter().find_map(|item| match item {
        syn::Item::Enum(found) => Some(found),
        _ => None,
    });
    let code = |variant: &syn::Variant| {
        let (_, code) = variant.discriminant.as_ref().unwrap();
        code.to_token_stream().to_string()
    };
    found
        .unwrap()
        .variants
        .iter()
        .map(|variant| (variant.ident.to_string(), code(variant)))
        .collect()
}
