//! `integration`: a fork is kept in step with its upstream.

mod finalize;
mod integrate;
mod labels;
mod monitor;
mod scene;
mod sync;
mod text;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
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

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("integration")?;
    match command {
        Command::Sync(args) => sync::run(args, request, terminal),
        Command::Integrate(args) => integrate::run(args, request, terminal),
        Command::Finalize(args) => finalize::run(args, request, terminal),
        Command::Monitor(args) => monitor::run(args, request, terminal),
        Command::Labels => labels::run(request, terminal),
    }
}
