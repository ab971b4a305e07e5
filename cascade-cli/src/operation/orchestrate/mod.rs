//! `orchestrate`: trunk to the first environment.

mod built;
mod describe;
mod finalize;
mod setup;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide what runs, and which version it gets
    Setup(setup::Args),
    /// Record, tag, draft the release, notify
    Finalize(finalize::Args),
    /// Write the changelog of a callback into the draft
    Describe(describe::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Setup(args) => setup::run(args, request, terminal),
        Command::Describe(args) => describe::run(args, request, terminal),
        Command::Finalize(args) => finalize::run(args, request, terminal),
    }
}

pub(super) use built::{BuildArgs, Built};
pub(super) use finalize::attach_files;
pub(super) use setup::recorded;
