//! `completions`: what a shell completes.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints what completes the commands of `tree`.
pub(crate) fn run(args: &Args, mut tree: clap::Command, terminal: &Terminal) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree, "cascade", &mut script);
    let script = String::from_utf8(script)
        .map_err(|error| Failure::new("the completions are not text").cause(error))?;
    terminal.out(&script)?;
    Ok(ExitStatus::Success)
}
