//! `rollout`: the stages of a canary or a switch.

mod bake;
mod record;
mod unfinished;
mod wave;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Record that a wave begins
    Record(record::Args),
    /// Wait while a wave is watched
    Bake(bake::Args),
    /// Go on with a rollout whose run died: its failed jobs are run again
    Resume(unfinished::Args),
    /// Give a rollout up: what is recorded is deployed again, to everybody
    Abort(unfinished::Args),
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Record(args) => record::run(args, request, terminal),
        Verb::Bake(args) => bake::run(args, request, terminal),
        Verb::Resume(args) => unfinished::resume(args, request, terminal),
        Verb::Abort(args) => unfinished::abort(args, request, terminal),
    }
}
