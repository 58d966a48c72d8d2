//! The generated crate's root.

use std::fmt::Write as _;

use crate::emit::docs::{assumed, escape, table};
use crate::emit::{MODULES, http};
use crate::model::{Jitter, Model};

pub(super) fn text(model: &Model, name: &str) -> String {
    let mut text = String::new();
    for line in documentation(model, name).lines() {
        text.push_str(if line.is_empty() { "//!" } else { "//! " });
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(
        "\n#![no_std]\n#![forbid(unsafe_code)]\n\
         // The table's texts are quoted as they are.\n\
         #![allow(clippy::doc_markdown)]\n\n",
    );
    // The generator's lines break elsewhere than rustfmt's.
    for (module, _) in MODULES {
        let _ = writeln!(text, "#[rustfmt::skip]\nmod {module};");
    }
    let (http, _) = http::MODULE;
    let _ = writeln!(
        text,
        "#[cfg(feature = \"http\")]\n#[rustfmt::skip]\nmod {http};\n"
    );
    for (module, _) in MODULES {
        let _ = writeln!(text, "pub use {module}::*;");
    }
    text
}

fn documentation(model: &Model, name: &str) -> String {
    let api = escape(&model.api);
    let mut text = format!(
        "{api}'s HTTP status codes: which to retry, and how long to wait first.\n\n\
         Transcribed from [{}](<{}>) as read on {}.\n\n",
        escape(&model.source.title),
        model.source.url,
        model.source.read,
    );
    text.push_str(&table(model));
    let assumptions = assumed(model);
    if !assumptions.is_empty() {
        let _ = write!(
            text,
            "\n# What the source does not say\n\nThis transcription decided:\n\n{assumptions}"
        );
    }
    let krate = name.replace('-', "_");
    // Not run: there are tables that retry 204, and waits of hours.
    let _ = write!(
        text,
        "\n# Use\n\n\
         ```no_run\n\
         use retrospec::{{Next, Outcome}};\n\
         \n\
         # fn send() -> u16 {{ 204 }}\n\
         let mut attempt = {krate}::policy().first_attempt();\n\
         let (code, stop) = loop {{\n\
         {i}let code = send();\n\
         {i}match attempt.next(Outcome::status(code)) {{\n\
         {i}{i}Next::Retry(wait) => attempt = wait.sleep(std::thread::sleep),\n\
         {i}{i}Next::Stop(stop) => break (code, stop),\n\
         {i}}}\n\
         }};\n\
         ```\n",
        i = "    ",
    );
    if model
        .schedules
        .iter()
        .any(|schedule| schedule.jitter != Jitter::None)
    {
        text.push_str(
            "\nFor the jitter, hand each outcome a random number with `Outcome::random`.\n",
        );
    }
    text
}
