//! What a shell needs to complete a command line.

use clap_complete::Shell;
use retrospec_codegen::internal::terminal::{Failure, print};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell that completes.
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> Result<(), Failure> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    print(&String::from_utf8(script)?)
}
