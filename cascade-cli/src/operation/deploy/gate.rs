//! `deploy gate`.

use super::Which;
use super::planned::Planned;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::orchestrate::BuildArgs;
use crate::operation::plans;
use crate::run::deployments::Deployment;
use crate::run::{Actions, Change, Outputs, Session, needs};
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::outcome::Results;
use cascade_core::lifecycle::{Operation, StalePlan, Step, begin};
use cascade_core::protocol::output;
use cascade_core::state::Managed;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    built: BuildArgs,
    /// Note in the repository that the deployment begins
    #[arg(long)]
    commit_push: bool,
    /// Write outputs; with `deployments`, tell GitHub that it begins
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let operation = args.which.operation;
    let planned = Planned::read(&session, operation, &args.built)?;
    if let Some(builds) = planned.aborted() {
        return Ok(refuse(builds, terminal));
    }
    let step = planned.plan.step();
    let held = match args.commit_push && !session.dry_run {
        true => note(&session, step, operation),
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
    let document = document(step);
    actions.put_out(&output::DEPLOY_GATE, &plans::outputs(&document))?;
    if args.gha_output {
        match tell(&session, step, operation) {
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
    terminal.out(&json::pretty(&document))?;
    Ok(ExitStatus::Success)
}

/// Returns what is deployed, and the outputs of builds that it is given.
fn document(step: &Step) -> Value {
    json!({ "deploys": step.deploys, "builds": step.build_outputs() })
}

/// Says why nothing is deployed.
fn refuse(builds: &Results, terminal: &Terminal) -> ExitStatus {
    if !needs::tell_missing(builds, terminal) {
        terminal.failure(
            &Failure::new("a callback before the deployment did not succeed: nothing is deployed")
                .help("start the run again once its cause is mended"),
        );
    }
    ExitStatus::No
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
