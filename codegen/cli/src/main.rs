//! The `retrospec` command: reads, prints and writes; what a table means is for the libraries.

mod check;
mod completions;
mod conform;
mod diff;
mod engine;
mod explain;
mod generate;
mod import;
mod input;
mod response;
mod row;
mod serve;
mod simulate;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use retrospec_codegen::internal::terminal;

/// The retry table an API documents, turned into Rust that the compiler checks.
///
/// Exit status: 0; 1 if a spec or a document has errors, files drifted, a page differs, a version was bumped too
/// little, or a client does not follow its table; 2 if the command line is wrong, or something cannot be read,
/// written or run.
#[derive(Parser)]
#[command(name = "retrospec", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the crate that a spec describes.
    Generate(generate::Arguments),
    /// Report every mistake in specs.
    Check(check::Arguments),
    /// Show a table, or what a client goes through after one status code.
    Explain(explain::Arguments),
    /// Show what a table does to a fleet of clients, and to the server that comes back after an outage.
    Simulate(simulate::Arguments),
    /// Run a client against each row of a table, and say if it does what was due.
    Conform(conform::Arguments),
    /// Answer as a table's server, and print each request with the time that was due.
    Serve(serve::Arguments),
    /// Draft a table from an OpenAPI document.
    Import(import::Arguments),
    /// Say what changed for clients, and whether `version` was bumped enough.
    Diff(diff::Arguments),
    /// Compare a table with a saved copy of the page that it was transcribed from.
    Verify(verify::Arguments),
    /// Print the script by which a shell completes command lines.
    Completions(completions::Arguments),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Conform(arguments) => conform::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command()),
    };
    terminal::exit(result)
}
