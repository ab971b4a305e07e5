//! `deploy gate`.

use super::Which;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::deployments::Deployment;
use crate::run::{Actions, Change, Outputs, Session};
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::{Operation, StalePlan, Step, begin};
use cascade_core::protocol::output;
use cascade_core::state::Managed;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Note in the repository that the deployment begins
    #[arg(long)]
    commit_push: bool,
    /// Tell GitHub that it begins, and write its number for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let operation = args.which.operation;
    let step: Step = plans::read("orchestrate setup")?;
    let held = match args.commit_push && !session.dry_run {
        true => note(&session, &step, operation),
        false => step
            .holds(&session.managed()?.state)
            .map_err(Stopped::Refused),
    };
    match held {
        Ok(()) => {}
        Err(Stopped::Failed(error)) => return Err(error),
        Err(Stopped::Refused(stale)) => {
            terminal.failure(&stale.into());
            return Ok(ExitStatus::No);
        }
    }
    terminal.note(&format!("{} still holds {}", step.environment, step.base));
    if args.gha_output {
        match tell(&session, &step, operation) {
            Ok(id) => {
                let id = id.map_or_else(String::new, |id| id.to_string());
                actions.put_out(
                    &output::DEPLOY_GATE,
                    &Outputs::from_iter([("deployment".to_owned(), id)]),
                )?;
            }
            // Nobody's deployment waits for a record of it.
            Err(failure) => terminal.failure(&failure),
        }
    }
    Ok(ExitStatus::Success)
}

fn tell(session: &Session, step: &Step, operation: Operation) -> Result<Option<u64>, Failure> {
    match Deployment::of(session, step, operation)? {
        Some(deployment) => deployment.begin(),
        None => Ok(None),
    }
}

/// Notes that the deployment begins, if its plan still holds.
fn note(
    session: &Session,
    step: &Step,
    operation: Operation,
) -> Result<(), Stopped<StalePlan, Error>> {
    let stamp = session.stamp();
    let written = session.store(true)?.write(|managed| {
        let begun = begin(&managed.state, step, session.deploying(operation, &stamp));
        let (state, value) = match begun {
            Ok(state) => (state, Ok(())),
            Err(stale) => (managed.state.clone(), Err(stale)),
        };
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("{operation} {} {} begins", step.environment, step.version),
            value,
        })
    })?;
    written.value.map_err(Stopped::Refused)
}
