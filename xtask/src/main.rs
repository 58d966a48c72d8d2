//! `cargo xtask codegen [--check]`.

mod codegen;

use std::env;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask codegen [--check]

  codegen          write generated/ and the README's tables from spec/*.yaml
  codegen --check  write nothing; fail where something would change";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let check = match arguments[..] {
        ["codegen"] => false,
        ["codegen", "--check"] => true,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    // Paths are shown, and put into headers, relative to the repository.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&manifest).join("..");
    if let Err(error) = env::set_current_dir(&root) {
        eprintln!("error: cannot enter {}: {error}", root.display());
        return ExitCode::from(2);
    }
    match codegen::run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(codegen::Failure::Content) => ExitCode::from(1),
        Err(codegen::Failure::Other(error)) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
