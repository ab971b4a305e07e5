//! `deploy`: the beginning and the end of the one deploy path.

mod gate;
mod record;

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner::variable;
use crate::cli::terminal::Terminal;
use cascade_core::lifecycle::Operation;
use cascade_core::protocol;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check that the environment still holds what the plan was made for, and note that it begins
    Gate(gate::Args),
    /// Record what was deployed
    Record(record::Args),
}

/// The operation that the workflow deploys for; `orchestrate` by hand.
fn operation() -> Result<Operation, Failure> {
    let Some(word) = variable(protocol::variable::OPERATION) else {
        return Ok(Operation::Orchestrate);
    };
    word.parse()
        .map_err(|error| Failure::new(format!("the variable OPERATION: {error}")))
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Gate(args) => gate::run(args, request, terminal),
        Command::Record(args) => record::run(args, request, terminal),
    }
}
