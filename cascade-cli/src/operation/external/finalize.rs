//! `external finalize`.

use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::runner::variable;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::actions::{cell, plain};
use crate::run::{Actions, Change, Session, needs};
use cascade_core::lifecycle::external::{Arrival, Arrivals, finish};
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::protocol;
use cascade_core::protocol::job;
use cascade_core::state::Managed;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How the deployments ended, by hand: `models:success,cdk:failure`
    #[arg(long, value_name = "RESULTS")]
    deploy_results: Option<String>,
    /// Commit the state and push it to its branch
    #[arg(long)]
    commit_push: bool,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let arrivals: Arrivals = plans::read_json(protocol::variable::DEPLOYS)?;
    let by_hand = args.deploy_results.as_deref().map(needs::by_hand);
    let by_hand = by_hand.transpose()?;
    let mut text = "### Deployed versions of other repositories\n\n\
         | name | environment | version | result |\n|---|---|---|---|\n"
        .to_owned();
    let mut done = Vec::new();
    let mut failed = false;
    for (name, arrival) in &arrivals {
        let result = ended(by_hand.as_ref(), name)?;
        failed |= !result.is_success();
        if result.is_success() {
            done.push((name.as_str(), arrival));
        }
        text.push_str(&format!(
            "| {} | {} | {} | {result} |\n",
            cell(name),
            cell(&arrival.environment),
            cell(&arrival.planned.version)
        ));
    }
    if let Some(names) = variable(protocol::variable::FAILED) {
        failed = true;
        text.push_str(&format!("\nNot found out: {}.\n", plain(&names)));
    }
    if !session.dry_run {
        record(&session, &done, args.commit_push)?;
    }
    if done.len() < arrivals.len() {
        text.push_str("\nWhat failed is recorded as not deployed; it is deployed when its version is reported or resolved again.\n");
    }
    actions.summarise(&text)?;
    let count = done.len();
    terminal.out(&format!("{count} of {} deployed\n", arrivals.len()))?;
    Ok(match failed {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

fn ended(by_hand: Option<&Results>, name: &str) -> Result<Outcome, crate::cli::error::Failure> {
    match by_hand {
        Some(results) => Ok(results
            .get(name)
            .map_or(Outcome::Skipped, |each| each.result)),
        None => Ok(needs::job(&job::external_deploy(name))?.result),
    }
}

fn record(
    session: &Session,
    done: &[(&str, &Arrival)],
    push: bool,
) -> Result<(), crate::cli::error::Error> {
    if done.is_empty() {
        return Ok(());
    }
    let stamp = session.stamp();
    let names: Vec<String> = done
        .iter()
        .map(|(name, arrival)| {
            format!("{} {name} {}", arrival.environment, arrival.planned.version)
        })
        .collect();
    session.store(push)?.write(|managed| {
        let mut state = managed.state.clone();
        for (name, arrival) in done {
            let place = (arrival.environment.as_str(), *name);
            let what = (
                arrival.planned.sha.as_str(),
                arrival.planned.version.as_str(),
            );
            (state, _) = finish(&state, place, what, &stamp);
        }
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("external deployed {}", names.join(", ")),
            value: (),
        })
    })?;
    Ok(())
}
