//! `orchestrate finalize`.

use super::{BuildArgs, Built};
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{notify, plans, reconcile};
use crate::run::Releases;
use crate::run::needs;
use crate::run::release_assets::Origin;
use crate::run::{Actions, Change, Outputs, Session};
use cascade_core::lifecycle::external::waiting;
use cascade_core::lifecycle::orchestrate::{Plan, finish};
use cascade_core::lifecycle::outcome::{Job, Outcome, Results};
use cascade_core::manifest::OnFailure;
use cascade_core::pipeline::Component;
use cascade_core::protocol::job;
use cascade_core::protocol::output;
use cascade_core::state::Managed;
use cascade_core::summary::{Move, Summary, Table, moved};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    built: BuildArgs,
    /// How the deployment ended, by hand
    #[arg(long, value_name = "RESULT")]
    deploy_result: Option<String>,
    /// Push the state to the trunk; make tag and release
    #[arg(long)]
    commit_push: bool,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The results of the jobs before.
struct Ends {
    built: Built,
    deployment: Job,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let plan: Plan = plans::read("orchestrate setup")?;
    let ends = ends(args, &session, &plan)?;
    let pulls = plan.only_pulls();
    if plan.dry_run || session.dry_run {
        actions.put_out(&output::ORCHESTRATE_FINALIZE, &arrivals(&session, None))?;
        let says = format!(
            "{} would be recorded and tagged; nothing was.",
            plan.step.version
        );
        actions.summarise(&Summary::new("Orchestrate", "dry run").sentence(says))?;
        return Ok(status(&ends, true));
    }
    let mut store = session.store(args.commit_push)?;
    let written = store.write(|managed| finished(&session, &plan, &ends, managed));
    // Whatever became of this run: others may have died before their tags were made.
    if args.commit_push {
        reconcile::reconcile(&session, &session.store(true)?.read()?)?;
    }
    let (advanced, managed) = written?.value;
    let version = ends.built.collected.step.version.clone();
    let arrivals = arrivals(&session, Some(&managed));
    if pulls {
        actions.put_out(&output::ORCHESTRATE_FINALIZE, &arrivals)?;
        actions.summarise(&Summary::new("Orchestrate", "recorded").sentence(pulled(&plan)))?;
        return Ok(ExitStatus::Success);
    }
    if advanced && args.commit_push {
        attach_files(&session, &plan, (&version, &ends.built.builds), terminal)?;
    }
    // What a run that died did not report, its next attempt does.
    let reports = advanced || session.environment.attempt > 1;
    if reports && args.commit_push {
        report(&session, &actions)?;
    }
    let outputs = Outputs::from_iter([
        ("advanced".to_owned(), advanced.to_string()),
        ("version".to_owned(), version.clone()),
    ]);
    actions.put_out(&output::ORCHESTRATE_FINALIZE, &outputs)?;
    actions.put_out(&output::ORCHESTRATE_FINALIZE, &arrivals)?;
    actions.summarise(&summary(&session, &plan, &ends, advanced))?;
    let stands = if advanced { "recorded" } else { "not complete" };
    terminal.out(&format!(
        "{} {}: {stands}\n",
        plan.step.environment, version
    ))?;
    Ok(status(&ends, advanced))
}

/// Returns the state after the run, and whether the environment advanced.
fn finished(
    session: &Session,
    plan: &Plan,
    ends: &Ends,
    managed: &Managed,
) -> Result<Change<(bool, Managed)>, Error> {
    // The deploy path records what it deploys, and nothing where it is not reached: nobody approved,
    // or the run was cancelled.
    let deployed = !ends.built.collected.step.deploys.is_empty();
    let (component, stamp) = (&session.component, session.stamp());
    let finished = finish(
        &managed.state,
        component,
        &ends.built.collected,
        deployed,
        &stamp,
    )
    .map_err(Failure::from)?;
    let environment = &plan.step.environment;
    let incomplete = if finished.advanced {
        ""
    } else {
        " (incomplete)"
    };
    let message = match plan.only_pulls() {
        true => format!("orchestrate {environment}: {}", pulled(plan)),
        false => format!(
            "orchestrate {environment} {}{incomplete}",
            ends.built.collected.step.version
        ),
    };
    let after = Managed {
        state: finished.state,
        ..managed.clone()
    };
    Ok(Change {
        managed: after.clone(),
        message,
        value: (finished.advanced, after),
    })
}

fn ends(args: &Args, session: &Session, plan: &Plan) -> Result<Ends, Failure> {
    let mut deployment = match session.component.first_environment() {
        Some(first) => needs::job(&job::deploy(first.name.as_str()))?,
        None => Job::default(),
    };
    if let Some(result) = &args.deploy_result {
        deployment.result = result.parse().map_err(Failure::new)?;
    }
    Ok(Ends {
        built: args.built.collect(session, plan)?,
        deployment,
    })
}

/// This run's release files: a run that repairs another one's draft does not have that one's.
pub(crate) fn attach_files(
    session: &Session,
    plan: &Plan,
    (version, builds): (&str, &Results),
    terminal: &Terminal,
) -> Result<(), Failure> {
    let built: Vec<_> = builds
        .iter()
        .filter(|(_, ended)| ended.result.is_success())
        .map(|(name, _)| name.as_str())
        .collect();
    let since = plan
        .since
        .as_ref()
        .map(|released| released.version.as_str());
    let base = plan.step.base.version.as_deref();
    let earlier: Vec<_> = base.into_iter().chain(since).collect();
    let origin = Origin {
        built: &built,
        earlier: &earlier,
    };
    let missing = Releases::new(session)?.attach_files(version, origin)?;
    for name in missing {
        terminal.note(&format!(
            "the release file `{name}` is missing: its build did not run, and no earlier release has it"
        ));
    }
    Ok(())
}

/// Tells the repository that collects versions, if there is one.
fn report(session: &Session, actions: &Actions) -> Result<(), Error> {
    if session.component.notify.is_none() {
        return Ok(());
    }
    let managed = session.store(true)?.read()?;
    match notify::report(session, &managed)? {
        Some(told) => {
            let summary = Summary::new("Notification", "sent").sentence(told.trim_end());
            Ok(actions.summarise(&summary)?)
        }
        None => Ok(()),
    }
}

/// Returns the versions of other repositories that must be deployed now; nothing in a pipeline
/// without such.
fn arrivals(session: &Session, managed: Option<&Managed>) -> Outputs {
    let mut sources = session.component.pulled_by_runs();
    let any = sources.any(|source| source.deploys.iter().any(|each| each.on_update.is_some()));
    let waiting = managed.map(|managed| waiting(&session.component, &managed.state));
    let document = json!({ "deploys": waiting.unwrap_or_default() });
    match any {
        true => plans::outputs(&document),
        false => Outputs::new(),
    }
}

/// The versions of other repositories that are recorded and start nothing.
fn pulled(plan: &Plan) -> String {
    let here = plan.reasons.keys().map(String::as_str);
    let elsewhere = plan.elsewhere.keys().map(String::as_str);
    here.chain(elsewhere).collect::<Vec<_>>().join(", ")
}

/// The job is red if anything failed that must not.
fn status(ends: &Ends, advanced: bool) -> ExitStatus {
    let failed = ends.built.collected.aborted || (ends.deployment.result.is_bad() && !advanced);
    match failed || (!advanced && ends.deployment.result != Outcome::Skipped) {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    }
}

fn summary(session: &Session, plan: &Plan, ends: &Ends, advanced: bool) -> Summary {
    let component = &session.component;
    let stands = match advanced {
        true => "recorded, tagged and drafted",
        false => "not complete",
    };
    let step = &plan.step;
    let mut table = Table::new(["job", "result"]);
    if plan.validate {
        table = table.row(["validate", ends.built.validate.as_str()]);
    }
    for name in &plan.run_builds {
        let result = ends.built.builds.get(name);
        let (result, attempts) = result
            .map(|each| (each.result, each.attempts))
            .unwrap_or_default();
        let how = match result.is_success() {
            true if attempts > 1 => " (rescued by a retry)",
            false if result.is_bad() && continues(component, name) => " (continued)",
            _ => "",
        };
        table = table.row([&format!("build {name}"), &format!("{result}{how}")]);
    }
    let deployed = format!("deploy {}", step.environment);
    Summary::new("Orchestrate", &format!("{} {stands}", step.version))
        .table(table.row([&deployed, ends.deployment.result.as_str()]))
        .picture(moved([Move::of(step, advanced)]))
        .links(session.links().of(step))
}

fn continues(component: &Component, build: &str) -> bool {
    component.builds.iter().any(|each| {
        let callback = &each.callback;
        callback.name.as_str() == build && callback.on_failure == OnFailure::Continue
    })
}
