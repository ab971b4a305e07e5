//! `deploy`: the beginning and the end of the one deploy path.

mod gate;
mod record;

use crate::args::Request;
use crate::error::{Failure, Outcome};
use crate::run::environment::text;
use crate::terminal::Terminal;
use cascade_core::lifecycle::Operation;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Check that the environment still holds what the plan was made for, and note that it begins
    Gate(gate::Args),
    /// Record what was deployed
    Record(record::Args),
}

/// The operation that the workflow deploys for; `orchestrate` by hand.
fn operation() -> Result<Operation, Failure> {
    let Some(word) = text("OPERATION") else {
        return Ok(Operation::Orchestrate);
    };
    word.parse()
        .map_err(|error| Failure::new(format!("the variable OPERATION: {error}")))
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Gate(args) => gate::run(args, request, terminal),
        Verb::Record(args) => record::run(args, request, terminal),
    }
}
