//! `orchestrate`: trunk to the first environment.

mod artifacts;
mod finalize;
mod jobs;
mod setup;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Decide what runs, and which version it gets
    Setup(setup::Args),
    /// Put together what was built, before it is deployed
    Artifacts(artifacts::Args),
    /// Record, tag, draft the release, notify
    Finalize(finalize::Args),
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Setup(args) => setup::run(args, request, terminal),
        Verb::Artifacts(args) => artifacts::run(args, request, terminal),
        Verb::Finalize(args) => finalize::run(args, request, terminal),
    }
}

pub(super) use artifacts::{Args as ArtifactArgs, BuildArgs, put_out};
pub(super) use finalize::attach_files;
pub(super) use setup::recorded;
