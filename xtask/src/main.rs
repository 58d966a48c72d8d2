//! `cargo xtask TASK`: every task of this repository.

mod api;
mod ci;
mod codegen;
mod features;
mod gallery;
mod history;
mod locks;
mod process;
mod words;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use retrospec_codegen::internal::terminal;

const HELP: &str = "\
usage: cargo xtask TASK

  codegen [--check]  write generated/, the README's table and the gallery's page from the specs, and show what
                     was read; with --check write nothing, and fail if something would change
  api [--check]      list the public items of each crate in docs/api; with --check only fail if a list would
                     change
  ci                 format, clippy, features, codegen --check, versions, api --check, docs and tests: what a
                     change must pass
  versions           fail if a spec changed more than its version says: since the last commit, or else in it
  features           build the client with each set of its features

Optional, and with tools of their own, which each names if it is missing:

  firmware           decide on a microcontroller under QEMU, and hold what it costs against its limits
  msrv               compile the engine and the generated crates with an older Rust than they promise
  fuzz [SECONDS]     give hostile input to each fuzz target, for 20 minutes if not said
  bench [PART...]    measure this project against its peers: status, schedule, success, build, generator; or
                     alone: decide (code against code), generate (many rows), refuse (wrong specs)
  scoreboard         send by each peer's retries against what the page documents, and draw docs/scoreboard.svg
  conform-peers      run HTTP clients of several languages against Memfault's table, and write
                     docs/conformance.md: for a quarter of an hour
  coverage           print which lines the tests run
  words [--list]     count how comments and Markdown are written, crate by crate, or list the places

Exit status: 0; 1 if something is wrong with what was looked at; 2 for a wrong command line, or if something
cannot be read, written or run.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // Paths are shown, and put into headers, relative to the repository.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&manifest).join("..");
    if let Err(error) = env::set_current_dir(&root) {
        eprintln!("error: cannot enter {}: {error}", root.display());
        return ExitCode::from(2);
    }
    let result = match arguments[..] {
        ["codegen"] => codegen::run(false),
        ["codegen", "--check"] => codegen::run(true),
        ["ci"] => ci::run_all(),
        ["versions"] => codegen::specs().and_then(|specs| history::check_versions(&specs)),
        ["features"] => features::run(),
        ["api"] => api::run(false),
        ["api", "--check"] => api::run(true),
        ["firmware"] => process::script("tests/firmware/run.sh", &[]),
        ["msrv"] => process::script("tests/msrv/run.sh", &[]),
        ["fuzz", ref seconds @ ..] if seconds.len() < 2 => {
            process::script("tests/fuzz/run.sh", seconds)
        }
        ["bench", part @ ("decide" | "generate" | "refuse")] => {
            process::script(&format!("benches/{part}.sh"), &[])
        }
        ["bench", ref parts @ ..] => process::script("benches/run.sh", parts),
        ["scoreboard"] => process::script("benches/scoreboard/run.sh", &[]),
        ["conform-peers"] => process::script("benches/peers/run.sh", &[]),
        ["coverage"] => process::cargo(&["tarpaulin", "--config", ".cargo/tarpaulin.toml"]),
        ["words"] => words::run(false),
        ["words", "--list"] => words::run(true),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("error: `{}` is not a task\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    terminal::exit(result)
}
