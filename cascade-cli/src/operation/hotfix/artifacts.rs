//! `hotfix artifacts`.

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::operation::{orchestrate, plans};
use crate::run::{Actions, Session};
use cascade_core::lifecycle::hotfix::Deployment;
use cascade_core::protocol::output;

pub(super) fn run(
    args: &orchestrate::ArtifactArgs,
    request: &Request,
    terminal: &Terminal,
) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let mut deployment: Deployment = plans::read("hotfix plan")?;
    let (builds, collected) = args.collect(&session, &deployment.run)?;
    deployment.run.step = collected.step.clone();
    orchestrate::put_out(
        (&actions, &output::HOTFIX_ARTIFACTS),
        terminal,
        &plans::value(&deployment),
        (&builds, &collected),
    )
}
