//! `rollout`: the stages of a canary or a switch.

mod bake;
mod record;
mod unfinished;
mod wave;

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Record that a wave begins
    Record(record::Args),
    /// Wait while a wave is watched
    Bake(bake::Args),
    /// Go on with a rollout whose run died: its failed jobs are run again
    Resume(unfinished::Args),
    /// Give a rollout up: what is recorded is deployed again, to everybody
    Abort(unfinished::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Record(args) => record::run(args, request, terminal),
        Command::Bake(args) => bake::run(args, request, terminal),
        Command::Resume(args) => unfinished::resume(args, request, terminal),
        Command::Abort(args) => unfinished::abort(args, request, terminal),
    }
}
