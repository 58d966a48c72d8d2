#![doc = include_str!("../README.md")]

use std::env;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use retrospec_codegen::Source;
use retrospec_codegen::internal::{disk, items};
use syn::{LitStr, parse_macro_input};

/// Expands to the items of the table at a path below the package: what a generated crate has.
///
/// ```
/// mod parcels {
///     retrospec_macros::table!("../../examples/macro/parcels.yaml");
/// }
///
/// assert_eq!(parcels::policy().first_attempt().retries(), 0);
/// ```
///
/// Cargo compiles again when the spec changes. A mistake in the spec is a compile error that shows the line of
/// the YAML. Warnings are not shown: `retrospec check` shows them.
#[proc_macro]
pub fn table(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let path = parse_macro_input!(input as LitStr);
    expand(&path)
        .unwrap_or_else(|message| syn::Error::new(path.span(), message).into_compile_error())
        .into()
}

fn expand(path: &LitStr) -> Result<TokenStream, String> {
    let name = path.value();
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let file: PathBuf = Path::new(&package).join(&name);
    let bytes = disk::read_spec(&file).map_err(|error| error.to_string())?;
    let source = Source::from_bytes(name, &bytes);
    let checked = retrospec_codegen::check(&source);
    let Some(model) = &checked.model else {
        return Err(format!(
            "the table has errors\n\n{}",
            checked.errors(&source)
        ));
    };
    let file = file
        .to_str()
        .ok_or("the path of the package is not UTF-8")?;
    // Cargo compiles again when the spec changes.
    let watched = quote!(
        const _: &[u8] = ::core::include_bytes!(#file);
    );
    Ok(items(model, &watched))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(path: &str) -> Result<TokenStream, String> {
        expand(&syn::parse_str(&format!("{path:?}")).unwrap())
    }

    #[test]
    fn a_mistake_shows_the_line_of_the_yaml() {
        let message = expanded("../core/tests/bad/SPEC0301-unknown-schedule.yaml").unwrap_err();
        assert!(
            message.starts_with("the table has errors\n\nerror[SPEC0301]"),
            "{message}"
        );
        assert!(message.contains("17 |     retry: step\n"), "{message}");
    }

    #[test]
    fn a_missing_spec_is_named() {
        let message = expanded("missing.yaml").unwrap_err();
        assert!(message.contains("missing.yaml"), "{message}");
    }
}
