//! Generated items in somebody else's crate: every shape of a table × how it gets in × edition × what
//! is in scope there, with every lint denied.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use retrospec_codegen::internal::include_file;
use retrospec_codegen::{Source, check};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// What an includer has of its own.
struct Includer {
    name: &'static str,
    /// Of its crate.
    attribute: &'static str,
    /// In front of its modules.
    before: &'static str,
    /// In each of them.
    inside: &'static str,
}

const PLAIN: Includer = Includer {
    name: "plain",
    attribute: "",
    before: "",
    inside: "",
};

const INCLUDERS: [Includer; 4] = [
    PLAIN,
    Includer {
        name: "no-prelude",
        attribute: "#![no_implicit_prelude]",
        ..PLAIN
    },
    Includer {
        name: "no-std",
        attribute: "#![no_std]",
        ..PLAIN
    },
    // By the names of the prelude and of crates it means something else.
    Includer {
        name: "shadows",
        attribute: "#![allow(dead_code, unused_macros, non_camel_case_types, non_snake_case, clippy::missing_const_for_fn)]",
        before: "macro_rules! write { ($($t:tt)*) => { compile_error!(\"a write of its own\") } }\n\
                 macro_rules! concat { ($($t:tt)*) => { compile_error!(\"a concat of its own\") } }\n\
                 macro_rules! matches { ($($t:tt)*) => { compile_error!(\"a matches of its own\") } }\n\
                 macro_rules! format_args { ($($t:tt)*) => { compile_error!(\"a format_args of its own\") } }\n\
                 macro_rules! include_bytes { ($($t:tt)*) => { compile_error!(\"an include_bytes of its own\") } }\n",
        inside: "struct Option;\nenum Result {}\ntrait Clone {}\ntrait TryFrom {}\nstruct u16;\nfn Some() {}\n\
                 fn None() {}\nmod core {}\nmod std {}\nmod retrospec {}\n",
    },
];

/// Lints that the compiler allows by default and that a careful crate may deny.
const LINTS: [&str; 22] = [
    "absolute_paths_not_starting_with_crate",
    "ambiguous_negative_literals",
    "deprecated_in_future",
    "elided_lifetimes_in_paths",
    "explicit_outlives_requirements",
    "keyword_idents_2018",
    "keyword_idents_2024",
    "let_underscore_drop",
    "macro_use_extern_crate",
    "meta_variable_misuse",
    "missing_abi",
    "missing_copy_implementations",
    "missing_debug_implementations",
    "non_ascii_idents",
    "redundant_lifetimes",
    "single_use_lifetimes",
    "trivial_casts",
    "trivial_numeric_casts",
    "unit_bindings",
    "unreachable_pub",
    "unused_import_braces",
    "unused_qualifications",
];

/// Lints of clippy's group `restriction` that the generated items do not keep. Nobody denies the whole group.
const RESTRICTIONS: [&str; 6] = [
    "clippy::as_conversions",
    "clippy::exhaustive_enums",
    "clippy::exhaustive_structs",
    "clippy::implicit_return",
    "clippy::missing_inline_in_public_items",
    "clippy::single_call_fn",
];

/// The specs in `tests/integration/shapes`, by name.
fn shapes() -> Vec<(String, String)> {
    let folder = format!("{ROOT}/tests/integration/shapes");
    let mut shapes: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    shapes.sort();
    shapes
}

/// A package for each edition and includer, with a module for each shape and way in.
fn write_packages(folder: &Path, shapes: &[(String, String)]) -> usize {
    let mut modules = 0;
    let mut members = String::new();
    for edition in EDITIONS {
        for includer in &INCLUDERS {
            let name = format!("{}-{edition}", includer.name);
            let package = folder.join(&name);
            fs::create_dir_all(package.join("src")).unwrap();
            let _ = write!(members, "\"{name}\",");
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\npublish = false\n\
                 [dependencies]\nretrospec = {{ path = \"{ROOT}/runtime/engine\" }}\nretrospec-macros = {{ path = \"{ROOT}/codegen/macros\" }}\n"
            );
            fs::write(package.join("Cargo.toml"), manifest).unwrap();
            let mut root = format!("{}\n{}", includer.attribute, includer.before);
            for (shape, text) in shapes {
                let source = Source::new(format!("{shape}.yaml"), text);
                let model = check(&source).model.expect("a shape is a spec");
                fs::write(package.join(format!("{shape}.yaml")), text).unwrap();
                let items = include_file(&model, &source, "`cargo test`");
                fs::write(package.join(format!("src/{shape}.rs")), items).unwrap();
                let ways = [
                    format!("::core::include!(\"{shape}.rs\");"),
                    format!("::retrospec_macros::table!(\"{shape}.yaml\");"),
                ];
                for (way, item) in ["included", "expanded"].into_iter().zip(ways) {
                    let _ = writeln!(root, "mod {way}_{shape} {{\n{}{item}\n}}", includer.inside);
                    modules += 1;
                }
            }
            fs::write(package.join("src/lib.rs"), root).unwrap();
        }
    }
    let workspace = format!("[workspace]\nmembers = [{members}]\nresolver = \"2\"\n");
    fs::write(folder.join("Cargo.toml"), workspace).unwrap();
    // What is locked here is there already.
    fs::copy(format!("{ROOT}/Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    modules
}

#[test]
fn included_items_are_hygienic() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("includers");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let shapes = shapes();
    let modules = write_packages(&folder, &shapes);
    let denied = ["warnings", "clippy::pedantic", "clippy::nursery"];
    let lints = denied
        .into_iter()
        .chain(LINTS)
        .chain(RESTRICTIONS)
        .flat_map(|lint| ["-D", lint]);
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--quiet", "--workspace", "--"])
        .args(lints)
        .current_dir(&folder)
        .env(
            "CARGO_TARGET_DIR",
            folder.with_file_name("includers-target"),
        )
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    println!(
        "{modules} modules under {} lints",
        LINTS.len() + RESTRICTIONS.len() + denied.len()
    );
    assert_eq!(modules, shapes.len() * 2 * EDITIONS.len() * INCLUDERS.len());
}
