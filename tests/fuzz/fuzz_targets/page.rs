//! Any bytes as a saved page.

#![no_main]

#[path = "../invariants/page.rs"]
mod page;

use std::sync::LazyLock;

use retrospec_codegen::internal::model::Model;

static MODEL: LazyLock<Model> = LazyLock::new(page::model);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = page::check_page(bytes, &MODEL);
});
