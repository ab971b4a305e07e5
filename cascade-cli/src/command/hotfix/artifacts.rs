//! `hotfix artifacts`.

use crate::args::Request;
use crate::command::{orchestrate, plans};
use crate::error::Outcome;
use crate::run::{Actions, Session};
use crate::terminal::Terminal;
use cascade_core::lifecycle::hotfix::Deployment;

pub(super) use orchestrate::ArtifactArgs as Args;

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let mut deployment: Deployment = plans::read("PLAN")?;
    let (builds, collected) = args.collect(&session, &deployment.run)?;
    deployment.run.stage = collected.stage.clone();
    orchestrate::put_out(
        &actions,
        terminal,
        &plans::value(&deployment),
        (&builds, &collected),
    )
}
