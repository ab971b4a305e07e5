//! `deploy`: the beginning and the end of the one deploy path, and changes of targets between.

mod change_target;
mod gate;
mod planned;
mod record;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use cascade_core::lifecycle::Operation;
use cascade_core::protocol;
use clap::Subcommand;

/// The operation that a deployment belongs to.
#[derive(Debug, clap::Args)]
struct Which {
    /// The operation
    #[arg(
        long,
        value_name = "OPERATION",
        env = protocol::variable::OPERATION.as_str(),
        default_value_t = Operation::Orchestrate
    )]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check that the environment still holds what the plan was made for, and note that it begins
    Gate(gate::Args),
    /// Change the repository that a deployment targets
    Target(change_target::Args),
    /// Record what was deployed
    Record(record::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Gate(args) => gate::run(args, request, terminal),
        Command::Target(args) => change_target::run(args, request, terminal),
        Command::Record(args) => record::run(args, request, terminal),
    }
}
