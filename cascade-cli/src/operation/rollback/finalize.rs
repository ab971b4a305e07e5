//! `rollback finalize`.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::finalize::{Ending, Options};
use crate::operation::plans;
use crate::run::{Actions, Change, Session};
use cascade_core::lifecycle::outcome::{self, Results};
use cascade_core::lifecycle::rollback::{Plan, record};
use cascade_core::lifecycle::{Ended, Operation, begin};
use cascade_core::state::Managed;
use cascade_core::summary::{Origin, Summary};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.options.gha_output)?;
    let plan: Plan = plans::read("rollback preflight")?;
    let step = &plan.step;
    if session.dry_run {
        let summary = Summary::new("Rollback", "dry run");
        actions.summarise(&summary.sentence("Nothing was deployed or recorded."))?;
        return Ok(ExitStatus::Success);
    }
    let by_hand = args.options.by_hand()?;
    let records =
        by_hand.is_some() || step.deploys.is_empty() || !session.component.deploys_anything();
    let done = match records {
        true => write(
            &session,
            &plan,
            &by_hand.unwrap_or_default(),
            args.options.commit_push,
        )?,
        // The deploy path recorded it.
        false => plan.landed(&session.store(args.options.commit_push)?.read()?.state),
    };
    let text = match done {
        true => format!("It holds {} now.", step.version),
        false => "A deploy failed; those that succeeded are recorded. Roll back again to deploy what is missing.".to_owned(),
    };
    let ending = Ending {
        operation: "Rollback",
        step,
        done,
        text,
        origin: Origin::Itself,
    };
    ending.tell(&session, &actions, terminal)
}

fn write(
    session: &Session,
    plan: &Plan,
    results: &Results,
    push: bool,
) -> Result<bool, crate::cli::error::Error> {
    let stamp = session.stamp();
    let written = session.store(push)?.write(|managed| {
        let deploying = session.deploying(Operation::Rollback, &stamp);
        let begun = begin(&managed.state, &plan.step, deploying).map_err(Failure::from)?;
        let ended = Ended {
            gate: outcome::Outcome::Success,
            results,
        };
        let recorded =
            record(&begun, plan, deploying, &session.component, ended).map_err(Failure::from)?;
        let done = recorded.advanced;
        Ok(Change {
            managed: Managed {
                state: recorded.state,
                ..managed.clone()
            },
            message: format!("rollback {} {}", plan.step.environment, plan.step.version),
            value: done,
        })
    })?;
    Ok(written.value)
}
