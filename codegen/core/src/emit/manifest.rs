//! The generated crate's `Cargo.toml`.

use std::fmt::Write as _;

use crate::model::Model;

/// The release of the engine that generated code is written for.
const RUNTIME_VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn text(model: &Model, name: &str, runtime_path: Option<&str>) -> String {
    let description = string(&format!(
        "{}'s HTTP status codes: which to retry, and how long to wait first",
        model.api
    ));
    let version = string(&model.version.to_string());
    let runtime = match runtime_path {
        Some(path) => format!(
            "{{ path = {}, version = \"{RUNTIME_VERSION}\" }}",
            string(path)
        ),
        None => format!("\"{RUNTIME_VERSION}\""),
    };
    let license = match &model.license {
        Some(license) => format!("license = {}", string(license)),
        None => "publish = false".to_owned(),
    };
    format!(
        r#"[package]
name = "{name}"
description = {description}
version = {version}
edition = "2021"
rust-version = "1.81"
{license}

[features]
# Conversions to and from `http::StatusCode`; brings in std.
http = ["dep:http"]

[dependencies]
http = {{ version = "1", optional = true }}
retrospec = {runtime}

[package.metadata.docs.rs]
all-features = true
"#
    )
}

/// Returns a basic string of TOML.
fn string(text: &str) -> String {
    let escaped = text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '\\' | '"' => escaped.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(escaped, "\\u{:04X}", u32::from(c));
            }
            c => escaped.push(c),
        }
        escaped
    });
    format!("\"{escaped}\"")
}
