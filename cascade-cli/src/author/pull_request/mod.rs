//! `pull-request`: what reviewers should know, told where a token may say it.

mod adopt;
mod check;
mod comment;
pub(crate) mod folder;
mod followed;
mod preview;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify the generated files and lint the pipeline, with a report
    Check(check::Args),
    /// Show what a merge would build, deploy and release
    Preview(preview::Args),
    /// Comment what a check of a pull request reported
    #[command(subcommand)]
    Comment(comment::What),
    /// Adopt the pins that a bot's pull request brings
    Adopt(adopt::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Check(args) => check::run(args, request, terminal),
        Command::Preview(args) => preview::run(args, request, terminal),
        Command::Comment(what) => comment::run(what, request, terminal),
        Command::Adopt(args) => adopt::run(args, request, terminal),
    }
}
