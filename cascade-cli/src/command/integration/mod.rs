//! `integration`: a fork is kept in step with its upstream.

mod finalize;
mod integrate;
mod labels;
mod monitor;
mod scene;
mod sync;
mod text;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Open or refresh the pull request into the mirror, and the issue that tracks it
    Sync(sync::Args),
    /// Merge trunk and the mirror into the integration branch
    Integrate(integrate::Args),
    /// Open the pull request into trunk, or say what failed
    Finalize(finalize::Args),
    /// Watch integrations: complete, start, recover, free, escalate, report
    Monitor(monitor::Args),
    /// Make the labels, with their colours and descriptions
    Labels,
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Sync(args) => sync::run(args, request, terminal),
        Verb::Integrate(args) => integrate::run(args, request, terminal),
        Verb::Finalize(args) => finalize::run(args, request, terminal),
        Verb::Monitor(args) => monitor::run(args, request, terminal),
        Verb::Labels => labels::run(request, terminal),
    }
}
