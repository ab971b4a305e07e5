//! `completions`: what a shell completes.

use crate::cli::error::{Failure, Outcome};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::command::Cli;
use clap::CommandFactory;
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cascade", &mut script);
    let script = String::from_utf8(script)
        .map_err(|error| Failure::new("the completions are not text").cause(error))?;
    terminal.out(&script)?;
    Ok(ExitStatus::Success)
}
