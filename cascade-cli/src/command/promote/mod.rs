//! `promote`: one artifact through the ladder.

mod finalize;
mod preflight;
mod release;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Decide what moves, and whether it may
    Preflight(preflight::Args),
    /// Publish the release
    Release(release::Args),
    /// Bring releases and tags in step with what was recorded
    Finalize(finalize::Args),
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Preflight(args) => preflight::run(args, request, terminal),
        Verb::Release(args) => release::run(args, request, terminal),
        Verb::Finalize(args) => finalize::run(args, request, terminal),
    }
}

pub(super) use preflight::{Asked, decide};
