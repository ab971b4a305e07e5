//! `completions`: the script with which a shell asks this program what completes a line.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use clap_complete::Shell;
use clap_complete::env::Shells;

/// The variable by which a shell asks.
pub(crate) const VARIABLE: &str = "CASCADE_COMPLETE";
const NAME: &str = "cascade";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> CommandResult {
    let shell = args.shell.to_string();
    let shells = Shells::builtins();
    let completer = shells
        .completer(&shell)
        .ok_or_else(|| Failure::new(format!("there are no completions for {shell}")))?;
    let mut script = Vec::new();
    completer
        .write_registration(VARIABLE, NAME, NAME, NAME, &mut script)
        .map_err(|error| Failure::new("the completions cannot be written").cause(error))?;
    let script = String::from_utf8(script)
        .map_err(|error| Failure::new("the completions are not text").cause(error))?;
    terminal.out(&script)?;
    Ok(ExitStatus::Success)
}
