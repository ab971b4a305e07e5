//! `promote`: one artifact through the environments.

mod finalize;
mod preflight;
mod release;
mod train;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide what moves, and whether it may
    Preflight(preflight::Args),
    /// Publish the release
    Release(release::Args),
    /// Bring releases and tags in step with what was recorded
    Finalize(finalize::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Preflight(args) => preflight::run(args, request, terminal),
        Command::Release(args) => release::run(args, request, terminal),
        Command::Finalize(args) => finalize::run(args, request, terminal),
    }
}

pub(super) use preflight::{Asked, decide};
