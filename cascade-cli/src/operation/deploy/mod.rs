//! `deploy`: the beginning and the end of the one deploy path.

mod gate;
mod record;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check that the environment still holds what the plan was made for, and note that it begins
    Gate(gate::Args),
    /// Record what was deployed
    Record(record::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Gate(args) => gate::run(args, request, terminal),
        Command::Record(args) => record::run(args, request, terminal),
    }
}
