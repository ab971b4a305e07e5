//! `deploy`: the beginning and the end of the one deploy path.

mod gate;
mod record;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Check that the environment still holds what the plan was made for
    Gate(gate::Args),
    /// Record what was deployed
    Record(record::Args),
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Gate(args) => gate::run(args, request, terminal),
        Verb::Record(args) => record::run(args, request, terminal),
    }
}
