//! `promote finalize`.

use super::train;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{plans, reconcile};
use crate::run::{Actions, Change, Session, hotfixes, needs};
use cascade_core::lifecycle::outcome::{Attempted, Outcome, Results};
use cascade_core::lifecycle::promote::{self, Plan};
use cascade_core::lifecycle::{self, Operation, record};
use cascade_core::pipeline::Component;
use cascade_core::protocol::job;
use cascade_core::state::Managed;
use cascade_core::summary::{Move, Summary, Table, moved};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How the promotion ended, by hand
    ///
    /// Without it the jobs of the workflow say it.
    #[arg(long, value_name = "RESULT")]
    promotion_result: Option<String>,
    /// The repository; by default GITHUB_REPOSITORY
    #[arg(long, hide = true, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// Bring releases and tags in step
    #[arg(long)]
    commit_push: bool,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The outcome of one step of a promotion.
struct Step {
    name: String,
    version: String,
    result: Outcome,
    done: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = &Session::open(request, terminal)?.in_repository(args.repo.clone());
    let actions = Actions::new(args.gha_output)?;
    let plan: Plan = plans::read("promote preflight")?;
    if plan.dry_run || session.dry_run {
        actions.summarise(
            &Summary::new("Promote", "dry run")
                .sentence("Nothing was deployed, recorded or released."),
        )?;
        return Ok(ExitStatus::Success);
    }
    if !session.component.deploys_anything() {
        record_steps(session, &plan, args)?;
    }
    let managed = session.store(args.commit_push)?.read()?;
    let steps = steps(&plan, &managed, args)?;
    if args.commit_push {
        reconcile::reconcile(session, &managed)?;
        reconcile::tidy(session, &managed)?;
        for failure in hotfixes::forget(session, &plan.steps, &managed.state)? {
            terminal.failure(&failure);
        }
    }
    let published = published(&session.component)?;
    let complete = steps.iter().all(|step| step.done) && !published.result.is_bad();
    actions.summarise(&summary(session, &plan, (&steps, &published), complete))?;
    if complete && args.commit_push {
        for name in train::follow(session, &plan)? {
            let summary = Summary::new("Promote", &format!("{name} follows"));
            actions
                .summarise(&summary.sentence(format!("The linked component {name} follows.")))?;
            terminal.out(&format!("the linked component {name} follows\n"))?;
        }
    }
    for step in &steps {
        let stands = if step.done { "done" } else { "not done" };
        terminal.out(&format!("{} {}: {stands}\n", step.name, step.version))?;
    }
    Ok(match complete {
        true => ExitStatus::Success,
        false => ExitStatus::No,
    })
}

/// Without deploys there is no deployment that would have recorded.
fn record_steps(
    session: &Session,
    plan: &Plan,
    args: &Args,
) -> Result<(), crate::cli::error::Error> {
    let stamp = session.stamp();
    for step in &plan.steps {
        session.store(args.commit_push)?.write(|managed| {
            let ended = lifecycle::Ended {
                gate: Outcome::Success,
                results: &Results::new(),
            };
            let deploying = session.deploying(Operation::Promote, &stamp);
            let recorded = record(&managed.state, step, deploying, &session.component, ended)
                .map_err(Failure::from)?;
            Ok(Change {
                managed: Managed {
                    state: recorded.state,
                    ..managed.clone()
                },
                message: format!("promote {} {}", step.environment, step.version),
                value: (),
            })
        })?;
    }
    Ok(())
}

fn steps(plan: &Plan, managed: &Managed, args: &Args) -> Result<Vec<Step>, Failure> {
    let by_hand = args
        .promotion_result
        .as_deref()
        .map(str::parse::<Outcome>)
        .transpose();
    let by_hand = by_hand.map_err(Failure::new)?;
    let step = |step: &promote::Entry<'_>| {
        let job = match step {
            promote::Entry::Step(step) => job::deploy(&step.environment),
            promote::Entry::Release(_) => job::RELEASE.to_owned(),
        };
        let job = needs::job(&job)?.result;
        Ok(Step {
            name: step.place().to_owned(),
            version: step.version().to_owned(),
            result: by_hand.unwrap_or(job),
            done: step.is_done(&managed.state, job),
        })
    };
    plan.entries().iter().map(step).collect()
}

/// Returns the outcome of the publish callback, over all builds.
fn published(component: &Component) -> Result<Attempted, Failure> {
    match &component.publish {
        Some(callback) => needs::attempts("publish", callback.retries),
        None => Ok(Attempted::default()),
    }
}

fn summary(
    session: &Session,
    plan: &Plan,
    (steps, published): (&[Step], &Attempted),
    complete: bool,
) -> Summary {
    let title = if complete { "done" } else { "stopped" };
    let mut table = Table::new(["to", "version", "result", "recorded"]);
    for step in steps {
        let recorded = match (step.done, step.result) {
            (true, Outcome::Failure) => "yes, a failure was rescued or continued",
            (true, _) => "yes",
            (false, _) => "no",
        };
        table = table.row([&step.name, &step.version, step.result.as_str(), recorded]);
    }
    if published.result != Outcome::Skipped {
        let rescued = match published.result.is_success() && published.attempts > 1 {
            true => " (rescued by a retry)",
            false => "",
        };
        let result = format!("{}{rescued}", published.result);
        table = table.row(["publish", "", &result, ""]);
    }
    let done = |name: &str| steps.iter().any(|step| step.name == name && step.done);
    let links = session.links();
    let moves = plan.steps.iter();
    let moves = moves.map(|step| Move::of(step, done(&step.environment)));
    let released = plan.release.as_ref().filter(|_| complete);
    Summary::new("Promote", title)
        .table(table)
        .picture(moved(moves))
        .links(plan.steps.iter().flat_map(|step| links.of(step)))
        .links(released.and_then(|release| links.release(&release.version)))
}
