//! `deploy record`.

use super::Which;
use super::planned::Planned;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::finalize::Options;
use crate::operation::orchestrate::BuildArgs;
use crate::operation::plans;
use crate::run::deployments::{self, Deployment};
use crate::run::telemetry::report;
use crate::run::{Actions, Change, Session, needs};
use cascade_core::lifecycle::outcome::{Outcome, Results};
use cascade_core::lifecycle::{self, Operation, Recorded, Step, require_outputs};
use cascade_core::protocol;
use cascade_core::protocol::job;
use cascade_core::protocol::output;
use cascade_core::state::Managed;
use cascade_core::summary::{Move, Summary, Table, moved};
use cascade_core::telemetry::{self, Event, Origin};
use indexmap::IndexMap;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    built: BuildArgs,
    /// GitHub's number of the deployment
    #[arg(long, value_name = "ID", env = protocol::variable::DEPLOYMENT.as_str())]
    deployment: Option<String>,
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.options.gha_output)?;
    let operation = args.which.operation;
    let Planned { plan, .. } = Planned::read(&session, operation, &args.built)?;
    let step = plan.step();
    let by_hand = args.options.deploy_results.as_deref();
    let results = results(&session, step, by_hand)?;
    let gate = match by_hand {
        Some(_) => Outcome::Success,
        None => needs::job(job::GATE)?.result,
    };
    let stamp = session.stamp();
    let deploying = session.deploying(operation, &stamp);
    let ended = lifecycle::Ended {
        gate,
        results: &results,
    };
    let pushes = args.options.commit_push;
    let noted = by_hand.is_none() && pushes && !session.dry_run;
    let change = |managed: &Managed| {
        let component = &session.component;
        let (managed, recorded) = match noted {
            true => plan.record(managed, deploying, component, ended)?,
            false => plan.record_by_hand(managed, deploying, component, ended)?,
        };
        let message = message(operation, step, &recorded);
        let value = recorded;
        Ok(Change {
            managed,
            message,
            value,
        })
    };
    let recorded = match session.dry_run {
        true => change(&session.managed()?)?.value,
        false => session.store(pushes)?.write(change)?.value,
    };
    if pushes && let Err(failure) = tell(args, &session, step, &results, &recorded) {
        terminal.failure(&failure);
    }
    let document = document(&session, &results, &recorded, gate);
    actions.put_out(&output::DEPLOY_RECORD, &plans::outputs(&document))?;
    actions.summarise(&summary(&session, (operation, step), &results, &recorded))?;
    if pushes {
        let advanced = recorded.advanced;
        let ended = telemetry::Deployment::new((operation, step), &results, advanced);
        let event = |origin: Origin<'_>| Event::deployment(origin, ended);
        report(&session, (&actions, terminal), event);
    }
    terminal.out(&json::pretty(&document))?;
    let misses = needs::tell_missing(&results, terminal);
    let refused = recorded
        .refused
        .map(|refused| terminal.failure(&refused.into()));
    Ok(match misses || refused.is_some() {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

/// Tells GitHub how the deployment ended.
fn tell(
    args: &Args,
    session: &Session,
    step: &Step,
    results: &Results,
    recorded: &Recorded,
) -> Result<(), Failure> {
    let failed = results.values().any(|ended| ended.result.is_bad());
    let succeeded = match args.which.operation {
        Operation::Restore => !failed,
        _ => recorded.advanced,
    };
    let begun = args.deployment.as_deref().and_then(|id| id.parse().ok());
    match Deployment::of(session, step, args.which.operation)? {
        Some(deployment) => deployment.end(begun, succeeded, deployments::url(results).as_deref()),
        None => Ok(()),
    }
}

fn document(session: &Session, results: &Results, recorded: &Recorded, gate: Outcome) -> Value {
    let restore = recorded.restore.as_ref().filter(|_| !session.dry_run);
    let failed = results.values().any(|ended| ended.result.is_bad());
    let advanced = match session.dry_run {
        true => gate.is_success() && !failed,
        false => recorded.advanced,
    };
    json!({
        "results": results,
        "restore": restore.map_or_else(|| "".into(), plans::value),
        "advanced": advanced,
    })
}

/// Returns the outcomes of the planned deploys.
fn results(session: &Session, step: &Step, by_hand: Option<&str>) -> Result<Results, Failure> {
    if let Some(text) = by_hand {
        return needs::by_hand(text);
    }
    let mut results = IndexMap::new();
    for callback in session.component.deploy_callbacks() {
        let name = callback.name.to_string();
        if step.deploys.contains_key(&name) {
            let id = job::deploy(&name);
            let strategy = session.component.strategy_of(&name);
            let staged = !step.deploys[&name].strategy.is_empty();
            let targeted = session.component.target_of(&name).is_some();
            let ended = match strategy.filter(|_| staged) {
                Some(strategy) => needs::rollout(&id, strategy, callback.retries)?,
                None if targeted => needs::target(callback)?,
                None => needs::attempts(&id, callback.retries)?,
            };
            results.insert(name, ended);
        }
    }
    require_outputs(&session.component, &mut results);
    Ok(results)
}

fn message(operation: Operation, step: &Step, recorded: &Recorded) -> String {
    let what = match (&recorded.refused, recorded.advanced) {
        (Some(_), _) => " (in doubt)",
        (None, true) => "",
        (None, false) => " (incomplete)",
    };
    format!("{operation} {} {}{what}", step.environment, step.version)
}

fn summary(
    session: &Session,
    (operation, step): (Operation, &Step),
    results: &Results,
    recorded: &Recorded,
) -> Summary {
    let outcome = match (session.dry_run, recorded.advanced) {
        (true, _) => "dry run, nothing recorded",
        (_, true) => "recorded",
        (_, false) => "not complete",
    };
    let rows = results.iter().map(|(name, result)| {
        let planned = step.deploys.get(name);
        let version = planned.map_or("", |planned| planned.version.as_str());
        let how = match (result.result.is_success(), result.attempts) {
            (true, 2..) => "rescued by a retry",
            _ if !result.missing.is_empty() => "deployed without an output that is read",
            _ if result.rolled_back => "rolled back",
            _ if continues(session, name) && result.result.is_bad() => "failed, continued",
            _ => result.result.as_str(),
        };
        let attempts = result.attempts.to_string();
        [name.clone(), version.to_owned(), how.to_owned(), attempts]
    });
    let done = recorded.advanced && !session.dry_run;
    let movement = Move::by(operation, step, done);
    let subject = &step.environment;
    Summary::new(subject, &format!("{} ({outcome})", step.version))
        .table(Table::new(["deploy", "version", "result", "attempts"]).rows(rows))
        .picture(moved([movement]))
        .links(session.links().of(step))
}

fn continues(session: &Session, name: &str) -> bool {
    use cascade_core::manifest::OnFailure;
    let mut deploys = session.component.deploys.iter();
    deploys.any(|deploy| {
        deploy.callback.name.as_str() == name && deploy.callback.on_failure == OnFailure::Continue
    })
}
