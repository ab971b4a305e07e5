//! `hotfix`: a fix from trunk to an environment, without the rest of trunk.

mod apply;
mod dispatch;
mod finalize;
mod plan;
mod text;
mod wanted;

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Session, hotfixes};
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::hotfix;
use cascade_core::lifecycle::hotfix::{Decision, Deployment, Facts, Refusal, deploy, elevate};
use cascade_core::state::Managed;
use cascade_core::summary::Summary;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide which pull requests a fix needs, or what a merged one deploys
    Plan(plan::Args),
    /// Pick the fixes and open the pull requests
    Apply(apply::Args),
    /// Check that a pull request was merged, and start its deployment on the trunk
    Dispatch(dispatch::Args),
    /// Record, tag and release
    Finalize(finalize::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Plan(args) => plan::run(args, request, terminal),
        Command::Apply(args) => apply::run(args, request, terminal),
        Command::Dispatch(args) => dispatch::run(args, request, terminal),
        Command::Finalize(args) => finalize::run(args, request, terminal),
    }
}

pub(super) use apply::{Made, pick, unchanged};
pub(super) use wanted::Wanted;

/// Decides which pull requests are opened.
pub(super) fn opening(
    session: &Session,
    managed: &Managed,
    asked: &hotfix::Request,
) -> Result<Decision, Stopped<Refusal, Failure>> {
    let pulls = match session.github()? {
        Some(github) => hotfixes::all(session, &github)?,
        None => Vec::new(),
    };
    let facts = Facts {
        trunk: &session.trunk_head()?,
        branches: &hotfixes::branches(session)?,
        pulls: &pulls,
    };
    let decision = elevate(
        &session.component,
        &managed.state,
        facts,
        &session.git,
        asked,
    )?;
    if let Decision::Open(elevation) = &decision
        && session.settings.state_token.is_github()
    {
        for step in &elevation.targets {
            refuse_foreign(session, &step.environment, &step.onto)?;
        }
    }
    Ok(decision)
}

/// Plans the deployment of a merge.
pub(super) fn deploying(
    session: &Session,
    managed: &Managed,
    wanted: &Wanted,
    dry_run: bool,
) -> Result<Deployment, Stopped<Refusal, Failure>> {
    let merge = wanted.merge(session, managed)?;
    let deployment = deploy(&session.component, managed, &merge, dry_run, &session.git)?;
    if !session.settings.tags_foreign_workflows() {
        refuse_foreign(session, &merge.environment, &merge.sha)?;
    }
    Ok(deployment)
}

/// Better said before anything is pushed or deployed.
fn refuse_foreign(
    session: &Session,
    environment: &str,
    sha: &str,
) -> Result<(), Stopped<Refusal, Failure>> {
    if !session.environment.in_actions || hotfixes::same_workflows(session, sha)? {
        return Ok(());
    }
    let (environment, sha) = (environment.to_owned(), sha.to_owned());
    Err(Stopped::Refused(Refusal::ForeignWorkflows {
        environment,
        sha,
    }))
}

/// Says why nothing is done.
fn stop(
    actions: &Actions,
    terminal: &Terminal,
    stopped: Stopped<Refusal, Failure>,
) -> CommandResult {
    match stopped {
        Stopped::Refused(refusal) => refuse(actions, terminal, &refusal),
        Stopped::Failed(failure) => {
            actions.refused("Hotfix", &failure);
            Err(failure.into())
        }
    }
}

fn refuse(actions: &Actions, terminal: &Terminal, refusal: &Refusal) -> CommandResult {
    let why = refusal.to_string();
    actions.summarise(&Summary::refused("Hotfix", &why))?;
    if terminal.json() {
        let document = serde_json::json!({ "can_proceed": false, "reason": why });
        terminal.out(&crate::cli::diagnostic::json::pretty(&document))?;
    }
    terminal.failure(&Failure::new(why));
    Ok(ExitStatus::No)
}
