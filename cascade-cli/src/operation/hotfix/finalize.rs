//! `hotfix finalize`.

use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::finalize::{Ending, Options};
use crate::operation::{orchestrate, plans, reconcile};
use crate::run::actions::plain;
use crate::run::{Actions, Change, Session};
use cascade_core::lifecycle::hotfix::{Deployment, record};
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::lifecycle::{self, Operation, begin};
use cascade_core::state::Managed;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    built: orchestrate::BuildArgs,
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.options.gha_output)?;
    let mut deployment: Deployment = plans::read("hotfix plan")?;
    let built = args.built.collect(&session, &deployment.run)?;
    deployment.run.step = built.collected.step;
    if deployment.run.dry_run || session.dry_run {
        actions
            .summarise("### Hotfix: dry run\n\nNothing was deployed, recorded or released.\n")?;
        return Ok(ExitStatus::Success);
    }
    let by_hand = args.options.by_hand()?;
    let step = &deployment.run.step;
    let records = by_hand.is_some() || step.deploys.is_empty();
    let done = match records {
        true => write(
            &session,
            &deployment,
            &by_hand.unwrap_or_default(),
            args.options.commit_push,
        )?,
        // The deploy path recorded it.
        false => step.landed(&session.store(args.options.commit_push)?.read()?.state),
    };
    if done && args.options.commit_push {
        let managed = session.store(true)?.read()?;
        // A release that a dead run left has files that this one does not know.
        if !deployment.is_recorded() {
            reconcile::draft_hotfixes(&session, &managed)?;
            let version = &deployment.run.step.version;
            orchestrate::attach_files(
                &session,
                &deployment.run,
                (version, &built.builds),
                terminal,
            )?;
        }
        reconcile::hotfixes(&session, &managed)?;
    }
    let text = match done {
        true => format!("It holds {} now, tagged and released.", plain(&step.version)),
        false => "A build or deploy failed; nothing was recorded but deploys that succeeded. Run it again once the cause is mended.".to_owned(),
    };
    let ending = Ending {
        operation: "Hotfix",
        step,
        done,
        text,
    };
    ending.tell(&actions, terminal)
}

fn write(
    session: &Session,
    deployment: &Deployment,
    results: &Results,
    push: bool,
) -> Result<bool, Error> {
    let stamp = session.stamp();
    let step = &deployment.run.step;
    let written = session.store(push)?.write(|managed| {
        let deploying = session.deploying(Operation::Hotfix, &stamp);
        let begun = Managed {
            state: begin(&managed.state, step, deploying).map_err(Failure::from)?,
            ..managed.clone()
        };
        let ended = lifecycle::Ended {
            gate: Outcome::Success,
            results,
        };
        let (managed, recorded) = record(&begun, deployment, deploying, &session.component, ended)
            .map_err(Failure::from)?;
        Ok(Change {
            managed,
            message: format!("hotfix {} {}", step.environment, step.version),
            value: recorded.advanced,
        })
    })?;
    Ok(written.value)
}
