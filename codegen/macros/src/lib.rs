//! The retry table an API documents, in place.

use std::env;
use std::path::{Path, PathBuf};

use proc_macro::TokenStream;
use quote::quote;
use retrospec_codegen::{Source, disk};
use syn::{LitStr, parse_macro_input};

/// The items of the table at a path below the package: what a generated crate has, in place.
///
/// The package needs `retrospec` among its dependencies, for the items use it.
///
/// ```ignore
/// mod memfault {
///     retrospec_macros::table!("spec/memfault.yaml");
/// }
///
/// let attempt = memfault::policy().first_attempt();
/// ```
///
/// A mistake in the spec is a compile error that shows the line of the YAML. Of warnings nothing is
/// seen here; `retrospec check` shows them.
#[proc_macro]
pub fn table(input: TokenStream) -> TokenStream {
    let path = parse_macro_input!(input as LitStr);
    expand(&path).unwrap_or_else(|message| {
        syn::Error::new(path.span(), message)
            .into_compile_error()
            .into()
    })
}

fn expand(path: &LitStr) -> Result<TokenStream, String> {
    let name = path.value();
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let file: PathBuf = Path::new(&package).join(&name);
    let bytes = disk::read(&file).map_err(|error| error.to_string())?;
    let source = Source::from_bytes(name, &bytes);
    let checked = retrospec_codegen::check(&source);
    let Some(model) = checked.model else {
        let errors = checked
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error());
        let texts: Vec<String> = errors.map(|error| error.render(&source, false)).collect();
        return Err(format!("the table is wrong\n\n{}", texts.join("\n\n")));
    };
    let items = retrospec_codegen::items(&model);
    let file = file.to_str().ok_or("the path of the package is no UTF-8")?;
    Ok(quote! {
        // Cargo compiles again when the spec changes.
        const _: &[u8] = include_bytes!(#file);
        #items
    }
    .into())
}
